"""Embeddings beside PyTorch's, and integers as rows of zeros and a one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st

from tapegrad import nn, tensor
from tapegrad.autograd import DTypeError, ShapeError
from tapegrad.autograd.testing import check_grads
from tapegrad.nn import functional as F

from .pairs import compare, pair

some = settings(max_examples=max(settings().max_examples, 100))


@given(data=st.data())
@some
def test_twins(data: st.DataObject) -> None:
    rows, width = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 3))
    options = data.draw(
        st.fixed_dictionaries(
            {},
            optional={
                "padding_idx": st.integers(-rows, rows - 1),
                "max_norm": st.sampled_from((0.5, 1.0)),
                "norm_type": st.sampled_from((1.0, 2.0, 3.0)),
            },
        )
    )
    shape = data.draw(st.sampled_from(((), (4,), (2, 3), (0,))))
    numbers = np.random.default_rng(data.draw(st.integers(0, 99))).integers(rows, size=shape)
    ours, theirs = pair("Embedding", rows, width, **options)

    compare(ours, theirs, numbers)

    np.testing.assert_allclose(ours.state_dict()["weight"], theirs.weight.detach().numpy(), 1e-12)


def test_start() -> None:
    layer = nn.Embedding(200, 100, padding_idx=-1, rng=np.random.default_rng(0))
    table = layer.weight.numpy()

    assert layer.padding_idx == 199
    assert not table[199].any()
    assert abs(table[:199].std() - 1) < 0.02
    assert table.dtype == np.float32
    layer.reset_parameters(0)
    np.testing.assert_array_equal(layer.weight.numpy(), table)


def test_from_pretrained() -> None:
    table = np.arange(6.0).reshape(3, 2)
    layer = nn.Embedding.from_pretrained(table)

    np.testing.assert_array_equal(layer([2, 0]).numpy(), table[[2, 0]])
    assert not layer.weight.requires_grad
    assert nn.Embedding.from_pretrained(table, freeze=False).weight.requires_grad
    with pytest.raises(ShapeError, match=r"Embedding: expected a table \(rows, width\), got \(3,\)"):
        nn.Embedding.from_pretrained(np.ones(3))


def test_second_derivatives() -> None:
    numbers = np.array([[0, 2], [2, 1]])
    check_grads(lambda table: F.embedding(numbers, table) ** 3, np.random.default_rng(0).normal(size=(3, 2)))


def test_padding_may_be_counted_from_the_end() -> None:
    table = tensor(np.ones((3, 2)), requires_grad=True)
    F.embedding([[0, 2], [2, 1]], table, padding_idx=-1).sum().backward()

    assert table.grad is not None
    assert table.grad.numpy().tolist() == [[1, 1], [1, 1], [0, 0]]


@pytest.mark.parametrize(("numbers", "error"), [([0, 3], IndexError), ([-1], IndexError), ([0.0], DTypeError)])
def test_numbers_that_name_no_row(numbers: Any, error: type[Exception]) -> None:
    layer = nn.Embedding(3, 2, max_norm=0.1)
    before = layer.state_dict()
    with pytest.raises(error, match=r"embedding: (the table has rows 0 to 2, got numbers from|expected integers)"):
        layer(tensor(numbers))
    np.testing.assert_equal(layer.state_dict(), before)


def test_options_that_make_no_table() -> None:
    with pytest.raises(ValueError, match="Embedding: num_embeddings must be at least 1, got 0"):
        nn.Embedding(0, 2)
    with pytest.raises(IndexError, match="Embedding: padding_idx=3 is none of 3 rows"):
        nn.Embedding(3, 2, padding_idx=3)
    with pytest.raises(IndexError, match="embedding: padding_idx=-4 is no row of a table of 3"):
        F.embedding([0], tensor(np.ones((3, 2))), padding_idx=-4)
    with pytest.raises(ShapeError, match=r"embedding: weight must be a table"):
        F.embedding([0], tensor(np.ones(3)))


@pytest.mark.parametrize("shape", [(), (5,), (2, 3)])
@pytest.mark.parametrize("classes", [-1, 4, 7])
def test_one_hot(shape: tuple[int, ...], classes: int) -> None:
    numbers = np.random.default_rng(0).integers(4, size=shape)
    expected = torch.nn.functional.one_hot(torch.tensor(numbers), classes).numpy()

    result = F.one_hot(tensor(numbers), classes).numpy()

    np.testing.assert_array_equal(result, expected, strict=True)


@pytest.mark.parametrize(("numbers", "classes"), [([3], 3), ([-1], 3), ([0], 0), ([], -1), ([-1], -1)])
def test_classes_that_are_none(numbers: list[int], classes: int) -> None:
    with pytest.raises(ValueError, match="one_hot: "):
        F.one_hot(np.array(numbers, int), classes)
    with pytest.raises(DTypeError, match="one_hot: expected integers, got float64"):
        F.one_hot([0.5])
