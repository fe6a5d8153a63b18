"""The group `pooling`: 2x2 max pooling and its gradient, in float32."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

import tapegrad as tg
from benchmarks.convolution import LAYOUTS, OURS, plain
from benchmarks.convolution_libraries import channels_last_memory
from benchmarks.figures import Table, best, comparison
from benchmarks.groups import Settings
from benchmarks.peers import load
from benchmarks.timing import Candidate, interleave
from tapegrad import autograd

SIZE = (64, 32, 24, 24)
MUST_REACH = 0.3  # of the faster layout

Images = NDArray[np.float32]
Pass = Callable[[], tuple[Any, Any]]  # gives the maxima, and the gradient of the images


def tapegrad(x: Images, g: Images, *, channels_last: bool = True) -> Pass:
    """Ours; images with channels last in memory, as a convolution hands them on, or in C order."""
    arrange = channels_last_memory if channels_last else np.ascontiguousarray
    images, gradient = tg.tensor(arrange(x), requires_grad=True), tg.tensor(arrange(g))

    def both() -> tuple[Any, Any]:
        y = autograd.max_pool2d(images, 2)
        return y.numpy(), autograd.pullback([y], [images], [gradient])[0].numpy()

    return both


def pytorch(x: Images, g: Images, *, channels_last: bool = False) -> Pass:
    """PyTorch."""
    torch = load("torch")
    layout = torch.channels_last if channels_last else torch.contiguous_format
    images, gradient = (torch.from_numpy(array).contiguous(memory_format=layout) for array in (x, g))
    images.requires_grad_()

    def both() -> tuple[Any, Any]:
        y = torch.nn.functional.max_pool2d(images, 2)
        return y, torch.autograd.grad(y, images, gradient)[0]

    return both


LIBRARIES: dict[str, Callable[[Images, Images], Pass]] = {
    OURS: tapegrad,
    "tapegrad, NCHW in memory": partial(tapegrad, channels_last=False),
    LAYOUTS[0]: pytorch,
    LAYOUTS[1]: partial(pytorch, channels_last=True),
}


def measure(settings: Settings) -> list[Table]:
    """Forward and backward in one, after checking that every library computes the same."""
    rng = np.random.default_rng(settings.seed)
    x = rng.standard_normal(SIZE, dtype=np.float32)
    g = rng.standard_normal((*SIZE[:2], SIZE[2] // 2, SIZE[3] // 2), dtype=np.float32)
    passes = {name: library(x, g) for name, library in LIBRARIES.items()}
    check(passes, x, g)
    samples = interleave(
        [Candidate(name, both) for name, both in passes.items()], rounds=settings.rounds, seed=settings.seed
    )
    return [
        comparison(
            f"Max pool 2×2, {'×'.join(map(str, SIZE))}, forward + backward",
            samples,
            unit="µs",
            scale=1e6,
            must_reach={best(samples, LAYOUTS): MUST_REACH},
            label="max pool 2×2, forward + backward",
        )
    ]


def check(passes: dict[str, Pass], x: Images, g: Images) -> None:
    """Raise unless all libraries give the largest of each window, and send its gradient there alone."""
    n, c, h, w = SIZE
    windows = x.reshape(n, c, h // 2, 2, w // 2, 2)
    y = windows.max(axis=(3, 5))
    gx = np.where(windows == y[:, :, :, None, :, None], g[:, :, :, None, :, None], 0).reshape(SIZE)
    for name, both in passes.items():
        for what, found, expected in zip(("the maxima", "the gradient"), both(), (y, gx), strict=True):
            if not np.array_equal(plain(found, "", expected.shape), expected):
                raise ArithmeticError(f"{name}: {what} of max pooling differ from NumPy's")
