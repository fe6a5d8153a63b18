"""NumPy's own functions on tensors: `np.sin(t)` is our `sin`, and what we lack raises instead of losing the graph.

A call of NumPy's comes in through one of two doors: `ufuncs.py` for universal functions, with `out=`, `where=` and
`dtype=`, and their methods (`methods.py`); `functions.py` for all others, whose arguments `signatures.py` renames.
Both ask `finding.py` for our operation. What we have none of runs on plain values if no argument is tracked, and is
refused otherwise (`refusing.py`). `writing.py` is for results that go into an array that is there already.
"""

from __future__ import annotations

from ..tensor import Tensor
from .finding import OPERATIONS
from .functions import array_function
from .ufuncs import array_ufunc

__all__ = ["OPERATIONS", "bind"]


def bind() -> None:
    """Give Tensor NumPy's two protocols."""
    setattr(Tensor, "__array_ufunc__", array_ufunc)  # noqa: B010 - the stub declares them as methods
    setattr(Tensor, "__array_function__", array_function)  # noqa: B010
