"""How many threads compute: one number for our kernels and for NumPy's BLAS.

The environment variable TAPEGRAD_NUM_THREADS sets it when tapegrad is imported. Without it kernels use every core that
the process may run on, and BLAS what it chose itself.
"""

from __future__ import annotations

import os
import sys
import warnings
from operator import index

__all__ = ["get_num_threads", "set_num_threads"]

_VARIABLE = "TAPEGRAD_NUM_THREADS"


def get_num_threads() -> int:
    """How many threads our kernels may use, the calling one included."""
    return _count


def set_num_threads(count: int) -> None:
    """Let our kernels, and every BLAS that the process has loaded, use `count` threads from the next call on.

    BLAS is reached through threadpoolctl; without it BLAS keeps its own number, and a warning says so.

    Raises:
        ValueError: `count` is less than 1.
        TypeError: `count` is no integer.
    """
    _set(_checked(index(count), "set_num_threads: count"))


def _set(count: int) -> None:
    global _count
    _count = count
    try:
        from threadpoolctl import threadpool_limits
    except ModuleNotFoundError:
        warnings.warn(
            f"kernels use {count} threads from now on; NumPy's BLAS does not, because threadpoolctl is not installed. "
            "Install it (pip install threadpoolctl), or set BLAS's own variable, such as OPENBLAS_NUM_THREADS, before "
            "Python starts.",
            RuntimeWarning,
            stacklevel=3,
        )
    else:
        threadpool_limits(count, user_api="blas")


def _checked(count: int, name: str) -> int:
    if count < 1:
        raise ValueError(f"{name} must be at least 1, got {count}")
    return count


def _from_environment(value: str) -> int:
    if not value.strip().isdecimal():
        raise ValueError(f"the environment variable {_VARIABLE} must be a number of threads, got {value!r}")
    return _checked(int(value), f"the environment variable {_VARIABLE}")


def _usable_cores() -> int:
    if sys.version_info >= (3, 13):
        return os.process_cpu_count() or 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_count = _usable_cores()
if value := os.environ.get(_VARIABLE):
    _set(_from_environment(value))
