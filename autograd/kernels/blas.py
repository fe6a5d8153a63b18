"""NumPy's BLAS, on one thread while we use it.

OpenBLAS has threads of its own. After each product they keep looking for the next one, for about 16 ms, on the cores
that our kernels compute on: a convolution that follows takes twice as long (measured). So products of ours that go to
BLAS run on the calling thread, and large ones are divided among the threads that our kernels use. Outside of them BLAS
is as it was.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from functools import cache
from importlib import import_module
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .threads import get_num_threads, split

__all__ = ["alone", "matmul"]

_NAMES = "scipy_openblas_{}_num_threads64_", "scipy_openblas_{}_num_threads", "openblas_{}_num_threads"
_SMALL, _LARGE = 1 << 16, 1 << 21  # multiplications: the latter from which a second thread is worth waking


class _Alone:
    """A context in which BLAS computes on the calling thread; may be entered by several threads at once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._inside = 0
        self._before = 1

    def __enter__(self) -> None:
        get, set = _openblas()
        if get is not None:
            with self._lock:
                if self._inside == 0:
                    self._before = get()
                    if self._before > 1:
                        set(1)
                self._inside += 1

    def __exit__(self, *_: object) -> None:
        get, set = _openblas()
        if get is not None:
            with self._lock:
                self._inside -= 1
                if self._inside == 0 and self._before > 1:
                    set(self._before)

    def forget(self) -> None:
        """Let go of threads that are not in this process: it was forked."""
        self._lock = Lock()
        if self._inside:
            self._inside = 0
            _openblas()[1](self._before)


alone = _Alone()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=alone.forget)


@cache
def _openblas() -> tuple[Callable[[], int] | None, Callable[[int], None]]:
    """OpenBLAS's functions to get and to set its number of threads; (None, ...) for another BLAS."""
    try:
        library = ctypes.CDLL(import_module("numpy._core._multiarray_umath").__file__)
    except (ImportError, OSError):
        return None, lambda count: None
    for name in _NAMES:
        if hasattr(library, name.format("get")):
            return getattr(library, name.format("get")), getattr(library, name.format("set"))
    return None, lambda count: None


def matmul(a: NDArray[Any], b: NDArray[Any]) -> NDArray[Any]:
    """a @ b, for two matrices."""
    multiplications = a.size * b.shape[1]
    y: NDArray[Any]
    if multiplications < _SMALL:  # OpenBLAS leaves its threads alone
        y = a @ b
    else:
        with alone:
            large = multiplications >= _LARGE and get_num_threads() > 1
            y = _divided(a, b) if large else a @ b
    return y


def _divided(a: NDArray[Any], b: NDArray[Any]) -> NDArray[Any]:
    """a @ b with the longer side of the result divided among our threads; np.matmul lets others run."""
    y = np.empty((a.shape[0], b.shape[1]), np.result_type(a, b))
    part, length = (_rows, a.shape[0]) if a.shape[0] >= b.shape[1] else (_columns, b.shape[1])
    split(part, length, a, b, y, grain=-(-length // get_num_threads()))
    return y


def _rows(start: int, stop: int, a: Any, b: Any, y: Any) -> None:
    np.matmul(a[start:stop], b, out=y[start:stop])


def _columns(start: int, stop: int, a: Any, b: Any, y: Any) -> None:
    np.matmul(a, b[:, start:stop], out=y[:, start:stop])
