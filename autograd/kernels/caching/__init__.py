"""Compiled kernels kept on disk, one file for each kernel and combination of types.

Numba has a cache of its own. It does not notice a change in a function that is called from another file, two processes
that write to it at once can mix up its index, and before it loads anything it loads the whole compiler.
"""

from __future__ import annotations

from .versions import Versions as Versions, counts as counts

__all__ = ["Versions", "counts"]
