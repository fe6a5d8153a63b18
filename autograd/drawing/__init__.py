"""Drawings of the graph: `draw(loss).save("loss.svg")`. A client of the engine, which knows nothing of it."""

from __future__ import annotations

from .drawing import Drawing as Drawing
from .rendering import RenderingError as RenderingError
from .target import draw as draw

__all__ = ["Drawing", "RenderingError", "draw"]
