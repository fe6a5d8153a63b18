"""The one place that decides how Numba compiles.

Numba is imported, and a kernel compiled, when it is first called; the result is cached on disk beside the file, or
where NUMBA_CACHE_DIR says. The cache notices a change in a kernel's own file only, so a kernel calls none from others.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from numpy.typing import NDArray

__all__ = ["flat", "jit"]


def jit(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function of arrays and numbers at its first call: one thread, IEEE arithmetic (NaN and Inf survive).

    The compiled function then takes the place of this one in its module.
    """

    @wraps(function)
    def kernel(*args: Any) -> Any:
        import numba

        compiled = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
        function.__globals__[function.__name__] = compiled
        return compiled(*args)

    return kernel


def flat(first: NDArray[Any], *others: NDArray[Any]) -> list[NDArray[Any]] | None:
    """Views on one axis, in the order of memory, of arrays of one shape, if kernels take them.

    They do if all are float32 or all float64, contiguous, and laid out alike.
    """
    dtype, strides = first.dtype, first.strides
    if dtype.char not in "fd" or not dtype.isnative or not first.flags.forc:
        return None
    for array in others:
        if array.dtype is not dtype or array.strides != strides:
            return None
    return [first.ravel("K"), *(array.ravel("K") for array in others)]
