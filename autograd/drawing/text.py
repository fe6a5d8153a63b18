"""The picture as text for a terminal: a line for each box, in the order of computing, and modules as a tree."""

from __future__ import annotations

from collections import Counter, defaultdict

from .look import clipped, shown_title
from .picture import LEAVES, Box, Kind, Picture

__all__ = ["text"]

_WIDEST_NAME, _WIDEST_CALL, _MOST_SOURCES = 48, 90, 6


def text(picture: Picture, memory: bool) -> str:
    """One line a box, `name = operation(arguments)  result`, with what was measured behind it."""
    titles = _titles(picture)
    sources: dict[int, list[str]] = defaultdict(list)
    for arrow in picture.arrows:
        sources[arrow.target].append(titles[arrow.source])
    rows: list[tuple[str, str, str]] = []
    inside: list[int] = []
    for number in _in_order(picture):
        box = picture.boxes[number]
        around = picture.around(box.group)
        rows += [(head, "", "") for head in _heads(picture, inside, around)]
        inside, start = around, "│ " * len(around)
        if picture.backward:
            rows.append((start + _printable(shown_title(picture, box)), box.array, "; ".join(box.figures.lines())))
            rows += [(f"{start}    {_printable(line)}", "", "") for line in box.lines]
        else:
            rows.append((start + _call(box, titles[number], sources[number]), box.array, _notes(box, memory)))
    wide = min(max(len(first) for first, second, _ in rows if second), _WIDEST_CALL)
    broad = max(len(second) for _, second, _ in rows)
    lines = [f"{first:<{wide}}  {second:<{broad}}  {third}".rstrip() for first, second, third in rows]
    return "\n".join([*lines, *picture.notes])


def _heads(picture: Picture, inside: list[int], around: list[int]) -> list[str]:
    """A line for each module that begins between two boxes."""
    same = 0
    while same < min(len(inside), len(around)) and inside[same] == around[same]:
        same += 1
    return ["│ " * depth + "┌ " + _printable(picture.title_of(around[depth])) for depth in range(same, len(around))]


def _in_order(picture: Picture) -> list[int]:
    """Boxes as they were computed; what is given stands before the first use, or before the module that is in."""
    first_inside: dict[int, int] = {}
    operations = [number for number, box in enumerate(picture.boxes) if box.kind not in LEAVES]
    for number in operations:
        for group in picture.around(picture.boxes[number].group):
            first_inside.setdefault(group, number)
    before: dict[int, dict[int, None]] = defaultdict(dict)
    for arrow in sorted(picture.arrows, key=lambda arrow: arrow.target):
        source, target = (picture.boxes[number] for number in (arrow.source, arrow.target))
        if source.kind in LEAVES:
            entered = picture.around(target.group)[len(picture.around(source.group)) :]
            before[first_inside[entered[0]] if entered else arrow.target][arrow.source] = None
    order: dict[int, None] = {}
    for number in operations:
        order.update(before[number])
        order[number] = None
    order.update(dict.fromkeys(range(len(picture.boxes))))  # a leaf may be all there is
    return [*order]


def _titles(picture: Picture) -> list[str]:
    """By which name others refer to a box: of several with one name, modules by their whole name, others by number."""
    names = []
    for box in picture.boxes:
        title = shown_title(picture, box)
        names.append(title.partition(" = ")[0] if " = " in title else title.partition(": ")[0])
    several = {name for name, count in Counter(names).items() if count > 1}
    seen: Counter[str] = Counter()
    for i, box in enumerate(picture.boxes):
        name = names[i]
        if name in several and (box.group is None or box.kind is not Kind.PARAMETER):
            seen[name] += 1
            names[i] = box.name or f"{name}#{seen[name]}"
    return [*map(_printable, names)]


def _call(box: Box, name: str, sources: list[str]) -> str:
    if box.kind in LEAVES:
        return clipped(f"{name}  ({box.kind.value})", _WIDEST_NAME)
    title = _printable(box.title)
    operation = title.partition(" = ")[2] or title.partition(": ")[2] or title
    shown = sources if len(sources) <= _MOST_SOURCES else [*sources[:_MOST_SOURCES], "…"]
    call = f"{clipped(operation)}({', '.join([*shown, *map(_printable, box.lines)])})"
    mark = " ←" if box.output else ""
    return f"{clipped(name)} = {call}{mark}"


def _notes(box: Box, memory: bool) -> str:
    notes = list(box.figures.lines())
    if memory and box.saves:
        notes.append(f"saves {', '.join(box.saves)}")
    notes += [f"{parameter.name} {parameter.array}" for parameter in box.parameters[:4]]
    if box.kernel:
        notes.append(f"one kernel: {'+'.join(box.kernel)}")
    return "; ".join(map(_printable, notes))


def _printable(text: str) -> str:
    """Text that a terminal does not take for commands: what cannot be printed becomes its Python escape."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
