"""Two convolutional networks for images of 28 by 28: of a library's layers, in JAX, and the problem of training one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from benchmarks.peers import load
from benchmarks.training import Floats, Problem, draw_batches, uniform

IMAGE = (1, 28, 28)
KERNEL = (3, 3)


@dataclass(frozen=True)
class Network:
    """3x3 convolutions with ReLU, some of them followed by a 2x2 max pool, then dense layers with ReLU between them."""

    channels: tuple[int, ...]
    pooled: tuple[bool, ...]
    dense: tuple[int, ...]

    def layers(self, nn: Any) -> Any:
        """The network of a library's layers."""
        layers = []
        for sizes, pooled in zip(pairwise(self.channels), self.pooled, strict=True):
            layers += [nn.Conv2d(*sizes, 3), nn.ReLU()]
            if pooled:
                layers.append(nn.MaxPool2d(2))
        layers.append(nn.Flatten())
        for sizes in pairwise(self.dense):
            layers += [nn.Linear(*sizes), nn.ReLU()]
        return nn.Sequential(*layers[:-1])

    def jax_scores(self, parameters: Any, images: Any) -> Any:
        """(N, 1, 28, 28) -> (N, 10), in JAX; channels last would make the step a few percent quicker or slower."""
        jax, lax = load("jax"), load("jax.lax")
        hidden, layers = images, iter(zip(parameters[::2], parameters[1::2], strict=True))
        for pooled in self.pooled:
            weight, bias = next(layers)
            hidden = jax.nn.relu(lax.conv(hidden, weight, (1, 1), "VALID") + bias[:, None, None])
            if pooled:
                window = (1, 1, 2, 2)
                hidden = lax.reduce_window(hidden, -np.inf, lax.max, window, window, "VALID")
        hidden = hidden.reshape(len(hidden), -1)
        weight, bias = next(layers)
        scores = hidden @ weight + bias
        for weight, bias in layers:
            scores = jax.nn.relu(scores) @ weight + bias
        return scores

    def draw(self, batch: int, seed: int) -> Problem:
        """Starting weights, images and labels."""
        rng = np.random.default_rng(seed)
        start: list[Floats] = []
        for inputs, outputs in pairwise(self.channels):
            patch = inputs * KERNEL[0] * KERNEL[1]
            start += [uniform(rng, patch, (outputs, inputs, *KERNEL)), uniform(rng, patch, (outputs,))]
        for inputs, outputs in pairwise(self.dense):
            start += [uniform(rng, inputs, (inputs, outputs)), uniform(rng, inputs, (outputs,))]
        return Problem(self.layers, tuple(start), draw_batches(rng, batch, IMAGE))


NETWORKS = {
    "CNN 1-32-64": Network(channels=(1, 32, 64), pooled=(False, True), dense=(9216, 128, 10)),
    "CNN 1-16-32": Network(channels=(1, 16, 32), pooled=(True, True), dense=(800, 10)),
}
