"""The interactive page: one HTML file that asks nobody for anything."""

from __future__ import annotations

from .writing import page as page

__all__ = ["page"]
