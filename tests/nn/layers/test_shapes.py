"""Layers that change only the shape."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, strategies as st

import tapegrad as tg
from tapegrad import nn
from tapegrad.autograd import ShapeError
from tapegrad.autograd.testing import check_grads

from .pairs import compare


@pytest.mark.parametrize(
    ("layer", "shape", "flattened"),
    [
        (nn.Flatten(), (2, 1, 3, 4), (2, 12)),
        (nn.Flatten(), (2, 3), (2, 3)),
        (nn.Flatten(), (0, 2, 3), (0, 6)),
        (nn.Flatten(0), (2, 3, 4), (24,)),
        (nn.Flatten(0), (5,), (5,)),
        (nn.Flatten(1, 2), (2, 3, 4, 5), (2, 12, 5)),
        (nn.Flatten(-2, -1), (2, 3, 4), (2, 12)),
        (nn.Flatten(0, -2), (2, 3, 4), (6, 4)),
        (nn.Flatten(2, 2), (2, 3, 4), (2, 3, 4)),
    ],
)
def test_flatten(layer: nn.Flatten, shape: tuple[int, ...], flattened: tuple[int, ...]) -> None:
    x = np.arange(float(np.prod(shape))).reshape(shape)

    y = layer(tg.tensor(x))

    np.testing.assert_array_equal(y.numpy(), x.reshape(flattened))


@given(shape=st.lists(st.integers(1, 4), min_size=1, max_size=5), data=st.data())
def test_they_are_pytorchs(shape: list[int], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(shape) - 1))
    last = data.draw(st.integers(first, len(shape) - 1))
    x = np.random.default_rng(0).normal(size=shape)
    start, end = (axis - len(shape) * data.draw(st.booleans()) for axis in (first, last))

    compare(nn.Flatten(start, end), torch.nn.Flatten(start, end), x)

    sizes = shape[first : last + 1]
    if data.draw(st.booleans()):
        sizes[data.draw(st.integers(0, len(sizes) - 1))] = -1
    flat = x.reshape(*shape[:first], -1, *shape[last + 1 :])
    axis = first - flat.ndim * data.draw(st.booleans())
    compare(nn.Unflatten(axis, tuple(sizes)), torch.nn.Unflatten(axis, tuple(sizes)), flat)


def test_flatten_has_a_gradient() -> None:
    check_grads(nn.Flatten(), np.arange(12.0).reshape(2, 2, 3))


@pytest.mark.parametrize(("layer", "shape"), [(nn.Flatten(), (5,)), (nn.Flatten(3), (2, 3)), (nn.Flatten(0, 2), (2,))])
def test_an_axis_that_is_not_there(layer: nn.Flatten, shape: tuple[int, ...]) -> None:
    with pytest.raises(np.exceptions.AxisError, match=r"Flatten: axis \d is out of bounds"):
        layer(tg.tensor(np.zeros(shape)))


def test_a_start_after_the_end() -> None:
    with pytest.raises(ShapeError, match=r"of \(2, 3, 4\), start_dim=2 comes after end_dim=1"):
        nn.Flatten(2, 1)(tg.tensor(np.zeros((2, 3, 4))))


def test_identity() -> None:
    x = tg.tensor([1.0])

    assert nn.Identity()(x) is x


@pytest.mark.parametrize(
    ("dim", "sizes", "shape"),
    [(1, (3, 4), (2, 12)), (1, (2, -1, 2), (2, 12)), (-1, (4, 1), (2, 3, 4)), (0, (-1,), (5,)), (1, (-1, 3), (0, 6))],
)
def test_unflatten(dim: int, sizes: tuple[int, ...], shape: tuple[int, ...]) -> None:
    x = np.arange(float(np.prod(shape))).reshape(shape)
    ours, theirs = nn.Unflatten(dim, sizes), torch.nn.Unflatten(dim, sizes)

    np.testing.assert_array_equal(ours(tg.tensor(x)).numpy(), theirs(torch.tensor(x)).numpy())
    assert repr(ours) == repr(theirs)


@pytest.mark.parametrize("sizes", [(5,), (5, -1), (0, -1), ()])
def test_sizes_that_do_not_fill_the_axis(sizes: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError, match=r"Unflatten: axis 1 of \(2, 12\) has 12 elements, which are not"):
        nn.Unflatten(1, sizes)(tg.tensor(np.zeros((2, 12))))


def test_only_one_size_may_be_left_open() -> None:
    with pytest.raises(ValueError, match=r"Unflatten: expected sizes, of which one may be -1, got \(-1, -1\)"):
        nn.Unflatten(1, (-1, -1))
