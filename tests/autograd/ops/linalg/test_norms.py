"""Norms: their corners, their ties, what they take and refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from tapegrad import tensor
from tapegrad.autograd import linalg, pullback
from tapegrad.autograd.testing import check_grads, strategies as draw

from .gradients import gradient

inf = np.inf
VECTOR: list[Any] = [None, 1, 2, 3, 2.5, inf]
MATRIX: list[Any] = [None, "fro", "nuc", 1, 2, inf]
some = settings(max_examples=max(settings().max_examples // 4, 10))


@pytest.mark.parametrize("dtype", ["float32", "float64", "complex64", "complex128"])
@pytest.mark.parametrize(
    "f",
    [
        *(lambda t, p=p: np.linalg.norm(t[0], p) for p in VECTOR),
        *(lambda t, p=p: np.linalg.norm(t, p) for p in MATRIX),
        lambda t: np.linalg.vector_norm(t),
        lambda t: np.linalg.vector_norm(t, axis=1).sum(),
        lambda t: np.linalg.matrix_norm(t),
    ],
)
def test_the_gradient_at_zero_is_zero(f: Callable[..., Any], dtype: str) -> None:
    """Of first and second order, for both ways to walk, and without a warning."""
    t = tensor(np.zeros((2, 3), dtype), requires_grad=True)
    y = f(t)
    (plain,) = pullback([y], [t], retain_graph=True)
    (recorded,) = pullback([y], [t], create_graph=True)
    assert plain.dtype == recorded.dtype == t.dtype
    assert not plain.numpy().any()
    assert not recorded.numpy().any()
    (second,) = pullback([recorded], [t], [np.ones((2, 3), dtype)])
    assert not second.numpy().any()


def test_a_zero_among_others_is_no_corner_of_the_euclidean_norm() -> None:
    check_grads(np.linalg.norm, np.array([3.0, 0.0, 4.0]))
    check_grads(lambda t: np.linalg.norm(t, axis=1), np.array([[3.0, 0.0], [0.0, 4.0]]))


def test_a_row_of_zeros_leaves_the_others_alone() -> None:
    g = gradient(lambda t: np.linalg.norm(t, axis=1).sum(), np.array([[0.0, 0.0], [3.0, 4.0]]))
    np.testing.assert_allclose(g, np.array([[0.0, 0.0], [0.6, 0.8]]), rtol=1e-15)


@pytest.mark.parametrize(
    ("x", "ord", "expected"),
    [
        ([2.0, -2.0, 1.0], inf, [0.5, -0.5, 0.0]),
        ([2.0, -1.0, 1.0], -inf, [0, -0.5, 0.5]),
        ([[1.0, 1.0], [1.0, 1.0]], 1, [[0.5, 0.5], [0.5, 0.5]]),
        ([[1.0, 1.0], [2.0, -3.0]], inf, [[0, 0], [1, -1]]),
        ([[2.0, 0.0], [0.0, 2.0]], 2, [[0.5, 0], [0, 0.5]]),
        ([[2.0, 0.0], [0.0, -3.0]], "nuc", [[1, 0], [0, -1]]),
    ],
)
def test_ties_share(x: Any, ord: Any, expected: Any) -> None:
    np.testing.assert_allclose(gradient(lambda t: np.linalg.norm(t, ord), np.array(x)), expected, atol=1e-14)


@pytest.mark.parametrize("axis", [None, 0, 1, (0, 1)])
def test_the_number_of_elements_that_are_not_zero_is_a_constant(axis: Any) -> None:
    x = np.array([[0.0, 2.0, -1.0], [0.0, 0.0, 3.0]], np.float32)
    t = tensor(x, requires_grad=True)
    got = linalg.vector_norm(t, axis=axis, ord=0)
    assert not got.requires_grad
    expected = np.linalg.vector_norm(x, axis=axis, ord=0)
    assert got.dtype == expected.dtype
    np.testing.assert_array_equal(got.numpy(), expected)


@given(draw.shapes(max_dims=4, min_side=1), st.sampled_from((*draw.DTYPES, "int64", "bool")), st.data())
@some
def test_values_are_numpys(shape: tuple[int, ...], dtype: str, data: st.DataObject) -> None:
    x = (3 * np.random.default_rng(0).normal(size=shape)).astype(dtype)
    axis = data.draw(draw.axes(x.ndim).filter(lambda axis: not isinstance(axis, tuple) or len(axis) in (1, 2)))
    ord = data.draw(st.sampled_from((*VECTOR, *MATRIX, 0, -1, -2, -inf)))
    keepdims = data.draw(st.booleans())
    try:
        with np.errstate(divide="ignore"):
            expected = np.linalg.norm(x, ord, axis, keepdims)
    except ValueError:
        with pytest.raises(ValueError, match=r"norm"):
            linalg.norm(tensor(x), ord, axis, keepdims)
        return
    with np.errstate(divide="ignore"):
        got = linalg.norm(tensor(x), ord, axis, keepdims)
    assert got.dtype == np.asarray(expected).dtype
    assert got.shape == np.shape(expected)
    tolerance = 256 * np.finfo(got.dtype).eps
    np.testing.assert_allclose(got.numpy(), expected, tolerance, tolerance)


def test_nothing_has_norm_zero() -> None:
    for p in (1, 2, inf, "fro", "nuc"):
        assert linalg.norm(tensor(np.zeros((0, 3)), requires_grad=True), p).item() == 0
        assert linalg.norm(tensor(np.zeros((2, 0, 3)), requires_grad=True), p, (1, 2)).numpy().tolist() == [0, 0]


@pytest.mark.parametrize(
    ("x", "ord", "axis", "message"),
    [
        ((3,), "fro", None, "'fro' is a norm of matrices"),
        ((3, 3), "max", None, "no norm of ord='max'"),
        ((3, 3), 3, None, "no norm of ord=3"),
        ((2, 3, 4), 2, None, "one axis or two"),
        ((2, 3, 4), None, (0, 1, 2), "one axis or two"),
        ((2, 3), None, (0, 0), "repeated axis"),
        ((2, 3), None, 2, "out of bounds"),
    ],
)
def test_what_has_no_norm(x: tuple[int, ...], ord: Any, axis: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        linalg.norm(tensor(np.ones(x), requires_grad=True), ord, axis)


@pytest.mark.parametrize("p", [None, 2, 1, -1, inf, -inf, "fro"])
def test_a_singular_matrix_has_no_finite_condition(p: Any) -> None:
    a = np.array([[[1.0, 0.0], [0.0, 0.0]], [[2.0, 0.0], [0.0, 1.0]]])
    t = tensor(a, requires_grad=True)
    y = np.linalg.cond(t, p)
    np.testing.assert_allclose(y.numpy(), np.linalg.cond(a, p))
    y[1].backward(retain_graph=True)
    assert t.grad is not None
    assert np.isfinite(t.grad.numpy()).all()
    assert t.grad.numpy()[1].any()
    y[0].backward()
    assert not t.grad.numpy()[0].any()


def test_what_has_no_condition() -> None:
    with pytest.raises(np.linalg.LinAlgError, match="empty"):
        linalg.cond(tensor(np.zeros((0, 0))))
    with pytest.raises(np.linalg.LinAlgError, match="square"):
        linalg.cond(tensor(np.ones((2, 3))), 1)
