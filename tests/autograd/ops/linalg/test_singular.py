"""Singular values and vectors, pseudo-inverses and least squares, also where the rank is not full."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from numpy.typing import NDArray

from tapegrad import Tensor, autograd, tensor
from tapegrad.autograd import linalg
from tapegrad.autograd.testing import check_grads, strategies as draw

from ...tables.matrices import hermitian, rectangular
from .gradients import gradient, mH, random, symmetric

some = settings(max_examples=max(settings().max_examples // 4, 10))
DOUBLE = st.sampled_from(("float64", "complex128"))
SHAPES = [(3, 3), (4, 2), (2, 4), (3, 1), (1, 3)]


def with_values(s: Any, shape: tuple[int, int], dtype: str = "float64") -> NDArray[Any]:
    """A matrix with these singular values."""
    u, v = (np.linalg.qr(random(np.zeros((n, n), dtype)))[0] for n in shape)
    k = len(s)
    return np.asarray(u[:, :k] * np.asarray(s, float) @ v[:, :k].conj().T)


@given(rectangular(dtype=DOUBLE), st.booleans())
@some
def test_the_matrix_comes_back(a: NDArray[Any], full: bool) -> None:
    k = min(a.shape[-2:])

    def product(t: Any) -> Any:
        u, s, vh = linalg.svd(t, full)
        return u[..., :k] * s[..., None, :] @ vh[..., :k, :]

    seed = random(a)
    np.testing.assert_allclose(gradient(product, a, seed), seed, rtol=1e-9, atol=1e-10)


@given(st.sampled_from(SHAPES), DOUBLE, st.data())
@some
def test_what_full_matrices_adds_is_a_basis(shape: tuple[int, int], dtype: str, data: st.DataObject) -> None:
    a, k = data.draw(rectangular(shape, dtype=st.just(dtype))), min(shape)

    def projections(t: Any) -> Any:
        u, s, vh = linalg.svd(t)
        return s, u[..., k:] @ mH(u[..., k:]), mH(vh[..., k:, :]) @ vh[..., k:, :]

    check_grads(projections, a)
    for got, expected in zip(linalg.svd(tensor(a)), np.linalg.svd(a), strict=True):
        np.testing.assert_allclose(got.numpy(), expected, rtol=1e-10, atol=1e-12)


@given(hermitian())
@some
def test_of_hermitian_matrices(a: NDArray[Any]) -> None:
    got: Any = linalg.svd(tensor(a), hermitian=True)
    expected = np.linalg.svd(a, hermitian=True)
    assert type(got).__name__ == type(expected).__name__
    for one, other in zip(got, expected, strict=True):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one.numpy(), other)

    def product(t: Any) -> Any:
        u, s, vh = linalg.svd((t + mH(t)) / 2, hermitian=True)
        return u * s[..., None, :] @ vh

    seed = symmetric(random(a))
    tolerance = 1e-3 if a.dtype.char in "fF" else 1e-10
    np.testing.assert_allclose(gradient(product, a, seed), seed, rtol=tolerance, atol=tolerance)


@given(st.lists(st.sampled_from((0.0, 1.0, 2.0)), min_size=3, max_size=3), st.sampled_from(((3, 3), (5, 3))), DOUBLE)
def test_repeated_singular_values_have_a_gradient(s: list[float], shape: tuple[int, int], dtype: str) -> None:
    """Σ sᵢ⁴ = tr (Aᴴ A)² has the gradient 4 A Aᴴ A."""
    a = with_values(s, shape, dtype)
    got = gradient(lambda t: (linalg.svdvals(t) ** 4).sum(), a)
    np.testing.assert_allclose(got, 4 * a @ a.conj().T @ a, atol=1e-11)


@pytest.mark.parametrize(
    ("s", "shape", "loss"),
    [
        ([2.0, 1.0, 1.0], (3, 3), lambda u, _vh: u[0, 1]),
        ([2.0, 1.0, 1.0], (4, 3), lambda _u, vh: vh[2] @ np.arange(3.0)),
        ([2.0, 0.0, 0.0], (3, 3), lambda u, _vh: u[0, 1]),
        ([2.0, 1.0, 0.0], (4, 3), lambda u, _vh: u[0, 2]),
        ([2.0, 1.0], (2, 4), lambda _u, vh: vh[3, 0]),
    ],
)
def test_vectors_that_are_not_determined_have_none(s: list[float], shape: tuple[int, int], loss: Any) -> None:
    t = tensor(with_values(s, shape), requires_grad=True)
    u, _, vh = np.linalg.svd(t)
    with pytest.raises(np.linalg.LinAlgError, match=r"loss depends on (which singular vectors|the basis)") as caught:
        loss(u, vh).backward()
    assert "called at test_singular.py:" in caught.value.__notes__[0]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_loss_must_not_depend_on_phases(shape: tuple[int, int]) -> None:
    a = with_values([1.0, 2.0][: min(shape)], shape, "complex128")
    for part in (0, 2):
        with pytest.raises(np.linalg.LinAlgError, match="the phase of complex ones"):
            gradient(lambda t, part=part: autograd.real(linalg.svd(t, False)[part] * (1 + 1j)).sum(), a)


def test_vectors_of_one_zero_are_determined_in_a_square() -> None:
    a = with_values([3.0, 1.0, 0.0], (3, 3))
    check_grads(lambda t: linalg.svd(t)[0][:, 2] ** 2 + linalg.svd(t)[2][2] ** 2, a, order=1)


@given(st.sampled_from([(3, 3), (4, 3), (2, 4)]), st.integers(0, 2), DOUBLE, draw.seeds())
def test_the_pseudo_inverse_of_any_rank(shape: tuple[int, int], rank: int, dtype: str, seed: int) -> None:
    """Along matrices of one rank, by differences; and A P A = A, whose gradient is the identity on that path."""
    rng = np.random.default_rng(seed)
    left, right = (np.asarray(rng.normal(size=size), dtype) for size in ((shape[0], rank), (rank, shape[1])))
    if np.linalg.cond(left @ right + 0.0) < 1e-3 or rank == 0:
        a = np.zeros(shape, dtype)
        assert not gradient(lambda t: autograd.real(linalg.pinv(t)).sum(), a).any()
        return
    left = np.linalg.qr(left)[0]
    right = np.linalg.qr(right.T)[0].T * np.arange(1, rank + 1)[:, None]
    check_grads(lambda x, y: linalg.pinv(x @ y, 1e-8), left, right)

    def back(x: Any) -> Any:
        a = x @ right
        return a @ linalg.pinv(a, 1e-8) @ a

    weights = rng.normal(size=shape).astype(dtype)
    np.testing.assert_allclose(gradient(back, left, weights), weights @ right.conj().T, rtol=1e-10, atol=1e-11)


def test_two_names_of_one_number() -> None:
    a = tensor(with_values([1.0, 1e-4], (2, 2)))
    np.testing.assert_allclose(linalg.pinv(a, 1e-3).numpy(), np.linalg.pinv(a.numpy(), 1e-3))
    np.testing.assert_allclose(linalg.pinv(a, rtol=1e-3).numpy(), np.linalg.pinv(a.numpy(), rtol=1e-3))
    stack = np.stack([a.numpy(), a.numpy()])
    each = np.array([1e-3, 1e-6])
    np.testing.assert_allclose(linalg.pinv(tensor(stack), each).numpy(), np.linalg.pinv(stack, each))
    with pytest.raises(ValueError, match="are the same"):
        linalg.pinv(a, 1e-3, rtol=1e-3)


@pytest.mark.parametrize("shape", [(4, 2), (3, 3), (2, 4), (3, 0), (0, 3)])
@pytest.mark.parametrize("right", [(), (2,), (0,)])
@pytest.mark.parametrize("dtype", ["float32", "float64", "complex64", "complex128"])
def test_least_squares_are_numpys(shape: tuple[int, int], right: tuple[int, ...], dtype: str) -> None:
    a = with_values([1.0, 2.0, 3.0][: min(shape)], shape, dtype).astype(dtype)
    b = random(np.zeros((shape[0], *right), dtype))
    got: Any = linalg.lstsq(tensor(a, requires_grad=True), tensor(b, requires_grad=True))
    expected: Any = np.linalg.lstsq(a, b)
    assert got[2] == expected[2]
    for i in (0, 1, 3):
        assert got[i].dtype == expected[i].dtype
        assert got[i].shape == expected[i].shape
        np.testing.assert_allclose(got[i].numpy(), expected[i], rtol=0, atol=float(256 * np.finfo(dtype).eps))
    if dtype in ("float64", "complex128"):
        check_grads(lambda x, y: [np.linalg.lstsq(x, y)[i] for i in (0, 1, 3)], a, b)


def test_least_squares_of_a_lower_rank() -> None:
    a, b = with_values([3.0, 1.0, 0.0], (5, 3)), np.arange(5.0)
    x, residuals, rank, s = linalg.lstsq(tensor(a), tensor(b))
    expected = np.linalg.lstsq(a, b)
    assert rank == expected[2] == 2
    np.testing.assert_allclose(x.numpy(), expected[0], atol=1e-12)
    np.testing.assert_allclose(s.numpy(), expected[3], atol=1e-12)
    assert residuals.shape == expected[1].shape == (0,)
    left, right = np.linalg.qr(a[:, :2])[0], np.linalg.qr(a[:, :2])[0].T @ a
    check_grads(lambda u, v, y: linalg.lstsq(u @ v, y)[0], left, right, b)
    for rcond in (-1, 0.5, None):
        got = linalg.lstsq(tensor(a[:, :2]), tensor(b), rcond)
        np.testing.assert_allclose(got[0].numpy(), np.linalg.lstsq(a[:, :2], b, rcond)[0], atol=1e-12)
        assert got[2] == np.linalg.lstsq(a[:, :2], b, rcond)[2]


@pytest.mark.parametrize(("a", "b"), [((2, 3, 3), (3,)), ((3, 3), (2,)), ((3, 3), ()), ((3, 3), (1, 3, 3))])
def test_what_least_squares_cannot_take(a: tuple[int, ...], b: tuple[int, ...]) -> None:
    with pytest.raises(np.linalg.LinAlgError, match=r"lstsq: expected .* called at test_singular\.py"):
        linalg.lstsq(tensor(np.ones(a), requires_grad=True), tensor(np.ones(b)))


@pytest.mark.parametrize("options", [{}, {"tol": 1.5}, {"rtol": 0.4}, {"hermitian": True}])
def test_a_rank_is_a_constant(options: dict[str, Any]) -> None:
    a = np.stack([with_values([3.0, 2.0, 1.0], (3, 3)), with_values([3.0, 1.0, 0.0], (3, 3))])
    a = a @ a.mT
    rank = np.linalg.matrix_rank(tensor(a, requires_grad=True), **options)
    assert isinstance(rank, Tensor)
    assert not rank.requires_grad
    np.testing.assert_array_equal(rank.numpy(), np.linalg.matrix_rank(a, **options))


@pytest.mark.parametrize("f", [linalg.svd, linalg.svdvals, linalg.pinv])
def test_what_is_no_matrix(f: Callable[..., Any]) -> None:
    with pytest.raises(np.linalg.LinAlgError, match=r"expected matrices .* \(3,\); called at test_singular\.py"):
        f(tensor(np.ones(3), requires_grad=True))
