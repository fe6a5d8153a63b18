"""What a user is told when `vmap` cannot do something for all examples at once."""

from __future__ import annotations

from sys import _getframe
from types import FrameType

from ..errors import BatchError
from ..provenance import OURS, place, user_frame

__all__ = ["asks_for_values", "escaped", "has_own_graph", "unknown"]


def asks_for_values(shown: str, size: int) -> BatchError:
    """Something that needs the array of one example."""
    return _refusal(
        f"needs an array, but {shown} stands for {size} of them; write it with operations on tensors (where instead of "
        "if, x = x + 1 instead of x += 1), keep what is the same for all examples out with in_axes=None, or loop over "
        "them: stack([f(x) for x in xs])"
    )


def unknown(name: str) -> BatchError:
    """An operation that has no rule."""
    return _refusal(
        "is not known how to do for all examples at once; if it takes a batch itself, call it on all of them outside "
        "of vmap, else loop over them: stack([f(x) for x in xs])",
        name,
    )


def has_own_graph(shown: str) -> BatchError:
    """A method that is about one tensor's own gradient."""
    return _refusal(
        f"cannot be asked for by a tensor of its own: {shown} stands for many; use grad, vjp or jvp inside of vmap",
        "a gradient",
    )


def escaped(name: str, shown: str) -> BatchError:
    """An operation on an example after `vmap` has ended."""
    return _refusal(f"got {shown} after its vmap has ended; return it from the function that is mapped", name)


def _refusal(reason: str, name: str | None = None) -> BatchError:
    """The error, with what the user called and where."""
    frame = _getframe(2)
    called = "this"
    while frame.f_back is not None and OURS in frame.f_globals and frame.f_code.co_name != "wrapped":
        called = _public_name(frame) or called
        frame = frame.f_back
    user = user_frame()
    return BatchError(f"vmap: {name or called} {reason}; called at {place(user.f_code, user.f_lasti)}")


def _public_name(frame: FrameType) -> str | None:
    """The name by which a user knows the function that runs in a frame."""
    name, scope = frame.f_code.co_name, frame.f_globals
    if ".protocols" in scope["__name__"]:
        asked = frame.f_locals.get("function", frame.f_locals.get("ufunc"))
        return None if asked is None else f"np.{asked.__name__}"
    method = frame.f_code.co_varnames[:1] == ("self",) and (name.endswith("__") or not name.startswith("_"))
    return name if name in scope.get("__all__", ()) or (method and name != "method") else None
