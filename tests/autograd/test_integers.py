"""What has no gradient still computes: integers and booleans through every operation, with NumPy's dtypes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from tapegrad import Tensor, tensor
from tapegrad.autograd.testing import strategies as draw

from .tables import CASES
from .test_primitives import ENGINE

X = np.array([[3, 1, 2], [1, 4, 2]])
UFUNCS = [name for name, case in CASES.items() if isinstance(case.reference, np.ufunc) and name != "matmul"]
some = settings(max_examples=max(settings().max_examples // 4, 10))


def assert_computed(got: Any, expected: Any) -> None:
    assert isinstance(got, Tensor)
    assert not got.requires_grad
    assert got.dtype == np.asarray(expected).dtype
    np.testing.assert_allclose(got.numpy(), expected, rtol=1e-6)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", UFUNCS)
@given(st.data())
@some
def test_elementwise_operations(name: str, data: st.DataObject) -> None:
    dtype = data.draw(st.sampled_from(("bool", "int8", "uint8", "int32", "int64")))
    count = len(ENGINE[name].primitive.arguments)
    arrays = [np.asarray(np.abs(x)).astype(dtype) for x in data.draw(draw.broadcasting_arrays(*[draw.REAL] * count))]
    with np.errstate(all="ignore"):
        try:
            expected = CASES[name].reference(*arrays)
        except TypeError:  # as NumPy refuses to subtract booleans
            with pytest.raises(TypeError):
                ENGINE[name](*map(tensor, arrays))
            return
        assert_computed(ENGINE[name](*map(tensor, arrays)), expected)


@pytest.mark.parametrize("dtype", [bool, np.int8, np.uint16, np.int64])
@pytest.mark.parametrize(
    "f",
    [
        np.sum, np.mean, np.var, np.std, np.max, np.min, np.prod, np.cumsum,
        lambda x: np.sum(x, axis=1, dtype=np.float32),
        lambda x: np.prod(x, axis=0),
        lambda x: np.prod(x, axis=0, dtype=np.int16),
        lambda x: x.T, lambda x: x.reshape(-1), lambda x: x[::-1, [0, 0]], lambda x: np.flip(x),
        lambda x: np.roll(x, 1),
        lambda x: np.pad(x, 1), lambda x: np.tril(x), lambda x: np.tile(x, 2), lambda x: np.repeat(x, 2, 0),
        lambda x: np.concatenate([x, x]), lambda x: np.stack([x, x], 1), lambda x: np.diag(x[0]), lambda x: np.trace(x),
        lambda x: x @ x.T, lambda x: np.einsum("ij,kj->ik", x, x), lambda x: np.tensordot(x, x, 2),
        lambda x: np.dot(x, x.T), lambda x: np.inner(x, x), lambda x: np.outer(x, x),
        lambda x: np.where(x > 1, x, 0), lambda x: np.clip(x, 0, 1), lambda x: np.nan_to_num(x),
        lambda x: np.round(x), lambda x: x.astype(np.float32), lambda x: np.float_power(x, 2),
        lambda x: np.take(x, [0, 5]),
    ],
)  # fmt: skip
def test_everything_else(f: Callable[[Any], Any], dtype: Any) -> None:
    x = X.astype(dtype)
    try:
        expected = f(x)
    except (TypeError, ValueError, OverflowError) as error:
        with pytest.raises(type(error)):
            f(tensor(x))
        return
    assert_computed(f(tensor(x)), expected)


@pytest.mark.parametrize("name", ["logsumexp", "softmax", "log_softmax"])
def test_softmax_and_its_kin_of_integers_are_those_of_floats(name: str) -> None:
    got = ENGINE[name](tensor(X), axis=1)
    assert got.dtype == np.float64
    np.testing.assert_array_equal(got.numpy(), ENGINE[name](X.astype(float), axis=1))


def test_constants_mix_with_what_is_tracked() -> None:
    x = tensor([1.0, 2.0, 3.0], requires_grad=True)
    y = x * tensor([1, 2, 3]) + tensor([True, False, True])
    y.sum().backward()
    assert x.grad is not None
    assert x.grad.numpy().tolist() == [1, 2, 3]
    assert y.dtype == np.float64


def test_a_conversion_to_integers_is_a_constant() -> None:
    x = tensor([1.5, 2.5], requires_grad=True)
    for dtype in (int, bool, np.int8):
        y = x.astype(dtype)
        assert y.dtype == dtype
        assert not y.requires_grad
    assert x.astype(np.float32).requires_grad
    assert x.astype(np.float64, copy=False) is x
