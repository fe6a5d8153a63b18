"""Inverses and systems: higher orders, identities, broadcasting, and what cannot be solved."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from tapegrad import Tensor, autograd, tensor
from tapegrad.autograd import linalg
from tapegrad.autograd.testing import check_grads

from ...tables.matrices import square

some = settings(max_examples=max(settings().max_examples // 4, 10))


def leaf(*shape: int, name: str | None = None) -> Tensor:
    return tensor(np.ones(shape), requires_grad=True, name=name)


@given(square(dtype=st.sampled_from(("float64", "complex128"))))
@some
def test_the_third_derivative(a: Any) -> None:
    check_grads(linalg.inv, a, order=3)


@given(square())
@some
def test_an_inverse_of_an_inverse_has_the_identity_for_a_derivative(a: Any) -> None:
    t = tensor(a, requires_grad=True)
    seed = np.random.default_rng(0).normal(size=a.shape).astype(a.dtype)
    linalg.inv(linalg.inv(t)).backward(seed)
    assert t.grad is not None
    tolerance = 1e-3 if a.dtype.char in "fF" else 1e-11
    np.testing.assert_allclose(t.grad.numpy(), seed, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize(
    ("a", "b"),
    [((2, 3, 3), (3,)), ((3, 3), (2, 3, 1)), ((2, 1, 3, 3), (4, 3, 2)), ((0, 3, 3), (3, 2)), ((0, 0), (0, 2))],
)
def test_systems_broadcast_as_in_numpy(a: tuple[int, ...], b: tuple[int, ...]) -> None:
    rng = np.random.default_rng(0)
    x: Any = rng.normal(size=a) + 3 * np.eye(a[-1])
    y: Any = rng.normal(size=b)
    np.testing.assert_allclose(linalg.solve(tensor(x), tensor(y)).numpy(), np.linalg.solve(x, y), rtol=1e-12)
    check_grads(linalg.solve, x, y)


def test_a_vector_is_one_right_side_only_without_leading_axes() -> None:
    """As in NumPy 2: (2, 3) are not two vectors, but one matrix with two rows."""
    with pytest.raises(ValueError, match="solve"):
        linalg.solve(tensor(np.stack([np.eye(3)] * 2)), tensor(np.ones((2, 3))))


@pytest.mark.parametrize("n", [0, 1])
def test_a_power_of_nothing_is_the_identity(n: int) -> None:
    t = leaf(2, 3, 3)
    y: Any = np.linalg.matrix_power(t, n)
    assert isinstance(y, Tensor)
    np.testing.assert_array_equal(y.numpy(), np.broadcast_to(np.eye(3) if n == 0 else np.ones((3, 3)), (2, 3, 3)))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda a, _b: linalg.inv(a), np.linalg.LinAlgError, r"inv: weight \(3, 3\)"),
        (lambda a, b: linalg.solve(a, b), np.linalg.LinAlgError, r"solve: weight \(3, 3\), b \(3, 1\)"),
        (lambda a, _b: np.linalg.matrix_power(a, -2), np.linalg.LinAlgError, r"inv: weight \(3, 3\)"),
        (lambda a, _b: linalg.inv(a[:2]), np.linalg.LinAlgError, r"inv: a \(2, 3\)"),
        (lambda a, b: linalg.solve(a[:2], b), np.linalg.LinAlgError, r"solve: expected square .* shape \(2, 3\)"),
        (lambda a, b: linalg.solve(b, b), np.linalg.LinAlgError, r"solve: expected matrices .* shape \(3,\)"),
        (lambda a, _b: linalg.matrix_power(a[:2], 2), np.linalg.LinAlgError, r"matrix_power: expected square"),
        (lambda a, b: np.linalg.matrix_power(a, b), TypeError, r"matrix_power: expected an integer"),
        (lambda a, b: linalg.tensorsolve(a[:2], b[:2]), np.linalg.LinAlgError, r"tensorsolve: a \(2, 3\) has 6 elem"),
        (lambda a, _b: linalg.tensorinv(a, 0), ValueError, r"ind must be positive, got 0"),
        (lambda a, _b: linalg.tensorinv(a[:2], 1), np.linalg.LinAlgError, r"tensorinv: expected square"),
    ],
)
def test_what_cannot_be_solved(call: Callable[..., Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=r".") as caught:
        call(leaf(3, 3, name="weight"), leaf(3))
    text = "\n".join([str(caught.value), *getattr(caught.value, "__notes__", [])])
    assert_matches(message, text)
    if error is np.linalg.LinAlgError:
        assert_matches(r"called at test_inverting\.py:\d+", text)


def assert_matches(pattern: str, text: str) -> None:
    assert re.search(pattern, text), text


def test_on_plain_arrays_it_is_numpys() -> None:
    a: Any = [[2, 1], [1, 3]]
    np.testing.assert_allclose(autograd.linalg.inv(a), np.linalg.inv(a))
    np.testing.assert_allclose(autograd.linalg.solve(a, [1, 2]), np.linalg.solve(a, [1, 2]))
    assert not isinstance(autograd.linalg.solve(a, [1, 2]), Tensor)
