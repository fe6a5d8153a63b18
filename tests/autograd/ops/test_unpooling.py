"""Max unpooling: against PyTorch, as the partial inverse of max pooling, and what wrong indices are told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, strategies as st

from tapegrad import autograd, tensor
from tapegrad.autograd import DTypeError, ShapeError
from tapegrad.autograd.testing import check_grads


@st.composite
def side_by_side(call: st.DrawFn) -> tuple[int, Any, dict[str, Any]]:
    """Images whose windows do not overlap."""
    n, kernel = call(st.integers(1, 3)), call(st.integers(2, 3))
    options = {"kernel_size": kernel, "stride": kernel, "padding": call(st.integers(0, kernel // 2))}
    spatial = [kernel + call(st.integers(0, 4)) for _ in range(n)]
    x = np.random.default_rng(0).permutation(6 * np.prod(spatial)).reshape(2, 3, *spatial) + 1.0
    return n, x[0] if call(st.booleans()) else x, options


@given(side_by_side())
def test_it_is_pytorchs(drawn: tuple[int, Any, dict[str, Any]]) -> None:
    n, x, options = drawn
    y, indices = getattr(autograd, f"max_pool{n}d")(x, **options, return_indices=True)
    ours, theirs = tensor(y, requires_grad=True), torch.tensor(y, requires_grad=True)

    for size in (x.shape[-n:], x.shape if x.ndim == n + 2 else x.shape[-n:]):
        back = getattr(autograd, f"max_unpool{n}d")(ours, indices, **options, output_size=size)
        expected = getattr(torch.nn.functional, f"max_unpool{n}d")(
            theirs, torch.tensor(indices), **options, output_size=size
        )
        np.testing.assert_array_equal(back.numpy(), expected.detach().numpy())

    back.backward(x)
    expected.backward(torch.tensor(x))
    assert ours.grad is not None
    assert theirs.grad is not None
    np.testing.assert_array_equal(ours.grad.numpy(), theirs.grad.numpy())
    np.testing.assert_array_equal(back.numpy()[back.numpy() != 0], x[back.numpy() != 0])


def test_the_size_by_default() -> None:
    x = np.ones((1, 1, 2, 3))
    indices = np.arange(6).reshape(x.shape)
    assert autograd.max_unpool2d(x, indices, 2).shape == (1, 1, 4, 6)
    assert autograd.max_unpool2d(x, indices, 3, 2, 1).shape == (1, 1, 3, 5)
    assert autograd.max_unpool1d(x[0], indices[0], 2, output_size=[7]).shape == (1, 2, 7)


def test_numbers_for_one_place_add_up() -> None:
    y = autograd.max_unpool1d(np.array([[1.0, 2.0, 4.0]]), [[0, 2, 2]], 1)
    assert y.tolist() == [[1, 0, 6]]


def test_derivatives() -> None:
    indices = np.array([[[0, 3], [5, 5]]])
    check_grads(lambda x: autograd.max_unpool2d(x, indices, 2) ** 2, np.random.default_rng(0).normal(size=(1, 2, 2)))


@pytest.mark.parametrize(
    ("x", "indices", "options", "error", "message"),
    [
        ((2, 2), np.zeros((2, 2)), {}, DTypeError, "indices must be integers, got float64"),
        ((2, 2), np.zeros((2, 3), int), {}, ShapeError, r"an index for each number, got indices \(2, 3\)"),
        ((2, 2), [[0, 1], [2, 4]], {}, IndexError, r"index 4 lies outside a result of \(4,\), 4 places"),
        ((2, 2), [[0, 1], [-1, 3]], {}, IndexError, "index -1 lies outside"),
        ((2, 2, 2, 2), np.zeros((2, 2, 2, 2), int), {}, ShapeError, r"expected x of 3 axes \(N, C, L\) or 2"),
        (
            (2, 2),
            np.zeros((2, 2), int),
            {"output_size": 6},
            ValueError,
            r"less than a stride, \(2,\), away from \(4,\)",
        ),
        ((2, 2), np.zeros((2, 2), int), {"output_size": (3, 3, 3, 3)}, ValueError, "output_size must be an int"),
        ((2, 2), np.zeros((2, 2), int), {"kernel_size": 0}, ValueError, "kernel_size must be at least 1, got 0"),
    ],
)
def test_what_it_cannot_put_back(x: Any, indices: Any, options: Any, error: type[Exception], message: str) -> None:
    for made in (np.ones(x), tensor(np.ones(x), requires_grad=True)):
        with pytest.raises(error, match=f"max_unpool1d: .*{message}"):
            autograd.max_unpool1d(made, indices, **{"kernel_size": 2, **options})
