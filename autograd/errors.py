"""The engine's exceptions: each is also the built-in one that NumPy would raise for the same mistake."""

from __future__ import annotations

from .provenance import place, user_frame

__all__ = ["AnomalyError", "BatchError", "DetachError", "DTypeError", "GraphError", "MissingRuleError", "ShapeError"]


class _LocatedError(Exception):
    """Knows the line of the user's program, and says it in a note unless the message does."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)
        if not any("called at " in str(arg) for arg in args):
            frame = user_frame()
            self.add_note(f"called at {place(frame.f_code, frame.f_lasti)}")


class ShapeError(_LocatedError, ValueError):
    """Shapes that an operation cannot combine, or a gradient of another shape than its input."""


class DTypeError(_LocatedError, TypeError):
    """A dtype that cannot do what is asked of it, such as an integer tensor that is to have a gradient."""


class GraphError(_LocatedError, RuntimeError):
    """A graph that cannot be walked: nothing recorded, or already freed."""


class DetachError(_LocatedError, TypeError):
    """A conversion that would silently cut a tracked tensor out of its graph."""


class MissingRuleError(_LocatedError, TypeError):
    """A NumPy function, or an argument of one of ours, that has no derivative here."""


class BatchError(_LocatedError, TypeError):
    """What `vmap` cannot do for all examples at once."""


class AnomalyError(_LocatedError, FloatingPointError):
    """A NaN or an infinity, found by `detect_anomaly`."""
