"""Waiting for a number in memory to change, without Python's lock."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from numba import types

from ..jit import jit

__all__ = ["warm", "watch"]

_sched_yield = types.ExternalFunction("sched_yield", types.int32())


@jit
def watch(flag: Any, patience: int, grace: int) -> bool:
    """Whether flag[0] is set within `patience` looks, between which other threads may run; `grace` more once it is."""
    for _ in range(patience):
        if flag[0] != 0:
            for _ in range(grace):
                _sched_yield()
            return True
        _sched_yield()
    return False


def warm(dtype: Any) -> None:
    """Compile what this file has; there is no dtype to it."""
    if hasattr(os, "sched_yield"):
        watch(np.ones(1, np.intp), 1, 0)
