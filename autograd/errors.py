"""The engine's exceptions: each is also the built-in one that NumPy would raise for the same mistake."""

from __future__ import annotations

__all__ = ["BatchError", "DetachError", "DTypeError", "GraphError", "MissingRuleError", "ShapeError"]


class ShapeError(ValueError):
    """Shapes that an operation cannot combine, or a gradient of another shape than its input."""


class DTypeError(TypeError):
    """A dtype that cannot do what is asked of it, such as an integer tensor that is to have a gradient."""


class GraphError(RuntimeError):
    """A graph that cannot be walked: nothing recorded, or already freed."""


class DetachError(TypeError):
    """A conversion that would silently cut a tracked tensor out of its graph."""


class MissingRuleError(TypeError):
    """A NumPy function, or an argument of one of ours, that has no derivative here."""


class BatchError(TypeError):
    """What `vmap` cannot do for all examples at once."""
