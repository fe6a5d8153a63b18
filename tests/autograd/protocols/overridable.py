"""The functions that NumPy lets us override, and what is promised of each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.char  # functions of these count once they are imported
import numpy.lib.recfunctions
import numpy.polynomial
import numpy.strings
from numpy.testing.overrides import get_overridable_numpy_array_functions, get_overridable_numpy_ufuncs

from tapegrad.autograd.protocols.finding import found
from tapegrad.autograd.protocols.refusing import full_name
from tapegrad.autograd.protocols.writing import WRITERS
from tapegrad.autograd.testing import strategies as draw

from ..tables import CASES, COMPOSITIONS, matrices
from ..tables.calls import Calls
from ..tables.constants import CONSTANTS
from ..test_compositions import PUBLIC

FUNCTIONS = {full_name(f).removeprefix("np."): f for f in get_overridable_numpy_array_functions()}
OVERRIDABLE: dict[str, Any] = {  # of two with one name, which differ in like=, the public one
    name: getattr(np, name, FUNCTIONS[name]) for name in sorted(FUNCTIONS)
}
OVERRIDABLE |= {f"ufunc {f.__name__}": f for f in sorted(get_overridable_numpy_ufuncs(), key=str)}

EIGEN: Calls = matrices.similar().map(lambda a: ((a,), {}))

CALLS: dict[str, Calls] = {
    "apply_along_axis": draw.arrays((2, 3)).map(lambda x: ((lambda line: line * line, 0, x), {})),
    "apply_over_axes": draw.arrays((2, 3)).map(lambda x: ((np.sum, x, (0, 1)), {})),
    "linalg.eig": EIGEN,
    "linalg.eigvals": EIGEN,
    "linalg.lstsq": matrices.rectangular((4, 3), ()).map(lambda a: ((a, a @ np.ones(3) + 1), {})),
    "einsum": draw.arrays((2, 3)).map(lambda x: (("ij,kj->ik", x, x), {})),
    "ufunc frexp": draw.arrays(domain=draw.NONZERO).map(lambda x: ((x,), {})),
    "ufunc clip": draw.arrays(domain=draw.Domain(-3, 3, (-1, 1), 0.2)).map(lambda x: ((x, -1, np.float32(1)), {})),
}
"""Calls of what a file of its own tests, and no table has."""

SMOOTH: dict[str, Callable[[Any], Any]] = {
    "linalg.eig": lambda y: y.eigenvalues.sum(axis=-1),
    "linalg.eigvals": lambda y: (y * y).sum(axis=-1),
}
"""What there is a gradient of, where not of all results: eigenvectors have any phase, eigenvalues any order."""

LIKE: dict[str, Callable[[Any], Any]] = {
    "arange": lambda t: np.arange(3.0, like=t),
    "empty": lambda t: np.empty((0, 2), like=t),
    "eye": lambda t: np.eye(2, like=t),
    "frombuffer": lambda t: np.frombuffer(b"abcdefgh", like=t),
    "fromfile": lambda t: np.fromfile(Path(__file__), np.uint8, like=t),
    "fromfunction": lambda t: np.fromfunction(lambda i: i, (3,), like=t),
    "fromiter": lambda t: np.fromiter([1.0, 2.0], float, like=t),
    "fromstring": lambda t: np.fromstring("1 2", sep=" ", like=t),
    "genfromtxt": lambda t: np.genfromtxt(["1 2"], like=t),
    "identity": lambda t: np.identity(2, like=t),
    "loadtxt": lambda t: np.loadtxt(["1 2"], like=t),
    "ones": lambda t: np.ones(2, like=t),
    "require": lambda t: np.require([1.0, 2.0], requirements="C", like=t),
    "tri": lambda t: np.tri(2, like=t),
    "zeros": lambda t: np.zeros(2, like=t),
}
"""What makes arrays of plain numbers, and with like= tensors."""

FROM_TENSORS = ("array", "asarray", "asanyarray", "ascontiguousarray", "asfortranarray", "full")
"""What makes tensors with like= alone, of tensors too."""

INTEGERS: dict[str, tuple[Any, ...]] = {
    "bincount": (np.array([1, 0, 1]),),
    "ix_": (np.array([0, 2]), np.array([1])),
    "packbits": (np.array([True, False, True]),),
    "ravel_multi_index": ((np.array([0, 1]), np.array([1, 1])), (2, 2)),
    "unpackbits": (np.array([3, 4], np.uint8),),
    "unravel_index": (np.array([1, 3]), (2, 2)),
}
"""What takes integers, which are never tracked."""

REFUSED = {
    *"histogram histogram2d histogram_bin_edges histogramdd roots save savetxt savez savez_compressed".split(),
    *"intersect1d setdiff1d setxor1d union1d unique_all unique_counts unique_inverse unique_values".split(),
    *"busday_count busday_offset datetime_as_string is_busday lib.stride_tricks.sliding_window_view".split(),
    *(f"lib.scimath.{name}" for name in "arccos arcsin arctanh log log10 log2 logn power sqrt".split()),
    *(name for name in FUNCTIONS if name.startswith(("char.", "lib.recfunctions.", "polynomial.", "rec.", "strings."))),
    *(name for name, f in OVERRIDABLE.items() if isinstance(f, np.ufunc) and not hasattr(np, f.__name__)),  # of strings
    "ufunc isnat",
} - {"ufunc clip"}
"""What has no derivative here."""


def calls(name: str) -> Calls | None:
    """The calls that a table has of what a function reaches."""
    operation: Any = found(OVERRIDABLE[name])
    for table, key in ((CALLS, name), (COMPOSITIONS, name.removeprefix("ufunc "))):
        if key in table:
            return table[key]
    if hasattr(operation, "primitive") and operation.primitive.name in CASES:
        return CASES[operation.primitive.name].drawn
    return next((drawn for other, drawn in COMPOSITIONS.items() if PUBLIC[other] is operation), None)


def place(name: str) -> str:
    """What is promised of a function."""
    function = OVERRIDABLE[name]
    if name.removeprefix("ufunc ") in CONSTANTS:
        return "constant"
    if function in WRITERS:
        return "writer"
    if name in REFUSED:
        return "refused"
    if found(function) is not None:
        if calls(name) is None:
            return f"unknown: {name} reaches an operation that no table in tests/autograd/tables has a call of"
        return "from tensors" if name in FROM_TENSORS else "gradient"
    for where, names in (("like", LIKE), ("integers", INTEGERS)):
        if name in names:
            return where
    return f"unknown: {name} reaches nothing; write the operation, or refuse it and say what to use instead"


PLACES = {name: place(name) for name in OVERRIDABLE}


def placed(where: str) -> list[str]:
    return [name for name, found in PLACES.items() if found == where]
