"""A convolution's three passes in each library: forward, and the gradients of input and weight, each by itself.

Each function sets up one library and gives the passes by name; nothing but the convolution is left to be done in them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

import tapegrad as tg
from benchmarks.convolution_shapes import Arrays, Shape
from benchmarks.peers import load
from tapegrad import autograd

FORWARD, INPUT, WEIGHT = PASSES = ("forward", "input gradient", "weight gradient")
Passes = Mapping[str, Callable[[], Any]]


def tapegrad(shape: Shape, arrays: Arrays, *, channels_last: bool = True) -> Passes:
    """Ours; images with channels last in memory, as one layer hands them to the next, or in C order.

    `numpy()` asks for the numbers: a convolution only promises them, for what follows might be done in the same pass.
    """
    arrange = channels_last_memory if channels_last else np.ascontiguousarray
    x, g, weight = arrange(arrays.x), tg.tensor(arrange(arrays.g)), arrays.weight
    convolve = partial(autograd.conv2d, stride=shape.stride, padding=shape.padding, groups=shape.groups)
    wanted = {INPUT: tg.tensor(x, requires_grad=True), WEIGHT: tg.tensor(weight, requires_grad=True)}
    constant_x, constant_weight = tg.tensor(x), tg.tensor(weight)
    recorded = {INPUT: convolve(wanted[INPUT], constant_weight), WEIGHT: convolve(constant_x, wanted[WEIGHT])}

    def gradient(name: str) -> Any:
        return autograd.pullback([recorded[name]], [wanted[name]], [g], retain_graph=True)[0].numpy()

    return {
        FORWARD: lambda: convolve(constant_x, constant_weight).numpy(),
        INPUT: partial(gradient, INPUT),
        WEIGHT: partial(gradient, WEIGHT),
    }


def channels_last_memory(images: NDArray[Any]) -> NDArray[Any]:
    """The same (N, C, H, W), as a view of an array (N, H, W, C)."""
    return np.ascontiguousarray(images.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2)


def pytorch(shape: Shape, arrays: Arrays, *, channels_last: bool = False) -> Passes:
    """PyTorch; the gradients by the call that its own backward pass makes."""
    torch = load("torch")
    layout = torch.channels_last if channels_last else torch.contiguous_format
    x, weight, g = (
        torch.from_numpy(array).contiguous(memory_format=layout) for array in (arrays.x, arrays.weight, arrays.g)
    )
    stride, padding, groups = [shape.stride] * 2, [shape.padding] * 2, shape.groups

    def gradients(*wanted: bool) -> Any:
        return torch.ops.aten.convolution_backward(
            g, x, weight, None, stride, padding, [1, 1], False, [0, 0], groups, wanted
        )

    return {
        FORWARD: lambda: torch.nn.functional.conv2d(x, weight, None, stride, padding, 1, groups),
        INPUT: lambda: gradients(True, False, False)[0],
        WEIGHT: lambda: gradients(False, True, False)[1],
    }


def jax_jit(shape: Shape, arrays: Arrays) -> Passes:
    """JAX with images (N, H, W, C), its faster layout; each call waits for its result."""
    jax, jnp, lax = load("jax"), load("jax.numpy"), load("jax.lax")
    x, g = (jnp.array(array.transpose(0, 2, 3, 1)) for array in (arrays.x, arrays.g))
    weight = jnp.array(arrays.weight.transpose(2, 3, 1, 0))

    def convolve(x: Any, weight: Any) -> Any:
        return lax.conv_general_dilated(
            x,
            weight,
            (shape.stride, shape.stride),
            [(shape.padding, shape.padding)] * 2,
            dimension_numbers=("NHWC", "HWIO", "NHWC"),
            feature_group_count=shape.groups,
        )

    functions = {
        FORWARD: lambda x, weight, g: convolve(x, weight),
        INPUT: lambda x, weight, g: jax.vjp(lambda x: convolve(x, weight), x)[1](g)[0],
        WEIGHT: lambda x, weight, g: jax.vjp(lambda weight: convolve(x, weight), weight)[1](g)[0],
    }

    def waiting(compiled: Any) -> Any:
        return compiled(x, weight, g).block_until_ready()

    return {name: partial(waiting, jax.jit(function)) for name, function in functions.items()}
