"""Undoing broadcasting: the adjoint of stretching an array is summing what it was stretched to."""

from __future__ import annotations

from typing import Any

__all__ = ["sum_to"]


def sum_to(g: Any, shape: tuple[int, ...]) -> Any:
    """Sum an array or a tensor over the axes that broadcasting added to `shape` or stretched from size 1."""
    if g.shape == shape:
        return g
    added = len(g.shape) - len(shape)
    stretched = (i + added for i, size in enumerate(shape) if size == 1 != g.shape[i + added])
    return g.sum(axis=(*range(added), *stretched)).reshape(shape)
