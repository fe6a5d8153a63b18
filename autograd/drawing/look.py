"""What a picture looks like, wherever it is drawn: colours by kind, and the words of a box in the order they stand."""

from __future__ import annotations

from .figures import milliseconds
from .labels import bytes_label
from .picture import LEAVES, Box, Kind, Parameter, Picture

__all__ = [
    "COLOURS",
    "INK",
    "LINE",
    "PALE_INK",
    "WIDEST",
    "WIDEST_LINE",
    "clipped",
    "details",
    "kinds_in",
    "shown_title",
    "tooltip",
    "words",
]

# Every text stands on its box's own colour and lines are a middle grey, so that the page may be light or dark.
INK, PALE_INK, LINE = "#0f172a", "#475569", "#8492a6"

COLOURS = {  # inside, border
    Kind.INPUT: ("#cffafe", "#06b6d4"),
    Kind.PARAMETER: ("#dbeafe", "#60a5fa"),
    Kind.CONSTANT: ("#fef3c7", "#fbbf24"),
    Kind.ELEMENTWISE: ("#ffffff", "#94a3b8"),
    Kind.LINEAR: ("#ddd6fe", "#8b5cf6"),
    Kind.CONVOLUTION: ("#fae8ff", "#d946ef"),
    Kind.SHAPE: ("#e2e8f0", "#94a3b8"),
    Kind.REDUCTION: ("#ffedd5", "#fb923c"),
    Kind.LOSS: ("#fecdd3", "#f43f5e"),
    Kind.OPERATION: ("#ffffff", "#475569"),
    Kind.MODULE: ("#dcfce7", "#22c55e"),
}

WIDEST, WIDEST_LINE = 40, 56  # characters in the title of a box, with its array, and in another line
_MOST_PARAMETERS = 4  # of a module; more are counted


def kinds_in(picture: Picture) -> list[Kind]:
    """The kinds that a legend has to explain, in its order."""
    found = {box.kind for box in picture.boxes}
    return [kind for kind in Kind if kind in found]


def shown_title(picture: Picture, box: Box) -> str:
    """A box's title, where a name inside of a module goes without the module's; before it, when the walk comes by."""
    title = box.title
    if box.group is not None and box.kind in LEAVES:
        title = title.removeprefix(f"{picture.groups[box.group].name}.")
    if not picture.backward or box.step is None:
        return title
    first, last = box.step
    return f"{first if first == last else f'{first}–{last}'}  ∂ {title}"


def words(box: Box, memory: bool) -> list[str]:
    """The lines below the title and the array: what it says, a module's parameters, and what was measured."""
    shown = [*box.lines]
    if len(box.parameters) > _MOST_PARAMETERS:
        shown.append(f"{len(box.parameters)} parameters")
    elif box.parameters:
        described = [_described(parameter, box) for parameter in box.parameters]
        together = ", ".join(described)
        shown += [together] if len(together) <= WIDEST else described
    shown += box.figures.lines()
    if memory and box.saves:
        shown.append(f"saves {', '.join(box.saves)}")
    return shown


def _described(parameter: Parameter, box: Box) -> str:
    """`weight [10, 84]`, with a dtype only if that is another than the result's."""
    array, gradient = parameter.array, parameter.figures.gradient
    dtype = box.array.partition("[")[0]
    norm = "" if gradient is None else f" ‖g‖ {gradient.norm:.3g}"
    return f"{parameter.name} {array.removeprefix(dtype)}{norm}"


def details(box: Box) -> list[tuple[str, str] | tuple[str, str, bool]]:
    """Everything that is known of a box, by what it is; with True for what is code."""
    rows: list[tuple[str, str] | tuple[str, str, bool]] = [("kind", box.kind.value), ("result", box.array)]
    if box.kind in LEAVES:
        rows[1] = ("array", box.array)
        rows.append(("tracked", "no" if box.step is None else "yes"))
    rows += [("with", line) for line in box.lines]
    rows += [("parameter", _described(parameter, box)) for parameter in box.parameters]
    figures = box.figures
    if figures.values is not None or not figures.kept:
        rows.append(("values", "not kept" if figures.values is None else str(figures.values)))
    if figures.gradient is not None:
        rows.append(("gradient", f"norm {figures.gradient.norm:.4g}; {figures.gradient}"))
    if figures.forward is not None:
        rows.append(("forward", f"{milliseconds(figures.forward)} ms"))
    if figures.backward is not None:
        rows.append(("backward", f"{milliseconds(figures.backward)} ms"))
    if figures.bytes:
        rows.append(("memory", bytes_label(figures.bytes)))
    if box.saves:
        rows.append(("saves", ", ".join(box.saves)))
    if box.kernel:
        rows.append(("one kernel", ", ".join(box.kernel)))
    rows += [(f"rule for {argument}", rule, True) for argument, rule in box.rules]
    if box.place:
        rows.append(("called at", box.place))
    return rows


def tooltip(box: Box) -> str:
    """What is known of a box in one line: its words, and where in the user's program it was made."""
    told = [box.title, *words(box, True), box.array]
    if box.kind in LEAVES:
        told.append("not tracked" if box.step is None else "tracked")
    if box.kernel:
        told.append(f"one kernel: {', '.join(box.kernel)}")
    if box.place:
        told.append(f"called at {box.place}")
    return "; ".join(told)


def clipped(text: str, widest: int = WIDEST) -> str:
    """Text with an ellipsis in its middle if it is too wide: both ends of a dotted name matter."""
    half = (widest - 1) // 2
    return text if len(text) <= widest else f"{text[:half]}…{text[-half:]}"
