"""Every name that the engine composes of primitives, against NumPy and against differences."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import attrgetter
from typing import Any

import numpy as np
import pytest
import scipy.special
from hypothesis import given, settings, strategies as st
from numpy.testing.overrides import allows_array_function_override

import tapegrad
from tapegrad import Tensor, autograd, tensor
from tapegrad.autograd.ops import (
    FAMILIES,
    NAMESPACES,
    activations,
    averaging,
    convolution,
    histograms,
    pooling,
    resizing,
    unpooling,
    windows,
)
from tapegrad.autograd.testing import check_grads

from . import references
from .tables import COMPOSITIONS
from .tables.constants import CONSTANTS
from .test_primitives import assert_same

PUBLIC = {name: getattr(family, name) for family in FAMILIES for name in family.__all__}
for namespace in NAMESPACES:
    module = getattr(autograd, namespace)
    PUBLIC |= {f"{namespace}.{name}": getattr(module, name) for name in module.__all__}


def numpys(name: str) -> Any:
    """NumPy's or SciPy's function of that name, if there is one."""
    start = scipy if name.startswith("special.") else np
    return reduce(lambda module, part: getattr(module, part, None), name.split("."), start)


REFERENCES = {name: numpys(name) or getattr(references, name) for name in COMPOSITIONS}
every_composition = pytest.mark.parametrize("name", COMPOSITIONS)
some = settings(max_examples=max(settings().max_examples // 4, 10))


def test_every_public_operation_is_tested() -> None:
    """By a record as a primitive, by one here, or in a file of its family's own in ops/."""
    tested = [PUBLIC[name] for name in (*COMPOSITIONS, *CONSTANTS)]
    untested = {name for name, f in PUBLIC.items() if not hasattr(f, "primitive") and f not in tested}
    elsewhere = (activations, averaging, convolution, histograms, pooling, resizing, unpooling, windows)
    names = {"einsum", "frexp", "linalg.eig", "linalg.eigvals", "linalg.lstsq"}
    assert untested == names.union(*(family.__all__ for family in elsewhere))
    assert set(COMPOSITIONS) <= set(PUBLIC)


def test_what_families_offer_is_public() -> None:
    assert all(attrgetter(name)(autograd) is operation for name, operation in PUBLIC.items())
    assert all(hasattr(autograd, name) for name in autograd.__all__)
    assert set(tapegrad.__all__) >= {"Tensor", "tensor", "no_grad", "enable_grad", "autograd"}


def is_inexact(x: Any) -> bool:
    return isinstance(x, np.ndarray) and x.dtype.kind in "fc"


def flat(nested: Any) -> list[Any]:
    return [x for part in nested for x in flat(part)] if isinstance(nested, list) else [nested]


def of_arrays(
    f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[Callable[..., Any], list[Any]]:
    """f as a function of the floating and complex arrays in its arguments alone, and those arrays."""
    arrays = [x for x in flat(list(args)) if is_inexact(x)]

    def of_tensors(*xs: Any) -> Any:
        new = {id(old): x for old, x in zip(arrays, xs, strict=True)}

        def put(part: Any) -> Any:
            return [put(x) for x in part] if isinstance(part, list) else new.get(id(part), part)

        return f(*map(put, args), **kwargs)

    return of_tensors, arrays


def assert_all_same(got: Any, expected: Any) -> None:
    if not isinstance(expected, list | tuple):
        return assert_same(got, expected)
    assert isinstance(got, type(expected))
    for one, other in zip(got, expected, strict=True):
        assert_all_same(one, other)
    return None


ONLY_WITH_LIKE = {"array", "asarray", "asanyarray", "ascontiguousarray", "asfortranarray", "full"}


def overridable(name: str) -> bool:
    """Whether NumPy hands a call with tensors over to us."""
    function = numpys(name)
    if name in ONLY_WITH_LIKE or function is None:
        return False
    return isinstance(function, np.ufunc) or allows_array_function_override(function)


@every_composition
@given(st.data())
def test_value_is_numpys(name: str, data: st.DataObject) -> None:
    args, kwargs = data.draw(COMPOSITIONS[name])
    expected = REFERENCES[name](*args, **kwargs)
    f, arrays = of_arrays(PUBLIC[name], args, kwargs)
    assert_all_same(f(*(tensor(x, requires_grad=True, copy=None) for x in arrays)), expected)
    assert_all_same(f(*(tensor(x, copy=None) for x in arrays)), expected)


@pytest.mark.parametrize("name", [name for name in COMPOSITIONS if overridable(name)])
@given(st.data())
@some
def test_numpys_function_reaches_it(name: str, data: st.DataObject) -> None:
    args, kwargs = data.draw(COMPOSITIONS[name])
    f, arrays = of_arrays(numpys(name), args, kwargs)
    result = f(*(tensor(x, requires_grad=True) for x in arrays))
    assert_all_same(result, REFERENCES[name](*args, **kwargs))
    results = result if isinstance(result, list | tuple) else [result]
    assert all(isinstance(y, Tensor) and y.requires_grad for y in results)


@every_composition
@given(st.data())
@some
def test_gradients(name: str, data: st.DataObject) -> None:
    args, kwargs = data.draw(COMPOSITIONS[name])
    f, arrays = of_arrays(PUBLIC[name], args, kwargs)
    if not all(np.isfinite(x).all() for x in arrays):
        return
    check_grads(f, *arrays)
