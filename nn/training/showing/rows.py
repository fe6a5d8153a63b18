"""A table of epochs as lines of text, which grows by a row at a time."""

from __future__ import annotations

from ..formats import short

__all__ = ["Rows"]


class Rows:
    """Rows with the figures of training and validation: side by side, or where that is too wide one below the other."""

    def __init__(self) -> None:
        self._head = ""

    def of(self, figures: dict[str, float], width: int) -> list[str]:
        """The lines for an epoch; before them the heads of the columns, if these are not those of the epoch before."""
        shown = {name: value for name, value in figures.items() if name not in ("epoch", "step", "seconds", "lr")}
        validation = {name.removeprefix("val_"): value for name, value in shown.items() if name.startswith("val_")}
        names = list(dict.fromkeys(name.removeprefix("val_") for name in shown))
        head, row = _line([each for name in names for each in (name, f"val_{name}") if each in shown], shown)
        rows = [row]
        if validation and len(head) + 16 > width:
            head, row = _line(names, shown)
            head, rows = f"{'':12}{head}", [f"{'training':12}{row}", f"{'validation':12}{_line(names, validation)[1]}"]
        time = f"{figures['seconds']:.1f} s"
        lines = [f"{figures['epoch']:5.0f}  {rows[0]}  {time:>8}", *(f"{'':5}  {row}" for row in rows[1:])]
        if head != self._head:
            lines.insert(0, f"epoch  {head}  {'time':>8}")
        self._head = head
        return lines


def _line(names: list[str], figures: dict[str, float]) -> tuple[str, str]:
    """Heads and figures of some columns, each as wide as it needs; a figure that is not there is blank."""
    widths = {name: max(len(name), 8) for name in names}
    heads = "  ".join(f"{name:>{width}}" for name, width in widths.items())
    values = {name: short(figures[name]) if name in figures else "" for name in names}
    return heads, "  ".join(f"{values[name]:>{width}}" for name, width in widths.items())
