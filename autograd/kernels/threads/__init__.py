"""Running kernels on several threads.

Kernels are compiled to run without Python's lock, so plain threads run them at the same time. Numba's own threads are
not used: one kind of them ends the process if two Python threads enter, another kills children that were forked.
"""

from __future__ import annotations

from .limit import get_num_threads as get_num_threads, set_num_threads as set_num_threads
from .splitting import split as split

__all__ = ["get_num_threads", "set_num_threads", "split"]
