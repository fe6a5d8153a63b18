"""One look for all pictures, by day and by night.

Pictures are SVG. They are drawn in the colours of the day; a style sheet inside each exchanges these for those of the
night where the reader prefers a dark screen, also when the picture is shown by an `<img>` or opened by itself.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tapegrad.nn.training.optional import import_optional

__all__ = ["CONTRAST", "GRID", "INK", "PALE", "RIGHT", "TRAINING", "VALIDATION", "WRONG", "figure", "png", "svg"]

# Each is unlike the others in lightness too, and no two are told apart by red and green alone (Okabe and Ito).
INK, PALE, GRID, CONTRAST = "#1c2330", "#5b6577", "#d9dee7", "#fefefe"
TRAINING, VALIDATION = "#0072b2", "#d55e00"
RIGHT, WRONG = TRAINING, VALIDATION
NIGHT = {
    INK: "#e8ecf4", PALE: "#a3adbf", GRID: "#333c4d", CONTRAST: "#0e131c", TRAINING: "#56b4e9", VALIDATION: "#ff9a4d",
}  # fmt: skip
FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif"
STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "tapegrad",
    "font.size": 10,
    "text.color": INK,
    "axes.labelcolor": PALE,
    "axes.edgecolor": GRID,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "xtick.color": PALE,
    "ytick.color": PALE,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "xtick.minor.size": 0,
    "ytick.minor.size": 0,
    "legend.frameon": False,
    "legend.labelcolor": INK,
    "lines.linewidth": 2,
    "figure.constrained_layout.use": True,
}


@contextmanager
def figure(width: float = 5.2, height: float = 3.4) -> Iterator[tuple[Any, Any]]:
    """A figure with one pair of axes in our look, to draw in: inches.

    Raises:
        ImportError: matplotlib is missing; the message names the extra that brings it.
    """
    matplotlib = import_optional("matplotlib", "viz")
    with matplotlib.rc_context(STYLE):
        drawn = import_optional("matplotlib.figure", "viz").Figure(figsize=(width, height))
        yield drawn, drawn.add_subplot()


def svg(drawn: Any) -> bytes:
    """The figure as the text of an SVG file, without a background."""
    file = io.StringIO()
    with import_optional("matplotlib", "viz").rc_context(STYLE):
        drawn.savefig(file, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    start, tag, rest = file.getvalue().partition("<defs>")
    return f"{start}<style>{_style_sheet()}</style>\n{tag}{rest}".encode()


def png(drawn: Any) -> bytes:
    """The figure as the content of a PNG file, by day."""
    file = io.BytesIO()
    with import_optional("matplotlib", "viz").rc_context(STYLE):
        drawn.savefig(file, format="png", dpi=160, metadata={"Software": None})
    return file.getvalue()


def _style_sheet() -> str:
    rules = (
        f'[style*="{kind}: {day}"]{{{kind}:{night}!important}}'
        for day, night in NIGHT.items()
        for kind in ("fill", "stroke")
    )
    return f"text{{font-family:{FONT}!important}}@media(prefers-color-scheme:dark){{{''.join(rules)}}}"
