"""Every name that the engine composes of primitives, against NumPy and against differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import tapegrad
from tapegrad import Tensor, autograd, tensor
from tapegrad.autograd.ops import FAMILIES, averaging, comparing, convolution, pooling, resizing, unpooling, windows
from tapegrad.autograd.testing import check_grads

from . import references
from .compositions import COMPOSITIONS
from .test_primitives import assert_same

PUBLIC = {name: getattr(family, name) for family in FAMILIES for name in family.__all__}
REFERENCES = {name: getattr(np, name, None) or getattr(references, name) for name in COMPOSITIONS}
every_composition = pytest.mark.parametrize("name", COMPOSITIONS)
some = settings(max_examples=max(settings().max_examples // 4, 10))


def test_every_public_operation_is_tested() -> None:
    """By a record as a primitive, by one here, or in a file of its family's own in ops/."""
    tested = [PUBLIC[name] for name in COMPOSITIONS] + [getattr(comparing, name) for name in comparing.__all__]
    untested = {name for name, f in PUBLIC.items() if not hasattr(f, "primitive") and f not in tested}
    elsewhere = (averaging, convolution, pooling, resizing, unpooling, windows)
    assert untested == {"einsum", *(name for family in elsewhere for name in family.__all__)}
    assert set(COMPOSITIONS) <= set(PUBLIC)


def test_what_families_offer_is_public() -> None:
    missing = [name for name in PUBLIC if getattr(autograd, name, None) is not PUBLIC[name]]
    assert missing in ([], ["quotient"]), "to be imported in autograd/__init__.py"
    assert all(hasattr(autograd, name) for name in autograd.__all__)
    assert set(tapegrad.__all__) >= {"Tensor", "tensor", "no_grad", "enable_grad", "autograd"}


def is_inexact(x: Any) -> bool:
    return isinstance(x, np.ndarray) and x.dtype.kind in "fc"


def of_arrays(
    f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[Callable[..., Any], list[Any]]:
    """f as a function of the floating and complex arrays in its arguments alone, and those arrays."""
    flat = [x for part in args for x in (part if isinstance(part, list) else [part])]
    arrays = [x for x in flat if is_inexact(x)]

    def of_tensors(*xs: Any) -> Any:
        new = {id(old): x for old, x in zip(arrays, xs, strict=True)}

        def put(part: Any) -> Any:
            return [new.get(id(x), x) for x in part] if isinstance(part, list) else new.get(id(part), part)

        return f(*map(put, args), **kwargs)

    return of_tensors, arrays


def assert_all_same(got: Any, expected: Any) -> None:
    if not isinstance(expected, list):
        return assert_same(got, expected)
    assert isinstance(got, list)
    for one, other in zip(got, expected, strict=True):
        assert_same(one, other)
    return None


@every_composition
@given(st.data())
def test_value_is_numpys(name: str, data: st.DataObject) -> None:
    args, kwargs = data.draw(COMPOSITIONS[name])
    expected = REFERENCES[name](*args, **kwargs)
    f, arrays = of_arrays(PUBLIC[name], args, kwargs)
    assert_all_same(f(*(tensor(x, requires_grad=True, copy=None) for x in arrays)), expected)
    assert_all_same(f(*(tensor(x, copy=None) for x in arrays)), expected)


@pytest.mark.parametrize("name", [name for name in COMPOSITIONS if hasattr(np, name)])
@given(st.data())
@some
def test_numpys_function_reaches_it(name: str, data: st.DataObject) -> None:
    args, kwargs = data.draw(COMPOSITIONS[name])
    f, arrays = of_arrays(getattr(np, name), args, kwargs)
    result = f(*(tensor(x, requires_grad=True) for x in arrays))
    assert_all_same(result, REFERENCES[name](*args, **kwargs))
    assert all(isinstance(y, Tensor) and y.requires_grad for y in (result if isinstance(result, list) else [result]))


@every_composition
@given(st.data())
@some
def test_gradients(name: str, data: st.DataObject) -> None:
    args, kwargs = data.draw(COMPOSITIONS[name])
    f, arrays = of_arrays(PUBLIC[name], args, kwargs)
    if not all(np.isfinite(x).all() for x in arrays):
        return
    check_grads(f, *arrays)
