"""What a user is told when a function of NumPy would lose the gradient: what to use instead."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..errors import DetachError, MissingRuleError
from .finding import names

__all__ = ["full_name", "into_array", "missing", "without"]

_SETS = "use np.unique of np.concatenate, or t[index] with an index that NumPy finds in t.numpy()"
_INSTEAD = {
    "np.lib.stride_tricks.sliding_window_view": "use t[index] with the windows of an np.arange",
    "np.require": "use np.asarray",
    "np.roots": "use np.linalg.eigvals of the companion matrix",
    **dict.fromkeys((f"np.{name}" for name in ("save", "savetxt", "savez", "savez_compressed")), "store t.detach()"),
    **dict.fromkeys((f"np.unique_{kind}" for kind in ("all", "counts", "inverse", "values")), "use np.unique"),
    **dict.fromkeys((f"np.{name}" for name in ("intersect1d", "setdiff1d", "setxor1d", "union1d")), _SETS),
}
"""What is nearest where names do not tell."""


def full_name(function: Any) -> str:
    """As a user writes it: `np.linalg.norm`."""
    return f"{getattr(function, '__module__', None) or 'numpy'}.{function.__name__}".replace("numpy", "np", 1)


def missing(name: str) -> MissingRuleError:
    """The error for a function that we lack, which names the nearest that we have."""
    from difflib import get_close_matches  # for errors alone

    instead = _INSTEAD.get(name)
    if instead is None:
        short = f"np.{name.rpartition('.')[2]}"
        near = [short] if short in names() else get_close_matches(name, names(), 2, 0.75)
        instead = (
            f"the nearest that has one is {' or '.join(near)}" if near else "write it with operations that have one"
        )
    return MissingRuleError(f"{name} has no derivative here; {instead}, or use the values alone through t.numpy()")


def without(name: str, options: Iterable[str]) -> MissingRuleError:
    """The error for options of a function that has a derivative without them."""
    listed = ", ".join(f"{option}=" for option in options)
    return MissingRuleError(
        f"{name} with {listed} has no derivative here; use it without, or the values alone through t.numpy()"
    )


def into_array(name: str) -> DetachError:
    """The error for a tracked result that was to go into an array."""
    return DetachError(
        f"{name}: out= is an array, which cannot hold the gradient of a tracked tensor; give a tensor as out=, use the "
        "result that is returned, or take the values alone through t.numpy()"
    )
