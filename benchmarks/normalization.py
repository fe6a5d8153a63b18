"""The group `normalization`: batch norm and layer norm in training, forward + backward, in float32."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

import tapegrad as tg
from benchmarks.convolution import LAYOUTS, OURS
from benchmarks.convolution_libraries import channels_last_memory
from benchmarks.figures import Table, best, comparison
from benchmarks.groups import Settings
from benchmarks.peers import load
from benchmarks.timing import Candidate, interleave
from tapegrad import autograd, nn

IMAGES = (128, 32, 26, 26), (128, 64, 12, 12)
VECTORS = (128, 256), (32, 64, 512)
MUST_REACH = 1.0  # of the faster layout
EPS = 1e-5

Array = NDArray[np.float32]
Pass = Callable[[], tuple[Any, ...]]
"""Gives the output, and the gradients of input, weight and bias."""


def tapegrad(arrays: list[Array], *, channels_last: bool = False) -> Pass:
    """Ours; images in C order, or with channels last in memory, as a convolution hands them on."""
    arrange = channels_last_memory if channels_last else np.ascontiguousarray
    x, g = (arrange(array) for array in arrays[:2])
    inputs = [tg.tensor(array, requires_grad=True) for array in (x, *arrays[2:])]
    seed = tg.tensor(g)

    def both() -> tuple[Any, ...]:
        x, weight, bias = inputs
        if x.ndim == 4:
            y = nn.functional.batch_norm(x, None, None, weight, bias, training=True, eps=EPS)
        else:
            y = nn.functional.layer_norm(x, x.shape[-1], weight, bias, EPS)
        return y.numpy(), *(gradient.numpy() for gradient in autograd.pullback([y], inputs, [seed]))

    return both


def pytorch(arrays: list[Array], *, channels_last: bool = False) -> Pass:
    """PyTorch."""
    torch = load("torch")
    layout = torch.channels_last if channels_last else torch.contiguous_format
    x, g = (torch.from_numpy(array).contiguous(memory_format=layout) for array in arrays[:2])
    inputs = [x, *map(torch.from_numpy, arrays[2:])]
    for tensor in inputs:
        tensor.requires_grad_()

    def both() -> tuple[Any, ...]:
        x, weight, bias = inputs
        if x.ndim == 4:
            y = torch.nn.functional.batch_norm(x, None, None, weight, bias, training=True, eps=EPS)
        else:
            y = torch.nn.functional.layer_norm(x, x.shape[-1:], weight, bias, EPS)
        return y.detach(), *torch.autograd.grad(y, inputs, g)

    return both


FOR_IMAGES: dict[str, Callable[[list[Array]], Pass]] = {
    OURS: partial(tapegrad, channels_last=True),
    "tapegrad, NCHW in memory": tapegrad,
    LAYOUTS[0]: pytorch,
    LAYOUTS[1]: partial(pytorch, channels_last=True),
}
FOR_VECTORS: dict[str, Callable[[list[Array]], Pass]] = {OURS: tapegrad, "PyTorch": pytorch}


def measure(settings: Settings) -> list[Table]:
    """Forward and backward in one, after checking that every library computes the same."""
    return [table(shape, settings) for shape in (*IMAGES, *VECTORS)]


def table(shape: tuple[int, ...], settings: Settings) -> Table:
    """Batch norm of images, or layer norm of vectors."""
    rng = np.random.default_rng(settings.seed)
    parameters = (shape[1] if len(shape) == 4 else shape[-1],)
    arrays = [rng.standard_normal(size, dtype=np.float32) for size in (shape, shape, parameters, parameters)]
    libraries, name = (FOR_IMAGES, "Batch norm") if len(shape) == 4 else (FOR_VECTORS, "Layer norm")
    passes = {library: make(arrays) for library, make in libraries.items()}
    check(passes, arrays)
    samples = interleave(
        [Candidate(library, both) for library, both in passes.items()], rounds=settings.rounds, seed=settings.seed
    )
    peers = [library for library in libraries if not library.startswith(OURS)]
    return comparison(
        f"{name}, {'×'.join(map(str, shape))}, forward + backward",
        samples,
        unit="µs",
        scale=1e6,
        must_reach={best(samples, peers): MUST_REACH},
        label=f"{name.lower()} {'×'.join(map(str, shape))}",
    )


def check(passes: dict[str, Pass], arrays: list[Array]) -> None:
    """Raise unless all libraries give, to 1e-4 of the largest number, what the formulas in float64 give."""
    x, g, weight, bias = (array.astype(np.float64) for array in arrays)
    axes, rest = ((0, 2, 3), (0, 2, 3)) if x.ndim == 4 else ((-1,), tuple(range(x.ndim - 1)))
    weight, bias = (p.reshape(-1, 1, 1) if x.ndim == 4 else p for p in (weight, bias))
    deviation = np.sqrt(x.var(axes, keepdims=True) + EPS)
    h = (x - x.mean(axes, keepdims=True)) / deviation
    u = g * weight
    gx = (u - u.mean(axes, keepdims=True) - h * (u * h).mean(axes, keepdims=True)) / deviation
    expected = h * weight + bias, gx, (g * h).sum(rest), g.sum(rest)
    names = "the output", "the gradient of x", "the gradient of the weight", "the gradient of the bias"
    for library, both in passes.items():
        for what, found, right in zip(names, both(), expected, strict=True):
            if np.abs(np.asarray(found) - right).max() > 1e-4 * np.abs(right).max():
                raise ArithmeticError(f"{library}: {what} differs from NumPy's in float64")
