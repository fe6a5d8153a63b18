"""The curves of a history: what they are, and how they are drawn as pictures and as characters."""

from __future__ import annotations

from .characters import Chart as Chart, charts as charts
from .panels import Line as Line, Panel as Panel, panels as panels
from .pictures import content as content, figure as figure, paint as paint

__all__ = ["Chart", "Line", "Panel", "charts", "content", "figure", "paint", "panels"]
