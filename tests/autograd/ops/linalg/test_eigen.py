"""Eigenvalues and eigenvectors: what they are made of comes back, and what is not determined has no gradient."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from numpy.typing import NDArray

from tapegrad import autograd, tensor
from tapegrad.autograd import linalg, pullback
from tapegrad.autograd.testing import check_grads

from ...tables.matrices import hermitian, similar, square
from .gradients import folded, gradient, mH, random, symmetric

some = settings(max_examples=max(settings().max_examples // 4, 10))
DOUBLE = st.sampled_from(("float64", "complex128"))


def with_eigenvalues(w: Any, dtype: str = "float64") -> NDArray[Any]:
    """A Hermitian matrix with these eigenvalues."""
    n = len(w)
    v = np.linalg.qr(random(np.zeros((n, n), dtype)))[0]
    return np.asarray(v * np.asarray(w, float) @ v.conj().T)


@given(hermitian(dtype=DOUBLE), st.sampled_from("LU"))
@some
def test_hermitian_matrices_come_back(a: NDArray[Any], triangle: str) -> None:
    def product(t: Any) -> Any:
        w, v = linalg.eigh(t, triangle)
        return v * w[..., None, :] @ mH(v)

    seed = symmetric(random(a))
    np.testing.assert_allclose(gradient(product, a, seed), folded(seed, triangle == "L"), rtol=1e-10, atol=1e-11)


@given(st.one_of(similar(), square(min_side=1)))
@some
def test_square_matrices_come_back(a: NDArray[Any]) -> None:
    a = a.astype(np.result_type(a, np.float64))

    def product(t: Any) -> Any:
        w, v = linalg.eig(t)
        return v * w[..., None, :] @ linalg.inv(v)

    t = tensor(a, requires_grad=True)
    y = product(t)
    seed = random(y.numpy())
    y.backward(seed)
    assert t.grad is not None
    expected = seed if a.dtype.kind == "c" else seed.real
    np.testing.assert_allclose(t.grad.numpy(), expected, rtol=1e-8, atol=1e-9)


@given(similar(), st.data())
@some
def test_eig_has_numpys_values(a: NDArray[Any], data: st.DataObject) -> None:
    got: Any = linalg.eig(tensor(a))
    expected = np.linalg.eig(a)
    assert type(got).__name__ == type(expected).__name__
    for one, other in zip(got, expected, strict=True):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one.numpy(), other)
    w = linalg.eigvals(tensor(a)).numpy()
    np.testing.assert_allclose(np.sort(w), np.sort(np.linalg.eigvals(a)), rtol=1e-4)


@given(square(dtype=DOUBLE, min_side=1))
@some
def test_sums_of_powers_of_eigenvalues_are_traces_of_powers(a: NDArray[Any]) -> None:
    """Σ wᵏ = tr Aᵏ, so its gradient is k (Aᵏ⁻¹)ᵀ."""
    got = gradient(lambda t: autograd.real((linalg.eigvals(t) ** 3).sum()), a)
    np.testing.assert_allclose(got, np.conj((3 * a @ a).mT), rtol=1e-8, atol=1e-9)


@given(
    st.lists(st.sampled_from((-1.0, 0.0, 2.0)), min_size=1, max_size=5), DOUBLE, st.sampled_from(["exact", "rotated"])
)
def test_repeated_eigenvalues_have_a_gradient(w: list[float], dtype: str, kind: str) -> None:
    """Σ f(wᵢ) = tr f(A) has the gradient f'(A)ᵀ, however often an eigenvalue is repeated."""
    a = np.diag(w).astype(dtype) if kind == "exact" else with_eigenvalues(w, dtype)
    cube = 3 * a @ a
    got = gradient(lambda t: (linalg.eigvalsh(t) ** 3).sum(), a)
    np.testing.assert_allclose(got, folded(cube, True), atol=1e-12)
    got = gradient(lambda t: autograd.real((linalg.eigvals(t) ** 3).sum()), a)
    np.testing.assert_allclose(got, cube, atol=1e-10)


@pytest.mark.parametrize("w", [[1.0, 1.0, 3.0], [0.0, 0.0, 0.0]])
@pytest.mark.parametrize("kind", ["exact", "rotated"])
def test_vectors_of_a_repeated_eigenvalue_have_none(w: list[float], kind: str) -> None:
    a = np.diag(w) if kind == "exact" else with_eigenvalues(w)
    for f in (linalg.eigh, linalg.eig):
        t = tensor(a, requires_grad=True)
        v = f(t).eigenvectors
        loss = (autograd.abs(v) ** 2 * np.arange(9.0).reshape(3, 3)).sum()
        if np.allclose(np.abs(v.numpy()).max(axis=0), 1):  # along the axes: nothing changes to first order
            loss = (v @ np.arange(3.0)).sum()
        with pytest.raises(np.linalg.LinAlgError, match="the vectors of a repeated eigenvalue") as caught:
            loss.backward()
        assert "called at test_eigen.py:" in caught.value.__notes__[0]


def test_vectors_of_other_eigenvalues_have_one() -> None:
    a = with_eigenvalues([1.0, 1.0, 3.0])
    for f in (lambda t: autograd.abs(linalg.eigh(t).eigenvectors[:, 2]) ** 2, lambda t: linalg.eigvalsh(t)[2]):
        check_grads(f, a, order=1)


def test_a_repeated_eigenvalue_next_to_underflow() -> None:
    """Gaps of 1e-309, by which nothing may be divided, leave the second derivative by others finite."""
    t = tensor(1e-293 * with_eigenvalues([1.0, 1.0, 3.0]), requires_grad=True)
    (first,) = pullback([linalg.eigvalsh(t)[2]], [t], create_graph=True)
    (second,) = pullback([first], [t], [np.ones((3, 3))])
    assert np.isfinite(second.numpy()).all()
    assert second.numpy().any()


@given(st.data())
@some
def test_a_loss_must_not_depend_on_phases(data: st.DataObject) -> None:
    a = data.draw(hermitian(batch=(), dtype=st.just("complex128"), min_side=2))
    for f in (linalg.eigh, linalg.eig):
        t = tensor(a, requires_grad=True)
        v = f(t).eigenvectors
        with pytest.raises(np.linalg.LinAlgError, match="the phase of a complex one"):
            autograd.real(v * random(a)).sum().backward()
    check_grads(lambda t: autograd.abs(linalg.eigh(t).eigenvectors) ** 2, a, order=1)


def test_at_a_minimum_rounding_errors_are_no_dependence() -> None:
    """Where the gradient is 0 but for rounding, its phase is rounding too."""
    a = with_eigenvalues([1.0, 2.0, 4.0], "complex128")
    v = np.linalg.eigh(a).eigenvectors
    target = v * [1, 2, 4] @ v.conj().T

    def distance(t: Any) -> Any:
        w, v = linalg.eigh(t)
        return (autograd.abs(v * w @ mH(v) - target) ** 2).sum()

    np.testing.assert_allclose(gradient(distance, a), 0, atol=1e-13)


def test_only_one_triangle_is_read() -> None:
    a = np.array([[1.0, 7.0], [2.0, 5.0]])
    for triangle in "LU":
        got: Any = linalg.eigh(tensor(a), triangle)
        expected: Any = np.linalg.eigh(a, triangle)  # type: ignore[call-overload]
        for one, other in zip(got, expected, strict=True):
            np.testing.assert_array_equal(one.numpy(), other)
        g = gradient(lambda t, triangle=triangle: linalg.eigvalsh(t, triangle)[0], a)
        assert g[(0, 1) if triangle == "L" else (1, 0)] == 0
        assert g[(1, 0) if triangle == "L" else (0, 1)] != 0
    with pytest.raises(ValueError, match="UPLO must be 'L' or 'U', got 'X'"):
        linalg.eigh(tensor(a), "X")


@pytest.mark.parametrize("name", ["eigh", "eigvalsh", "eig", "eigvals"])
def test_what_has_no_eigenvalues(name: str) -> None:
    f, t = getattr(linalg, name), tensor(np.ones((2, 3)), requires_grad=True)
    with pytest.raises(np.linalg.LinAlgError, match=rf"{name}: expected square .* \(2, 3\); called at test_eigen.py"):
        f(t)
    with pytest.raises(np.linalg.LinAlgError, match=rf"{name}: expected matrices .* \(3,\)"):
        f(t[0])
    if name in ("eig", "eigvals"):
        with pytest.raises(np.linalg.LinAlgError, match="infs or NaNs"):
            f(t[:, :2] * np.nan)
