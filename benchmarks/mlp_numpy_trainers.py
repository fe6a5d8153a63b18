"""The training step where NumPy does the arithmetic: by hand, and in the two libraries that record NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.peers import load
from benchmarks.training import LEARNING_RATE, MOMENTUM, Feed, Floats, Problem, Trainer


class Momentum:
    """Parameters and velocities in NumPy, updated in place."""

    def __init__(self, problem: Problem) -> None:
        self.start = problem.parameters()
        self.parameters = problem.parameters()
        self.velocities = [np.zeros_like(p) for p in self.parameters]

    def restart(self) -> None:
        """The starting weights again, and no momentum."""
        for parameter, start, velocity in zip(self.parameters, self.start, self.velocities, strict=True):
            parameter[...] = start
            velocity[...] = 0

    def update(self, gradients: list[Floats]) -> None:
        """v <- 0.9 v + g, then p <- p - lr v."""
        for p, v, g in zip(self.parameters, self.velocities, gradients, strict=True):
            v *= MOMENTUM
            v += g
            p -= LEARNING_RATE * v


def by_hand(problem: Problem) -> Trainer:
    """Forward and backward pass written out, buffers overwritten where that is possible."""
    momentum, feed = Momentum(problem), Feed(list(problem.batches))

    def restart() -> None:
        momentum.restart()
        feed.restart()

    def step() -> Any:
        images, labels = next(feed)
        rows = np.arange(len(labels))
        weights, biases = momentum.parameters[0::2], momentum.parameters[1::2]
        layers = [images]
        for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
            hidden = layers[-1] @ weight  # (N, in) -> (N, out)
            hidden += bias
            layers.append(np.maximum(hidden, 0, out=hidden))
        scores = layers[-1] @ weights[-1]
        scores += biases[-1]
        scores -= scores.max(axis=1, keepdims=True)
        right = scores[rows, labels]
        np.exp(scores, out=scores)
        totals = scores.sum(axis=1, keepdims=True)
        loss = (np.log(totals[:, 0]) - right).mean()

        g = np.divide(scores, totals, out=scores)  # softmax, then the loss's gradient in the scores
        g[rows, labels] -= 1
        g /= len(labels)
        gradients: list[Floats] = []
        for weight, inputs in zip(reversed(weights), reversed(layers), strict=True):
            gradients[:0] = [inputs.T @ g, g.sum(axis=0)]
            if inputs is not images:
                g = g @ weight.T  # (N, out) -> (N, in)
                g *= inputs > 0
        momentum.update(gradients)
        return loss

    return Trainer(step, restart)


def mygrad(problem: Problem) -> Trainer:
    """MyGrad, with its defaults, and its own loss and activation."""
    mg = load("mygrad")
    relu = load("mygrad.nnet.activations").relu
    cross_entropy = load("mygrad.nnet.losses").softmax_crossentropy
    momentum, feed = Momentum(problem), Feed(list(problem.batches))
    tensors = [mg.tensor(array, copy=False) for array in momentum.parameters]

    def restart() -> None:
        momentum.restart()
        feed.restart()

    def step() -> Any:
        images, labels = next(feed)
        hidden = images
        for weight, bias in zip(tensors[0:-2:2], tensors[1:-2:2], strict=True):
            hidden = relu(hidden @ weight + bias)
        loss = cross_entropy(hidden @ tensors[-2] + tensors[-1], labels)
        loss.backward()
        momentum.update([tensor.grad for tensor in tensors])
        return loss

    return Trainer(step, restart)


def hips_autograd(problem: Problem) -> Trainer:
    """HIPS autograd."""
    anp, value_and_grad = load("autograd.numpy"), load("autograd").value_and_grad
    momentum, feed = Momentum(problem), Feed(list(problem.batches))

    def loss_of(parameters: Any, images: Any, labels: Any) -> Any:
        hidden = images
        for weight, bias in zip(parameters[0:-2:2], parameters[1:-2:2], strict=True):
            hidden = anp.maximum(anp.dot(hidden, weight) + bias, 0)
        scores = anp.dot(hidden, parameters[-2]) + parameters[-1]
        scores = scores - anp.max(scores, axis=1, keepdims=True)
        totals = anp.log(anp.sum(anp.exp(scores), axis=1))
        return anp.mean(totals - scores[anp.arange(len(labels)), labels])

    gradients_of = value_and_grad(loss_of)

    def restart() -> None:
        momentum.restart()
        feed.restart()

    def step() -> Any:
        loss, gradients = gradients_of(momentum.parameters, *next(feed))
        momentum.update(gradients)
        return loss

    return Trainer(step, restart)
