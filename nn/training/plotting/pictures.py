"""Curves as a picture, by matplotlib."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..optional import import_optional
from .panels import Panel, panels

if TYPE_CHECKING:
    from ..history import History

__all__ = ["content", "figure", "paint"]

_POINTS = 1_000


def figure(history: History) -> Any:
    """A figure with a panel of losses, and one of other figures if there are any."""
    count = len(panels(history, 1))
    drawn = import_optional("matplotlib.figure", "viz").Figure(figsize=(5 * count, 3.6), layout="constrained")
    paint(history, [drawn.add_subplot(1, count, i + 1) for i in range(count)])
    drawn._repr_png_ = lambda: content(drawn, "png")  # what a notebook asks of the value of a cell
    return drawn


def content(figure: Any, kind: str) -> bytes:
    """A figure as the content of a file: png, svg, pdf."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format=kind, dpi=110)
    return buffer.getvalue()


def paint(history: History, axes: Sequence[Any]) -> None:
    """Draw into axes: losses into the first, other figures into the second."""
    found = panels(history, _POINTS)
    heads = list(dict.fromkeys(line.head for panel in found for line in panel.lines))
    for panel, each in zip(found, axes, strict=False):
        _paint(panel, heads, each, history)


def _paint(panel: Panel, heads: list[str], axes: Any, history: History) -> None:
    figures = list(dict.fromkeys(line.figure for line in panel.lines))
    one_each = len({line.head for line in panel.lines}) == len(figures)
    for line in panel.lines:
        place = heads.index(line.head) if one_each else figures.index(line.figure)
        colour = f"C{2 * place + (line.part == 'validation')}"  # a pair of colours for a head, the same in all panels
        style: dict[str, Any] = (
            {"linewidth": 0.8, "alpha": 0.35}
            if line.part == "each update"
            else {"linewidth": 1.8, "marker": "o", "markersize": 3.5, "label": panel.label(line)}
        )
        axes.plot(line.steps, line.values, color=colour, **style)
    axes.set_title(panel.title, pad=10)
    axes.grid(alpha=0.25)
    axes.spines[["top", "right"]].set_visible(False)
    if panel.logarithmic:
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter("{x:g}")
    if axes.get_legend_handles_labels()[0]:
        axes.legend(frameon=False)
    if history.epochs:
        _number_epochs(axes, history)
    else:
        axes.set_xlabel("updates")


def _number_epochs(axes: Any, history: History) -> None:
    """Mark the ends of epochs below, ten of them at most, and updates above."""
    every = -(-len(history.epochs) // 10)
    marked = history.epochs[every - 1 :: every]
    axes.set_xticks([epoch["step"] for epoch in marked], labels=[f"{epoch['epoch']:.0f}" for epoch in marked])
    axes.set_xlabel("epochs")
    above = axes.secondary_xaxis("top")
    above.set_xlabel("updates", fontsize="small")
    above.tick_params(labelsize="small")
