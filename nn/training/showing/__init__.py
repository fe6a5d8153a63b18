"""Seeing a training while it runs: progress, rows of figures, curves."""

from __future__ import annotations

from .choosing import display_here as display_here
from .curves import Curves as Curves
from .displays import Display as Display
from .progress import Progress as Progress

__all__ = ["Curves", "Display", "Progress", "display_here"]
