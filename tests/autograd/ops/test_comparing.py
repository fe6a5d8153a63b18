"""Comparisons, predicates, positions: NumPy's values, never tracked, also through np.<name> and operators."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

import numpy as np
import pytest

from tapegrad import Tensor, autograd, tensor
from tapegrad.autograd.ops import comparing, describing
from tapegrad.autograd.trees import mapped

from ..tables import constants
from ..tables.constants import CONSTANTS

X, Y = constants.X, constants.Y


def tracked(x: Any) -> Tensor:
    return tensor(x, requires_grad=x.dtype.kind == "f") if isinstance(x, np.ndarray) else x


def assert_constant(got: Any, expected: Any) -> None:
    """The value, as a tensor that is not tracked where NumPy gives an array."""
    assert type(got) is type(expected) or isinstance(got, Tensor)
    if isinstance(expected, (tuple, list)):
        for one, other in zip(got, expected, strict=True):
            assert_constant(one, other)
    elif isinstance(expected, np.ndarray | np.generic):
        assert not isinstance(got, Tensor) or not got.requires_grad
        values = got.numpy() if isinstance(got, Tensor) else got
        np.testing.assert_array_equal(values, expected)
        assert values.dtype == expected.dtype
    else:
        assert got == expected


def test_every_one_is_called() -> None:
    assert set(CONSTANTS) >= {*comparing.__all__, *describing.__all__}


@pytest.mark.parametrize("name", CONSTANTS)
def test_value_is_numpys_and_constant(name: str) -> None:
    args, kwargs = CONSTANTS[name]
    f, reference = attrgetter(name)(autograd), attrgetter(name)(np)
    expected = reference(*args, **kwargs)
    assert_constant(f(*mapped(tracked, args), **kwargs), expected)
    assert_constant(f(tracked(args[0]) if isinstance(args[0], np.ndarray) else args[0], *args[1:], **kwargs), expected)
    assert_constant(f(*args, **kwargs), expected)


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
