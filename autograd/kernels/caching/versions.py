"""The versions of a kernel, one for each combination of types, as Numba asks for them and hands them in."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any

from numba.core.caching import NullCache
from numba.core.compiler import CompileResult
from numba.core.runtime.nrt import rtsys
from numba.core.serialize import dumps, loads

from .fingerprint import digest, fingerprint, sources, surroundings
from .folder import Folder, place

__all__ = ["Versions", "counts"]

_KERNELS = Path(__file__).resolve().parents[1]


class Counts:
    """How many versions of kernels this process has compiled, and how many it has loaded."""

    compiled = 0
    loaded = 0


counts = Counts()


class Versions(NullCache):
    """The versions of one kernel on disk.

    None is kept of a kernel without a fingerprint, nor if a source file has changed `since`: what stands in it then is
    not what was compiled.
    """

    def __init__(self, kernel: FunctionType, options: dict[str, Any], since: float) -> None:
        self._kernel, self._options, self._since = kernel, tuple(options.items()), since

    @property
    def kernel(self) -> FunctionType:
        """The kernel, under a name that tells it from all others, for Numba links what kernels call by name.

        Its own way to do that, a number, starts anew in each process, and what comes from disk has brought its number.
        """
        old = self._kernel
        new = FunctionType(old.__code__, old.__globals__, old.__name__, old.__defaults__, old.__closure__)
        new.__module__, new.__doc__ = old.__module__, old.__doc__
        new.__qualname__ = f"{old.__qualname__}_{fingerprint(old)}"
        return new

    def load_overload(self, types: Any, target_context: Any) -> Any:
        # All that stored code needs. Numba loads what it needs for compiling, which takes 0.3 s, when it compiles.
        rtsys.initialize(target_context)
        folder, file = _folder(self._options, self._since), self._file(types)
        if folder is None or file is None or (content := folder.load(file)) is None:
            return None
        try:
            version = CompileResult._rebuild(target_context, *loads(content))
        except Exception:  # not what we wrote, then: whatever it is, compiling helps
            return None
        counts.loaded += 1
        return version

    def save_overload(self, types: Any, version: Any) -> None:
        counts.compiled += 1
        folder, file = _folder(self._options, self._since), self._file(types)
        if folder is None or file is None or version.library.has_dynamic_globals:  # that is, addresses in this process
            return
        if folder.path.name == _state(self._options, self._since):
            folder.save(file, dumps(version._reduce()))

    def _file(self, types: Any) -> str | None:
        """A name for the kernel as it is now, with its globals: Numba looks at them when it compiles, not before."""
        if (name := fingerprint(self._kernel)) is None:
            return None
        readable = re.sub(r"\W", "", f"{self._kernel.__module__.rpartition('.')[2]}.{self._kernel.__name__}")
        return f"{readable}-{digest(name, str(types))}.bin"


@cache
def _folder(options: tuple[tuple[str, Any], ...], since: float) -> Folder | None:
    state, parent = _state(options, since), place()
    return None if state is None or parent is None else Folder(parent / state)


def _state(options: tuple[tuple[str, Any], ...], since: float) -> str | None:
    """A name for all that is the same for every kernel."""
    content = sources(_KERNELS, since)
    return None if content is None else digest(content, surroundings(), options)
