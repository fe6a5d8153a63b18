"""Our operation for a function of NumPy or SciPy; modules of operations are imported when one of them is asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from .. import ops

__all__ = ["OPERATIONS", "found", "names"]

OPERATIONS: dict[Any, Callable[..., Any]] = {
    getattr(np, name): getattr(family, name)
    for family in ops.FAMILIES
    for name in family.__all__
    if callable(getattr(np, name, None))
}
"""Our operation for each function of NumPy that has one. `found` adds those of modules as they are asked for."""
OPERATIONS[np._core.umath.clip] = ops.selecting.clip  # type: ignore[attr-defined]  # what array.clip(t) calls; np.clip is another

_NAMESPACES = {"numpy.linalg": "linalg", "numpy.fft": "fft"}
"""Where operations are for the functions of a module of NumPy's."""


def found(function: Any) -> Callable[..., Any] | None:
    """Our operation for a function of NumPy or a ufunc of SciPy, None if there is none."""
    operation = OPERATIONS.get(function)
    namespace = None if operation is not None else _namespace(function)
    if namespace is not None:
        module = import_module(f"{ops.__name__}.{namespace}")
        if function.__name__ in module.__all__:
            operation = OPERATIONS[function] = getattr(module, function.__name__)
    return operation


def _namespace(function: Any) -> str | None:
    if not isinstance(function, np.ufunc):
        return _NAMESPACES.get(function.__module__)
    scipy = sys.modules.get("scipy.special")  # whoever has one of its ufuncs has imported it
    return "special" if scipy is not None and getattr(scipy, function.__name__, None) is function else None


def names() -> dict[str, Callable[..., Any]]:
    """Every operation that NumPy's functions reach, by the name that a user writes."""
    known = {f"np.{function.__name__}": operation for function, operation in OPERATIONS.items()}
    for module, namespace in _NAMESPACES.items():
        family = import_module(f"{ops.__name__}.{namespace}")
        known |= {f"{module.replace('numpy', 'np')}.{name}": getattr(family, name) for name in family.__all__}
    return known
