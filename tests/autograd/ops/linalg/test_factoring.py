"""Cholesky and QR: what they factor comes back, only what they read has a gradient, and bases are not invented."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from numpy.typing import NDArray

from tapegrad import tensor
from tapegrad.autograd import MissingRuleError, linalg
from tapegrad.autograd.testing import check_grads

from ...tables.matrices import hermitian, rectangular
from .gradients import folded, gradient, mH, random, symmetric

some = settings(max_examples=max(settings().max_examples // 4, 10))
DOUBLE = st.sampled_from(("float64", "complex128"))
SHAPES = st.sampled_from([(3, 3), (4, 2), (2, 4), (3, 1), (1, 3), (3, 0), (0, 3)])


@given(SHAPES, st.data(), st.sampled_from(("reduced", "complete")))
@some
def test_q_times_r_is_the_matrix(shape: tuple[int, int], data: st.DataObject, mode: str) -> None:
    a = data.draw(rectangular(shape, dtype=DOUBLE))

    def product(t: Any) -> Any:
        q, r = linalg.qr(t, mode)
        return q @ r

    seed = random(a)
    np.testing.assert_allclose(gradient(product, a, seed), seed, rtol=1e-10, atol=1e-11)


@given(hermitian(definite=True, dtype=DOUBLE), st.booleans())
@some
def test_the_factor_times_itself_is_the_matrix(a: NDArray[Any], upper: bool) -> None:
    def product(t: Any) -> Any:
        factor = linalg.cholesky(t, upper=upper)
        return mH(factor) @ factor if upper else factor @ mH(factor)

    seed = symmetric(random(a))
    np.testing.assert_allclose(gradient(product, a, seed), folded(seed, not upper), rtol=1e-10, atol=1e-11)


@given(hermitian(definite=True))
@some
def test_the_other_triangle_is_not_read(a: NDArray[Any]) -> None:
    for upper, other in ((False, np.triu(a, 1)), (True, np.tril(a, -1))):
        x, y = (linalg.cholesky(tensor(matrix), upper=upper).numpy() for matrix in (a, a + other))
        np.testing.assert_array_equal(x, y)


@given(st.data(), DOUBLE)
@some
def test_what_complete_adds_is_a_basis(data: st.DataObject, dtype: str) -> None:
    """The projection to the added columns is I - Q Qᴴ, whichever they are."""
    a = data.draw(rectangular((4, 2), dtype=st.just(dtype)))

    def added(t: Any) -> Any:
        q, r = linalg.qr(t, "complete")
        return q[..., 2:] @ mH(q[..., 2:]), r

    def projected(t: Any) -> Any:
        q = linalg.qr(t)[0]
        return np.eye(4) - q @ mH(q)

    check_grads(added, a)
    seed = random(np.zeros((*a.shape[:-2], 4, 4), dtype))
    np.testing.assert_allclose(
        gradient(lambda t: added(t)[0], a, seed), gradient(projected, a, seed), rtol=1e-10, atol=1e-11
    )


@pytest.mark.parametrize("mode", ["reduced", "complete", "r"])
@pytest.mark.parametrize("shape", [(5, 3), (3, 5), (2, 4, 4)])
def test_values_are_numpys(mode: str, shape: tuple[int, ...]) -> None:
    a = np.random.default_rng(0).normal(size=shape)
    got: Any = linalg.qr(tensor(a), mode)
    expected: Any = np.linalg.qr(a, mode)  # type: ignore[call-overload]
    for one, other in zip(got, expected, strict=True) if mode != "r" else [(got, expected)]:
        np.testing.assert_allclose(one.numpy(), other, rtol=1e-12, atol=1e-13)


def test_a_loss_must_not_depend_on_the_basis() -> None:
    t = tensor(np.random.default_rng(0).normal(size=(4, 2)), requires_grad=True)
    q = np.linalg.qr(t, "complete").Q
    with pytest.raises(np.linalg.LinAlgError, match="the basis that was chosen") as caught:
        q[0, 3].backward()
    assert "called at test_factoring.py:" in caught.value.__notes__[0]


def test_dependent_columns_have_no_gradient() -> None:
    t = tensor(np.ones((3, 2)), requires_grad=True)
    with pytest.raises(np.linalg.LinAlgError, match="columns are not independent") as caught:
        linalg.qr(t).R.sum().backward()
    assert "in the derivative of qr" in caught.value.__notes__[0]


def test_what_cannot_be_factored() -> None:
    t = tensor(-np.eye(2), requires_grad=True, name="covariance")
    with pytest.raises(np.linalg.LinAlgError, match="not positive definite") as caught:
        np.linalg.cholesky(t)
    assert "cholesky: a (2, 2); called at test_factoring.py:" in caught.value.__notes__[0]
    with pytest.raises(np.linalg.LinAlgError, match=r"cholesky: expected square .* \(2, 1\); called at test_fact"):
        linalg.cholesky(t[:, :1])
    with pytest.raises(MissingRuleError, match="mode 'raw' has no derivative"):
        linalg.qr(t, "raw")
    with pytest.raises(ValueError, match="expected mode 'reduced', 'complete' or 'r', got 'full'"):
        linalg.qr(t, "full")
    with pytest.raises(np.linalg.LinAlgError, match=r"qr: expected matrices .* \(2,\)"):
        linalg.qr(t[0])
