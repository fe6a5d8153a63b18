"""The bilinear layer beside PyTorch's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from tapegrad import nn, tensor
from tapegrad.autograd import ShapeError
from tapegrad.autograd.testing import check_grads
from tapegrad.nn import functional as F

from .pairs import compare, pair
from .twins import assert_one_start

some = settings(max_examples=max(settings().max_examples, 100))
SIZE = st.integers(1, 4)


@given(sizes=st.tuples(SIZE, SIZE, SIZE), bias=st.booleans(), leading=st.sampled_from([(), (5,), (2, 3)]))
@some
def test_twins(sizes: tuple[int, int, int], bias: bool, leading: tuple[int, ...]) -> None:
    rng = np.random.default_rng(sum(sizes))
    compare(*pair("Bilinear", *sizes, bias=bias), *(rng.normal(size=(*leading, size)) for size in sizes[:2]))


def test_start_is_pytorchs() -> None:
    assert_one_start("Bilinear", 20, 30, 10)


def test_second_derivatives() -> None:
    rng = np.random.default_rng(0)
    check_grads(F.bilinear, *(rng.normal(size=shape) for shape in [(2, 3), (2, 2), (4, 3, 2), (4,)]))


def test_shapes_that_do_not_fit() -> None:
    layer = nn.Bilinear(2, 3, 4)
    for shapes in [((5, 3), (5, 3)), ((5, 2), (5, 2)), ((5, 2), (1, 3)), ((2,), (5, 3))]:
        with pytest.raises(ShapeError, match=r"bilinear: expected \(..., 2\) and \(..., 3\), alike before, got"):
            layer(*(tensor(np.ones(shape, np.float32)) for shape in shapes))
    with pytest.raises(ShapeError, match=r"needs a bias of shape \(4,\), got \(1,\)"):
        F.bilinear(tensor(np.ones(2)), tensor(np.ones(3)), layer.weight, tensor(np.ones(1)))
    with pytest.raises(ValueError, match="Bilinear: in2_features must be at least 1, got 0"):
        nn.Bilinear(1, 0, 1)
