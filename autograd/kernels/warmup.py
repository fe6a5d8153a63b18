"""Compiling ahead: every kernel, for both floating types, so that the first training step does not wait for it.

A module of kernels that are called from outside has a function `warm(dtype)`, which calls each of them as the engine
does, on arrays as small as can be. That is the whole registry.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np

from .jit import enabled

__all__ = ["Warmup", "warmup"]


class Warmup(NamedTuple):
    """How many versions of kernels `warmup` compiled, how many it loaded from disk, and the seconds that it took."""

    compiled: int
    loaded: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.compiled} kernels compiled, {self.loaded} loaded, in {self.seconds:.1f} s"


def warmup() -> Warmup:
    """Compile every kernel for float32 and float64, or load it from disk if it was compiled before.

    Shows a progress bar if standard error is a terminal and rich is installed. Where kernels are switched off, or Numba
    is missing, there is nothing to do.
    """
    if not enabled():
        return Warmup(0, 0, 0.0)
    from .caching import counts

    start, compiled, loaded = time.perf_counter(), counts.compiled, counts.loaded
    steps = [(warm, dtype) for warm in _modules() for dtype in (np.float32, np.float64)]
    for warm, dtype in _shown(steps):
        warm(dtype)
    return Warmup(counts.compiled - compiled, counts.loaded - loaded, time.perf_counter() - start)


def _modules() -> Iterator[Callable[[Any], None]]:
    """The `warm` of every module under kernels/ that has one."""
    from pkgutil import walk_packages

    package = import_module(__package__)
    for found in walk_packages(package.__path__, f"{__package__}."):
        module = import_module(found.name)
        if "warm" in vars(module):
            yield module.warm


def _shown(steps: list[Any]) -> Iterable[Any]:
    if not sys.stderr.isatty():
        return steps
    try:
        from rich.console import Console
        from rich.progress import track
    except ImportError:
        return steps
    return track(steps, "compiling kernels", console=Console(stderr=True), transient=True)
