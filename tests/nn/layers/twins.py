"""A module beside PyTorch's of the same name, options and weights: they must be alike in all that can be seen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import strategies as st
from numpy.typing import NDArray

from tapegrad import nn, tensor
from tapegrad.autograd.kernels.jit import enabled

__all__ = ["assert_one_layout", "assert_one_start", "assert_twins", "images", "kernels_on"]

kernels_on = pytest.mark.skipif(
    not enabled(), reason="TAPEGRAD_JIT=0: NumPy's gradients lie in memory in their own way"
)


def assert_twins(ours: nn.Module, theirs: Any, x: NDArray[Any], *extra: Any) -> None:
    """Values, gradients by the input and all parameters, names and shapes of the state dict, and the repr."""
    theirs.to(torch.float64).load_state_dict(
        {name: torch.from_numpy(np.array(values, order="C")) for name, values in ours.state_dict().items()}
    )
    image = tensor(x, requires_grad=True, copy=None)
    other = torch.tensor(np.array(x, order="C"), requires_grad=True)

    y, expected = ours(image, *extra), theirs(other, *extra)
    if isinstance(expected, tuple):
        (y, indices), (expected, positions) = y, expected
        np.testing.assert_array_equal(indices.numpy(), positions.numpy())
    g = np.random.default_rng(0).normal(size=tuple(expected.shape))
    y.backward(g)
    expected.backward(torch.from_numpy(g))

    assert_close(y, expected.detach())
    assert_close(image.grad, other.grad)
    gradients = {name: parameter.grad for name, parameter in theirs.named_parameters()}
    for name, parameter in ours.named_parameters():
        assert_close(parameter.grad, gradients.pop(name))
    assert not gradients
    assert repr(ours) == repr(theirs)


def assert_close(ours: Any, theirs: Any) -> None:
    assert ours.dtype == np.float64
    assert ours.shape == tuple(theirs.shape)
    np.testing.assert_allclose(ours.numpy(), theirs.numpy(), 1e-10, 1e-10)


@st.composite
def images(call: st.DrawFn, spatial: Sequence[int]) -> NDArray[Any]:
    """One image or several, of numbers that are all different: PyTorch and we may prefer another of two equal ones."""
    shape = (*call(st.sampled_from([(1,), (2,), (3, 2), (1, 1), (2, 3)])), *spatial)
    x = np.random.default_rng(call(st.integers(0, 99))).permutation(math.prod(shape)).reshape(shape) / 7 - 3
    return x if call(st.booleans()) else np.asfortranarray(x)


def assert_one_start(name: str, *sizes: Any, **options: Any) -> None:
    """Weights and biases are drawn from the distributions that PyTorch draws from."""
    nn.manual_seed(0)
    ours = getattr(nn, name)(*sizes, **options).state_dict()
    with torch.random.fork_rng():
        torch.manual_seed(0)
        theirs = getattr(torch.nn, name)(*sizes, **options).state_dict()

    for key, values in theirs.items():
        expected = values.numpy()
        bound, spread = np.abs(expected).max() or 1, np.linspace(0, 1, 9)
        assert ours[key].dtype == expected.dtype
        drawn, wanted = (np.quantile(array / bound, spread) for array in (ours[key], expected))
        np.testing.assert_allclose(drawn, wanted, atol=5 / np.sqrt(expected.size))


def assert_one_layout(layer: Any) -> None:
    """The weight and its gradient lie in memory alike."""
    layer.zero_grad()
    image = (layer.in_channels, *(6 * k for k in layer.kernel_size))
    layer(tensor(np.random.default_rng(0).normal(size=(4, *image)).astype(layer.weight.dtype))).sum().backward()
    np.testing.assert_array_equal(strides(layer.weight), strides(layer.weight.grad))


def strides(x: Any) -> list[int]:
    """Those that matter."""
    return [stride for stride, size in zip(x.numpy().strides, x.shape, strict=True) if size > 1]
