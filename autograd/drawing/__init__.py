"""Drawings of the graph: `draw(loss).save("loss.svg")`. A client of the engine, which knows nothing of it."""

from __future__ import annotations

from ..provenance import mark_ours
from .drawing import Drawing as Drawing
from .rendering import RenderingError as RenderingError
from .target import draw as draw

mark_ours(__name__)

__all__ = ["Drawing", "RenderingError", "draw"]
