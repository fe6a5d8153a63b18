"""The one place that decides how Numba compiles: when, with which options, and whether at all.

Numba is imported, and a kernel compiled, when it is first called; caching keeps the result on disk. From outside:

    TAPEGRAD_JIT=0            no kernel is compiled, operations go their way in NumPy; the same with NUMBA_DISABLE_JIT=1
    TAPEGRAD_BOUNDSCHECK=1    an index outside its array is an IndexError in kernels too, which costs time
"""

from __future__ import annotations

import gc
import os
import time
import warnings
from collections.abc import Callable
from functools import cache, update_wrapper
from types import FunctionType
from typing import Any, cast

from numpy.typing import NDArray

__all__ = ["Kernel", "bounds_checked", "enabled", "flat", "inner", "jit", "readable", "summing", "tiled"]

_SINCE = time.time()  # every kernel's source was read later than this, or just before


def jit(function: Callable[..., Any]) -> Kernel:
    """Compile a function of arrays and numbers at its first call: one thread, IEEE arithmetic (NaN and Inf survive).

    It may call other functions under @jit, of any file under kernels/, and use the numbers and tuples of its own file.
    Every new combination of argument types is compiled anew: pass arrays that are only read as `readable`, and numbers
    always of one type.
    """
    return Kernel(cast(FunctionType, function))


def summing(function: Callable[..., Any]) -> Kernel:
    """As `jit`, for a loop that adds up: its terms are added in whatever order fills vectors, always the same one."""
    return Kernel(cast(FunctionType, function), freedom={"reassoc"})


def tiled(function: Callable[..., Any]) -> Kernel:
    """As `jit`, for a large kernel whose work is explicit vectors: LLVM's last level finds nothing more in it.

    Without it such a kernel compiles in 85 % of the time (measured).
    """
    return Kernel(cast(FunctionType, function), level=2)


def inner(function: Callable[..., Any]) -> Kernel:
    """As `jit`, for a function that kernels alone call.

    It gets no entry from Python, without which a small one compiles in 70 to 80 % of the time (measured).

    Raises:
        TypeError: Python calls it, and it is compiled.
    """
    return Kernel(cast(FunctionType, function), called_by_kernels=True)


class Kernel:
    """A function until it is needed, from then on what Numba made of it.

    That takes this object's place in its module, if Python may call it; callers that imported this object earlier go on
    through it.
    """

    _compiled: Any = None

    def __init__(
        self, function: FunctionType, *,
        freedom: set[str] | None = None, called_by_kernels: bool = False, level: int = 3,
    ) -> None:  # fmt: skip
        update_wrapper(self, function)
        self.py_func = function
        self.freedom = freedom  # that LLVM may take with arithmetic
        self.called_by_kernels = called_by_kernels
        self.level = level  # of LLVM's optimisation, at most

    def __call__(self, *args: Any) -> Any:
        if self.called_by_kernels and enabled():  # Numba would jump to an entry that is not there
            raise TypeError(f"{self.py_func.__name__} is called by kernels alone; @jit makes it one for Python too")
        return (self._compiled or self.compiled)(*args)

    @property
    def compiled(self) -> Any:
        """Numba's dispatcher, or the plain function if nothing is to be compiled."""
        if self._compiled is None:
            made = _dispatcher(self) if enabled() else self.py_func
            vars(self).setdefault("_compiled", made)  # in one step: threads that come here at once go on with the same
            names = self.py_func.__globals__
            if names.get(self.py_func.__name__) is self and not self.called_by_kernels:
                names[self.py_func.__name__] = self._compiled
        return self._compiled

    @property
    def _numba_type_(self) -> Any:
        """Numba asks a value that it does not know for its type: so kernels can call each other, compiled or not."""
        return self.compiled._numba_type_


def _dispatcher(kernel: Kernel) -> Any:
    import numba

    from .caching import Versions

    _let_compiling_end_before_a_fork()
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy", "boundscheck": bounds_checked()}
    # Numba would also make an entry for C, which nobody calls, and which takes a tenth of the time for compiling.
    options["no_cfunc_wrapper"] = True
    versions = Versions(kernel.py_func, options, _SINCE)
    own: dict[str, Any] = {"no_cpython_wrapper": kernel.called_by_kernels, "fastmath": kernel.freedom or False}
    dispatcher: Any = numba.njit(**options, **own)(versions.kernel)
    dispatcher._cache = versions  # as its enable_caching() does with Numba's own
    dispatcher._compiler.compile = _quicker(dispatcher._compiler.compile, kernel.level)
    return dispatcher


def _quicker(compile: Callable[..., Any], level: int) -> Callable[..., Any]:
    """Compile without Python's collector, which would look through a million new objects, and up to a level.

    Numba has one level for all code. It is set while Numba's lock keeps other threads from compiling.
    """

    def quick(*args: Any) -> Any:
        from numba import config
        from numba.core.compiler_lock import global_compiler_lock

        settings: Any = config
        with global_compiler_lock:
            usual, was_on = settings.OPT, gc.isenabled()
            settings.OPT = type(usual)(min(usual, level))
            gc.disable()
            try:
                return compile(*args)
            finally:
                settings.OPT = usual
                if was_on:
                    gc.enable()

    return quick


@cache
def _let_compiling_end_before_a_fork() -> None:
    """Else the child could get a lock that is shut for ever, and wait at the first kernel that it compiles or loads."""
    from numba.core.compiler_lock import global_compiler_lock as lock

    if hasattr(os, "register_at_fork"):
        os.register_at_fork(before=lock.acquire, after_in_parent=lock.release, after_in_child=lock.release)


@cache
def enabled() -> bool:
    """Whether kernels are compiled. If not, a function that has a way in NumPy takes it."""
    if not _switch("TAPEGRAD_JIT", default=True):
        return False
    try:
        from numba import config
    except (ImportError, OSError) as error:
        if not (isinstance(error, ModuleNotFoundError) and error.name == "numba"):
            warnings.warn(
                f"Numba is installed but cannot be imported: {error}. NumPy stands in for it, many times slower. "
                "Install versions that go together, or set TAPEGRAD_JIT=0 if you do not mind.",
                RuntimeWarning,
                stacklevel=2,
            )
        return False
    settings: Any = config
    return not settings.DISABLE_JIT


@cache
def bounds_checked() -> bool:
    """Whether kernels check their indices, and explicit vectors have to do so too."""
    from numba import config

    settings: Any = config
    checked = _switch("TAPEGRAD_BOUNDSCHECK", default=False)
    return checked if settings.BOUNDSCHECK is None else bool(settings.BOUNDSCHECK)  # NUMBA_BOUNDSCHECK wins


def _switch(variable: str, *, default: bool) -> bool:
    value = os.environ.get(variable) or str(int(default))
    if value not in ("0", "1"):
        raise ValueError(f"the environment variable {variable} is {value!r}; it can be 0 or 1")
    return value == "1"


def readable(array: NDArray[Any]) -> NDArray[Any]:
    """A read-only view, of the type that kernels expect for what they only read.

    To Numba, arrays that may be written and arrays that may not are of two types, and each is compiled for.
    """
    view = array.view()
    view.setflags(False)  # type: ignore[call-arg]  # NumPy takes it by position as well, which is quicker
    return view


def flat(first: NDArray[Any], *others: NDArray[Any], read: int = 0) -> list[NDArray[Any]] | None:
    """Views on one axis, in the order of memory, of arrays of one shape, if kernels take them.

    They do if all are float32 or all float64, dense in memory, and laid out alike. The first `read` of the views are
    read-only, as `readable` makes them.
    """
    dtype, strides = first.dtype, first.strides
    if dtype.char not in "fd" or not dtype.isnative or not (first.flags.forc or _is_dense(first)):
        return None
    views = [first.ravel("K")]
    for array in others:
        if array.dtype is not dtype or (array.strides != strides and _steps(array) != _steps(first)):
            return None
        views.append(array.ravel("K"))
    for view in views[:read]:
        view.setflags(False)  # type: ignore[call-arg]
    return views


def _is_dense(array: NDArray[Any]) -> bool:
    """Whether an array fills a piece of memory, each place once, in whatever order its axes lie there."""
    size = array.itemsize
    for stride, n in sorted((stride, n) for n, stride in zip(array.shape, array.strides, strict=True) if n > 1):
        if stride != size:
            return False
        size *= n
    return True


def _steps(array: NDArray[Any]) -> list[int]:
    """The strides along axes on which there is something to step to."""
    return [stride for stride, size in zip(array.strides, array.shape, strict=True) if size > 1]
