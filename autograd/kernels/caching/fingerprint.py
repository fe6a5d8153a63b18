"""Names for what machine code depends on: where two names are equal, the code is."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any, TypeAlias

import llvmlite
import llvmlite.binding as llvm
import numba
import numpy as np
from numba.core.registry import cpu_target

__all__ = ["digest", "fingerprint", "sources", "surroundings"]

# Numba's settings that change the code which it generates
_SETTINGS = (
    "BOUNDSCHECK", "DEBUG_JIT", "DEBUG_NRT", "DEBUGINFO_DEFAULT", "EXTEND_VARIABLE_LIFETIMES", "LLVM_REFPRUNE_FLAGS",
    "LLVM_REFPRUNE_PASS", "LOOP_VECTORIZE", "OPT", "SLP_VECTORIZE", "USING_SVML",
)  # fmt: skip

_Known: TypeAlias = dict[tuple[int, ...], int | None]
"""The functions met so far, numbered as they were finished with, and None for those that are not."""


class _NamelessError(TypeError):
    """No name for a value is the same in every process."""


def surroundings() -> str:
    """What decides about the code of every kernel beside its source: versions, the processor, Numba's settings."""
    return digest(
        sys.implementation.cache_tag,
        *(library.__version__ for library in (numba, llvmlite, np)),
        cpu_target.target_context.codegen().magic_tuple(),  # the platform, and the processor as Numba is told to see it
        sorted(llvm.get_host_cpu_features().items()),  # and as it is
        *(getattr(numba.config, setting, None) for setting in _SETTINGS),
    )


def sources(package: Path, since: float) -> str | None:
    """The content of all source files of a package; None if one has changed since, or none can be found."""
    found = [(path, path.stat()) for path in sorted(package.rglob("*.py"))]
    if not found or any(status.st_mtime > since for _, status in found):
        return None
    return digest(*((path.relative_to(package).as_posix(), path.read_bytes()) for path, _ in found))


def fingerprint(kernel: FunctionType) -> str | None:
    """A function that is compiled: its code, and the values of all names in it, other kernels' fingerprints among them.

    The source files alone do not tell: functions can be made by functions, and constants be set while the program runs.
    None if it uses a value that no name can be found for, or calls itself: Numba crashes when it loads a recursive
    function from disk and calls it from another.
    """
    try:
        return digest(*_function(kernel, {}, compiled=True))
    except _NamelessError:
        return None


def digest(*parts: Any) -> str:
    """Twenty hexadecimal digits for the reprs of the parts."""
    return sha256(repr(parts).encode()).hexdigest()[:20]


def _function(function: FunctionType, known: _Known, *, compiled: bool = False) -> Iterator[Any]:
    """What a Python function is: code, defaults, what it has closed over; if it is to be compiled, its globals too."""
    code, cells = function.__code__, function.__closure__ or ()
    key = (id(code), *map(id, cells))  # shared by the copy that is compiled
    if key in known:
        if (number := known[key]) is None:
            raise _NamelessError(f"{code.co_qualname} calls itself")
        yield "function", number
        return
    known[key] = None
    yield function.__module__, code.co_qualname
    yield _name(code, known)
    yield _name(function.__defaults__, known)
    yield [_name(cell.cell_contents, known) for cell in cells]
    if compiled:
        values = function.__globals__
        yield [(name, _name(values[name], known)) for name in _names(code) if name in values]
    known[key] = sum(number is not None for number in known.values())


def _names(code: CodeType) -> list[str]:
    inner = [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return sorted({*code.co_names, *(name for code in inner for name in _names(code))})


def _name(value: Any, known: _Known) -> Any:
    """Something whose repr names the value in every process."""
    match value:
        case None | bool() | int() | float() | complex() | str() | bytes() | np.generic() | np.dtype():
            return value
        case tuple() | list():
            return type(value).__name__, [_name(item, known) for item in value]
        case frozenset():
            return sorted(map(repr, value))
        case np.ndarray():
            return value.dtype, value.shape, value.tobytes()
        case CodeType():
            names = value.co_names, value.co_varnames, value.co_freevars
            return value.co_code, names, [_name(constant, known) for constant in value.co_consts]
        case ModuleType():
            return value.__name__
        case type() | BuiltinFunctionType():
            return value.__module__, value.__qualname__
        case np.ufunc():
            return "ufunc", value.__name__
        case numba.types.Type():
            return str(value)
    if function := getattr(value, "py_func", None):  # a kernel, as it was written or compiled
        return list(_function(function, known, compiled=True))
    if isinstance(function := getattr(value, "__wrapped__", value), FunctionType):  # an intrinsic
        return list(_function(function, known))
    raise _NamelessError(f"no name for a {type(value).__qualname__}")
