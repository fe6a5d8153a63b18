"""Comparisons, predicates, positions: NumPy's values, never tracked, also through np.<name> and operators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tapegrad import Tensor, autograd, tensor
from tapegrad.autograd.ops import comparing

X = np.array([[1.0, -2.0, 0.0], [np.nan, 3.0, np.inf]])
Y = np.array([1.0, 3.0, 0.0])
CALLS: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(("all", "any", "argmax", "argmin", "argsort", "count_nonzero", "isfinite", "isinf", "isnan"), (X,)),
    **dict.fromkeys(("logical_not", "ndim", "nonzero", "ones_like", "shape", "signbit", "size", "zeros_like"), (X,)),
    **dict.fromkeys(("allclose", "array_equal", "equal", "greater", "greater_equal", "isclose", "less"), (X, Y)),
    **dict.fromkeys(("less_equal", "logical_and", "logical_or", "logical_xor", "not_equal"), (X, Y)),
    **dict.fromkeys(("bitwise_and", "bitwise_or", "bitwise_xor"), (X > 0, Y > 1)),
    "invert": (X > 0,),
}  # fmt: skip


def tracked(x: Any) -> Tensor:
    return tensor(x, requires_grad=x.dtype.kind == "f")


def assert_constant(got: Any, expected: Any) -> None:
    """The value, as a tensor that is not tracked where NumPy gives an array."""
    if isinstance(expected, tuple):
        assert isinstance(got, tuple)
        for one, other in zip(got, expected, strict=True):
            np.testing.assert_array_equal(one, other)
        return
    assert not isinstance(got, Tensor) or not got.requires_grad
    values = got.numpy() if isinstance(got, Tensor) else np.asarray(got)
    np.testing.assert_array_equal(values, expected)
    assert values.dtype == np.asarray(expected).dtype


def test_every_one_is_called() -> None:
    assert set(CALLS) == set(comparing.__all__)


@pytest.mark.parametrize("name", CALLS)
def test_value_is_numpys_and_constant(name: str) -> None:
    args = CALLS[name]
    expected = getattr(np, name)(*args)
    for f in (getattr(autograd, name), getattr(np, name)):
        assert_constant(f(*map(tracked, args)), expected)
        assert_constant(f(tracked(args[0]), *args[1:]), expected)
    assert_constant(getattr(autograd, name)(*args), expected)


@pytest.mark.parametrize(
    "call",
    [
        lambda x: np.argmax(x, axis=1),
        lambda x: np.argmax(x, 0, keepdims=True),
        lambda x: np.all(x, axis=(0, 1)),
        lambda x: np.count_nonzero(x, axis=0),
        lambda x: np.isclose(x, 1.0, rtol=0.5, equal_nan=True),
        lambda x: np.argsort(x, axis=None, kind="stable"),
        lambda x: np.zeros_like(x, dtype=np.int32),
        lambda x: np.ones_like(x, shape=(2,)),
        lambda x: np.size(x, 1),
    ],
)
def test_parameters_are_numpys(call: Callable[[Any], Any]) -> None:
    assert_constant(call(tracked(X)), call(X))


def test_tensors_may_come_by_keyword() -> None:
    assert np.isclose(X, b=tracked(X), equal_nan=True).all()
    assert np.isclose(a=tracked(X), b=tracked(X), equal_nan=True).all()
    assert not np.all(a=tracked(Y))
    assert np.argmax(a=tracked(Y)) == 1


@pytest.mark.parametrize(
    "operator",
    [
        lambda x, y: x == y,
        lambda x, y: x != y,
        lambda x, y: x < y,
        lambda x, y: x <= y,
        lambda x, y: x > y,
        lambda x, y: x >= y,
        lambda x, y: (x > 0) & (y > 0),
        lambda x, y: (x > 0) | (y > 0),
        lambda x, y: (x > 0) ^ (y > 0),
        lambda x, y: ~(x > y),
    ],
)
def test_operators(operator: Callable[[Any, Any], Any]) -> None:
    expected = operator(X, Y)
    for x, y in ((tracked(X), tracked(Y)), (X, tracked(Y)), (tracked(X), Y)):
        assert_constant(operator(x, y), expected)


def test_a_tensor_is_not_equal_to_what_is_no_number() -> None:
    x: Any = tracked(Y)
    assert (x == None) is False  # noqa: E711 - what a library may ask
    assert (x == "a") is False
    assert x != "a"
    assert x in [None, x]


def test_methods() -> None:
    x = tracked(X)
    for name in ("all", "any", "argmax", "argmin", "argsort", "nonzero"):
        assert_constant(getattr(x, name)(), getattr(X, name)())
    assert_constant(x.argmax(axis=0), X.argmax(axis=0))


def test_python_asks_for_truth_and_membership() -> None:
    assert tracked(np.array(1.0))
    assert not tracked(np.array(0.0))
    with pytest.raises(ValueError, match="ambiguous"):
        bool(tracked(Y))
    assert 3.0 in tracked(Y)
    assert tensor(3.0) in tracked(Y)
    assert 4.0 not in tracked(Y)


def test_where_of_a_condition_alone_is_nonzero() -> None:
    for condition in (tracked(Y), tracked(Y) > 0, Y > 0):
        assert_constant(autograd.where(condition), np.nonzero(Y))
        assert_constant(np.where(condition), np.nonzero(Y))
