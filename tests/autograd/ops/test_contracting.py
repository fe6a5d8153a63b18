"""Products of vectors and matrices: what they conjugate, and what does not go together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tapegrad import autograd, tensor
from tapegrad.autograd import ShapeError


@pytest.mark.parametrize(
    ("f", "reference"),
    [
        (autograd.vdot, lambda x, y: np.sum(x.conj() * y)),
        (autograd.vecdot, lambda x, y: np.sum(x.conj() * y, axis=-1)),
        (lambda x, y: autograd.matvec(x, y[0]), lambda x, y: np.sum(x * y[0], axis=-1)),
        (lambda x, y: autograd.vecmat(x[:, 0], y), lambda x, y: np.sum(x[:, :1].conj() * y, axis=0)),
    ],
)
def test_which_argument_is_conjugated(f: Callable[..., Any], reference: Callable[..., Any]) -> None:
    rng = np.random.default_rng(0)
    x, y = (rng.normal(size=(2, 3)) + 1j * rng.normal(size=(2, 3)) for _ in range(2))
    np.testing.assert_allclose(f(tensor(x), tensor(y)).numpy(), reference(x, y), rtol=1e-13)


def test_integers_stay_integers() -> None:
    x, y = np.arange(6).reshape(2, 3), np.arange(3)
    for name in ("vecdot", "matvec", "kron", "cross"):
        got, expected = getattr(autograd, name)(tensor(x), tensor(y)), getattr(np, name)(x, y)
        assert got.dtype == expected.dtype
        np.testing.assert_array_equal(got.numpy(), expected)


@pytest.mark.parametrize(
    ("f", "x", "y", "message"),
    [
        (autograd.vecdot, (3,), (2,), r"vecdot: expected vectors of one length, got x1 \(3,\) and x2 \(2,\)"),
        (autograd.vecdot, (3,), (1,), r"vecdot: expected"),
        (autograd.matvec, (3,), (3,), r"matvec: expected matrices .* got x1 \(3,\) and x2 \(3,\)"),
        (autograd.matvec, (2, 3), (2,), r"matvec: expected"),
        (autograd.vecmat, (3,), (3,), r"vecmat: expected vectors .* got x1 \(3,\) and x2 \(3,\)"),
        (autograd.vecmat, (3,), (2, 3), r"vecmat: expected"),
        (autograd.vdot, (3,), (4,), r"matmul: .* 3 != 4"),
        (autograd.cross, (2,), (3,), r"cross: expected vectors of three elements, got a \(2,\) along axis -1"),
        (autograd.linalg.outer, (2, 2), (3,), r"outer: expected two vectors, got shapes \(2, 2\) and \(3,\)"),
        (autograd.linalg.vecdot, (3,), (2,), r"vecdot: expected"),
        (lambda x, y: autograd.linalg.multi_dot([x, y, y]), (2,), (3,), r"multi_dot: expected matrices, .* \[\(3,\)\]"),
        (lambda x, _y: autograd.linalg.multi_dot([x]), (2,), (3,), r"multi_dot: expected at least two arrays, got 1"),
        (lambda x, _y: autograd.linalg.trace(x), (2,), (3,), r"diagonal: expected matrices .* \(2,\)"),
    ],
)
def test_what_does_not_go_together(f: Callable[..., Any], x: tuple[int, ...], y: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        f(tensor(np.ones(x), requires_grad=True), tensor(np.ones(y), requires_grad=True))
    assert isinstance(caught.value, (ShapeError, np.linalg.LinAlgError)) or "multi_dot" in message


def test_multi_dot_multiplies_in_the_cheapest_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """(1000, 2) (2, 1000) (1000, 3): the two on the right first."""
    from tapegrad.autograd.ops.linalg import multiplying

    made = []

    def recorded(x: Any, y: Any) -> Any:
        made.append((x.shape, y.shape))
        return x @ y

    monkeypatch.setattr(multiplying, "matmul", recorded)
    arrays = [np.ones(shape) for shape in ((1000, 2), (2, 1000), (1000, 3), (3, 1))]
    autograd.linalg.multi_dot(arrays)
    assert made == [((1000, 3), (3, 1)), ((2, 1000), (1000, 1)), ((1000, 2), (2, 1))]
