"""The linear layer: x weightᵀ + bias over any leading axes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import tapegrad as tg
from tapegrad import nn
from tapegrad.autograd import DTypeError, ShapeError
from tapegrad.autograd.testing import check_grads
from tapegrad.nn import functional as F

from .pairs import compare, pair


def normal(*shape: int) -> Any:
    return np.random.default_rng(len(shape)).normal(size=shape)


@pytest.mark.parametrize("leading", [(), (5,), (2, 5), (0,), (1,)])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("inputs", "outputs"), [(3, 4), (4, 3), (1, 1)])
def test_values(leading: tuple[int, ...], bias: bool, inputs: int, outputs: int) -> None:
    layer = nn.Linear(inputs, outputs, bias, dtype=np.float64)
    x = normal(*leading, inputs)

    y = layer(tg.tensor(x))

    expected = x @ layer.weight.numpy().T + (layer.bias.numpy() if layer.bias is not None else 0)
    assert y.shape == (*leading, outputs)
    np.testing.assert_allclose(y.numpy(), expected, rtol=1e-13, atol=1e-13)


@given(
    sizes=st.tuples(st.integers(1, 5), st.integers(1, 5)),
    bias=st.booleans(),
    leading=st.lists(st.integers(0, 3), max_size=3),
)
@settings(max_examples=max(settings().max_examples, 100))
def test_it_is_pytorchs(sizes: tuple[int, int], bias: bool, leading: list[int]) -> None:
    compare(*pair("Linear", *sizes, bias=bias), normal(*leading, sizes[0]))


@pytest.mark.parametrize("leading", [(), (5,), (2, 5)])
@pytest.mark.parametrize(("inputs", "outputs"), [(3, 4), (4, 3)])
def test_gradients(leading: tuple[int, ...], inputs: int, outputs: int) -> None:
    check_grads(F.linear, normal(*leading, inputs), normal(outputs, inputs), normal(outputs))
    check_grads(F.linear, normal(*leading, inputs), normal(outputs, inputs))


def test_shapes_and_start_are_pytorchs() -> None:
    layer = nn.Linear(400, 300)
    bound = 1 / np.sqrt(400)

    assert layer.bias is not None
    assert (layer.weight.shape, layer.bias.shape) == ((300, 400), (300,))
    for parameter in layer.parameters():
        values = parameter.numpy()
        assert np.abs(values).max() <= bound
        assert np.isclose(values.std(), bound / np.sqrt(3), rtol=0.1)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype(dtype: Any) -> None:
    layer = nn.Linear(2, 3, dtype=dtype)
    y = layer(tg.tensor(np.ones((4, 2), dtype)))
    y.sum().backward()

    assert y.dtype == dtype
    assert [p.grad.dtype for p in layer.parameters() if p.grad is not None] == [dtype, dtype]


def test_without_a_bias_there_is_none_to_train() -> None:
    layer = nn.Linear(2, 3, bias=False)

    assert layer.bias is None
    assert list(layer.state_dict()) == ["weight"]
    assert repr(layer) == "Linear(in_features=2, out_features=3, bias=False)"


@pytest.mark.parametrize(("sizes", "name"), [((0, 3), "in_features"), ((3, 0), "out_features"), ((-1, 3), "in_feat")])
def test_sizes_below_one(sizes: tuple[int, int], name: str) -> None:
    with pytest.raises(ValueError, match=rf"Linear: {name}.* must be at least 1, got {min(sizes)}"):
        nn.Linear(*sizes)


def test_integer_weights_are_refused() -> None:
    with pytest.raises(DTypeError, match="only floating and complex"):
        nn.Linear(2, 3, dtype=np.int64)


@pytest.mark.parametrize("shape", [(1,), (2,), (5, 3)])
def test_a_bias_that_would_broadcast_is_refused(shape: tuple[int, ...]) -> None:
    """Forward would go through with it, and its gradient would have nowhere to go."""
    x, weight = tg.tensor(np.ones((5, 4))), tg.tensor(np.ones((3, 4)), requires_grad=True)
    with pytest.raises(ShapeError, match=r"linear: .*bias"):
        F.linear(x, weight, tg.tensor(np.ones(shape)))


def test_without_a_bias_errors_still_name_the_weight() -> None:
    model = nn.Sequential(nn.Linear(4, 3, bias=False), nn.Linear(2, 1, bias=False))
    with pytest.raises(ShapeError, match=r"3 != 2; weight is 1\.weight"):
        model(tg.tensor(np.ones((5, 4), np.float32)))
