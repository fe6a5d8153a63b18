"""The dense network 784-256-128-10 with ReLU: of a library's layers, in JAX, and the problem of training it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from benchmarks.peers import load
from benchmarks.training import Problem, draw_batches, uniform

SIZES = (784, 256, 128, 10)


def draw(batch: int, seed: int) -> Problem:
    """Starting weights, images and labels."""
    rng = np.random.default_rng(seed)
    weights = [uniform(rng, inputs, (inputs, outputs)) for inputs, outputs in pairwise(SIZES)]
    biases = [uniform(rng, inputs, (outputs,)) for inputs, outputs in pairwise(SIZES)]
    start = tuple(array for layer in zip(weights, biases, strict=True) for array in layer)
    return Problem(network, start, draw_batches(rng, batch, SIZES[:1]))


def network(nn: Any) -> Any:
    """The layers."""
    layers = [layer for sizes in pairwise(SIZES) for layer in (nn.Linear(*sizes), nn.ReLU())]
    return nn.Sequential(*layers[:-1])


def jax_scores(parameters: Any, images: Any) -> Any:
    """(N, 784) -> (N, 10), in JAX."""
    relu = load("jax").nn.relu
    hidden = images
    for weight, bias in zip(parameters[0:-2:2], parameters[1:-2:2], strict=True):
        hidden = relu(hidden @ weight + bias)
    return hidden @ parameters[-2] + parameters[-1]
