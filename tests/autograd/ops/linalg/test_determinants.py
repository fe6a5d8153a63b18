"""Determinants have every derivative at every rank, and their logarithms where the determinant is not 0."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from numpy.typing import NDArray

from tapegrad import autograd, tensor
from tapegrad.autograd import linalg, pullback
from tapegrad.autograd.testing import check_grads, strategies as draw

some = settings(max_examples=max(settings().max_examples // 2, 10))


def minor(a: NDArray[Any], rows: tuple[int, ...], columns: tuple[int, ...]) -> Any:
    """The derivative of det(a) by elements (rows[i], columns[i]): the determinant of the rest, with its sign.

    Zero if two of them share a row or a column.
    """
    if len(set(rows)) < len(rows) or len(set(columns)) < len(columns):
        return 0
    sign = (-1) ** (sum(rows) + sum(columns))
    inverted = (rows[0] > rows[1]) + (columns[0] > columns[1]) if len(rows) == 2 else 0
    return sign * (-1) ** inverted * np.linalg.det(np.delete(np.delete(a, rows, 0), columns, 1))


def of_rank(rank: int, n: int, dtype: str, seed: int) -> NDArray[Any]:
    rng = np.random.default_rng(seed)
    left, right = rng.normal(size=(n, rank)), rng.normal(size=(rank, n))
    if dtype == "complex128":
        left, right = left + 1j * rng.normal(size=(n, rank)), right + 1j * rng.normal(size=(rank, n))
    return np.asarray(left @ right, dtype)


@given(st.integers(1, 5), st.integers(0, 4), st.sampled_from(("float64", "complex128")), draw.seeds())
def test_both_derivatives_are_minors_at_every_rank(n: int, lost: int, dtype: str, seed: int) -> None:
    a = of_rank(max(n - lost, 0), n, dtype, seed)
    t = tensor(a, requires_grad=True)
    (gradient,) = pullback([linalg.det(t)], [t], [np.ones((), dtype)], create_graph=True)
    places = list(product(range(n), repeat=2))
    expected = np.array([minor(a, (i,), (j,)) for i, j in places]).reshape(n, n)
    scale = float(np.linalg.norm(a, 2) + 1) ** n
    np.testing.assert_allclose(gradient.numpy(), expected.conj(), rtol=1e-9, atol=1e-12 * scale)
    for i, j in places:
        (second,) = pullback([autograd.conj(gradient)[i, j]], [t], [np.ones((), dtype)], retain_graph=True)
        expected = np.array([minor(a, (i, k), (j, m)) for k, m in places]).reshape(n, n)
        np.testing.assert_allclose(second.numpy(), expected.conj(), rtol=1e-8, atol=1e-11 * scale)


@pytest.mark.parametrize(
    "s", [*([3.0, 2.0, 1.0, small] for small in (1e-3, 1e-6, 1e-9, 1e-12, 1e-15, 0.0)), [1.0, 1.0, 1.5e-8, 1.4900e-8]]
)
def test_the_second_derivative_is_accurate_next_to_a_singular_matrix(s: list[float]) -> None:
    """det A tr(A⁻¹ X) tr(A⁻¹ Y) - ... would cancel what 1 / small magnifies."""
    rng = np.random.default_rng(0)
    u, v = (np.linalg.qr(rng.normal(size=(4, 4)))[0] for _ in range(2))
    a = u * np.array(s) @ v
    t = tensor(a, requires_grad=True)
    (gradient,) = pullback([linalg.det(t)], [t], create_graph=True)
    (second,) = pullback([gradient[0, 0]], [t])
    expected = [[minor(a, (0, k), (0, m)) for m in range(4)] for k in range(4)]
    np.testing.assert_allclose(second.numpy(), expected, rtol=0, atol=1e-7)


def test_a_batch_of_matrices_of_every_rank() -> None:
    a = np.stack([of_rank(rank, 3, "float64", rank) for rank in (3, 2, 1, 0)]).reshape(2, 2, 3, 3)
    t = tensor(a, requires_grad=True)
    linalg.det(t).sum().backward()
    assert t.grad is not None
    for index in np.ndindex(2, 2):
        expected = [[minor(a[index], (i,), (j,)) for j in range(3)] for i in range(3)]
        np.testing.assert_allclose(t.grad.numpy()[index], expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("rank", [2, 3, 4])
def test_the_third_derivative(rank: int) -> None:
    check_grads(linalg.det, of_rank(rank, 4, "float64", 1) + (rank == 2) * np.diag([0.0, 0.0, 0.0, 1.0]), order=3)


def test_a_logarithm_where_the_determinant_overflows() -> None:
    a = 1e3 * np.eye(200) + np.random.default_rng(0).normal(size=(200, 200))
    t = tensor(a, requires_grad=True)
    with np.errstate(over="ignore"):
        assert np.isinf(np.linalg.det(a))
    linalg.slogdet(t).logabsdet.backward()
    assert t.grad is not None
    np.testing.assert_allclose(t.grad.numpy(), np.linalg.inv(a).T, rtol=1e-10, atol=1e-16)


def test_a_singular_matrix_whose_logarithm_is_not_taken_has_gradient_zero() -> None:
    a = np.array([[[1.0, 2.0], [2.0, 4.0]], [[2.0, 0.0], [0.0, 4.0]]])
    t = tensor(a, requires_grad=True)
    sign, logarithm = linalg.slogdet(t)
    np.where(sign != 0, logarithm, 0).sum().backward()
    assert t.grad is not None
    assert t.grad.numpy().tolist() == [[[0, 0], [0, 0]], [[0.5, 0], [0, 0.25]]]
    with pytest.raises(np.linalg.LinAlgError, match="Singular") as caught:
        linalg.slogdet(t).logabsdet.sum().backward()
    assert "in the derivative of slogdet, called at test_determinants.py:" in caught.value.__notes__[0]


def test_a_logarithm_at_its_target_has_a_second_derivative() -> None:
    """A cotangent that is 0 hides nothing: (log det A - c)² has a Hessian where it is 0."""
    a = np.diag([2.0, 3.0])
    check_grads(lambda t: (linalg.slogdet(t).logabsdet - np.log(6.0)) ** 2 + t.sum(), a)


def test_the_sign_of_a_real_determinant_is_a_constant() -> None:
    t = tensor(-np.eye(3), requires_grad=True)
    sign, _ = linalg.slogdet(t)
    sign.backward()
    assert sign.item() == -1
    assert t.grad is not None
    assert not t.grad.numpy().any()
