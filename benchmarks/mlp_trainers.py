"""The training step in each library, as its users would write it: model, softmax cross-entropy, SGD with momentum.

Momentum as PyTorch has it: v <- 0.9 v + g, then p <- p - lr v. Tensors of the data are made before the clock starts.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import tapegrad as tg
from benchmarks.mlp_problem import LEARNING_RATE, MOMENTUM, SIZES, Feed, Floats, Problem, Trainer
from benchmarks.peers import load
from tapegrad import nn


def tapegrad(problem: Problem) -> Trainer:
    """Ours."""
    linear, relu = nn.Linear, nn.ReLU
    model = nn.Sequential(
        linear(SIZES[0], SIZES[1]), relu(), linear(SIZES[1], SIZES[2]), relu(), linear(SIZES[2], SIZES[3])
    )
    loss_of = nn.CrossEntropyLoss()
    feed = Feed([(tg.tensor(images), labels) for images, labels in problem.batches])
    names = list(model.state_dict())
    optimizer = nn.optim.SGD(model.parameters(), lr=LEARNING_RATE, momentum=MOMENTUM)

    def restart() -> None:
        nonlocal optimizer
        model.load_state_dict(dict(zip(names, transposed(problem), strict=True)))
        optimizer = nn.optim.SGD(model.parameters(), lr=LEARNING_RATE, momentum=MOMENTUM)
        feed.restart()

    def step() -> Any:
        images, labels = next(feed)
        loss = loss_of(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss

    return Trainer(step, restart)


def transposed(problem: Problem) -> list[Floats]:
    """The starting parameters with weights (out, in), as `Linear` keeps them."""
    return [np.ascontiguousarray(array.T) for array in problem.parameters()]


def pytorch(problem: Problem) -> Trainer:
    """PyTorch, eager."""
    return pytorch_trainer(problem, compiled=False)


def pytorch_compiled(problem: Problem) -> Trainer:
    """PyTorch with torch.compile around model and loss."""
    return pytorch_trainer(problem, compiled=True)


def pytorch_trainer(problem: Problem, *, compiled: bool) -> Trainer:
    """PyTorch; the optimizer keeps PyTorch's default settings."""
    torch = load("torch")
    linear, relu = torch.nn.Linear, torch.nn.ReLU
    model = torch.nn.Sequential(
        linear(SIZES[0], SIZES[1]), relu(), linear(SIZES[1], SIZES[2]), relu(), linear(SIZES[2], SIZES[3])
    )
    cross_entropy = torch.nn.CrossEntropyLoss()
    feed = Feed([(torch.from_numpy(images), torch.from_numpy(labels)) for images, labels in problem.batches])
    optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE, momentum=MOMENTUM)

    def loss_of(images: Any, labels: Any) -> Any:
        return cross_entropy(model(images), labels)

    if compiled:
        loss_of = torch.compile(loss_of)

    def restart() -> None:
        with torch.no_grad():
            for parameter, start in zip(model.parameters(), transposed(problem), strict=True):
                parameter.copy_(torch.from_numpy(start))
        optimizer.state.clear()
        feed.restart()

    def step() -> Any:
        images, labels = next(feed)
        loss = loss_of(images, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss

    return Trainer(step, restart)


def jax_jit(problem: Problem) -> Trainer:
    """JAX: the step compiled into one program that overwrites its parameters; steps queue up in the background."""
    jax, jnp = load("jax"), load("jax.numpy")
    feed = Feed([(jnp.array(images), jnp.array(labels)) for images, labels in problem.batches])
    state: list[Any] = []

    def loss_of(parameters: Any, images: Any, labels: Any) -> Any:
        hidden = images
        for weight, bias in zip(parameters[0:-2:2], parameters[1:-2:2], strict=True):
            hidden = jax.nn.relu(hidden @ weight + bias)
        scores = jax.nn.log_softmax(hidden @ parameters[-2] + parameters[-1])
        return -jnp.take_along_axis(scores, labels[:, None], axis=1).mean()

    def updated(parameters: Any, velocities: Any, images: Any, labels: Any) -> Any:
        loss, gradients = jax.value_and_grad(loss_of)(parameters, images, labels)
        velocities = [MOMENTUM * v + g for v, g in zip(velocities, gradients, strict=True)]
        return loss, [p - LEARNING_RATE * v for p, v in zip(parameters, velocities, strict=True)], velocities

    compiled = jax.jit(updated, donate_argnums=(0, 1))

    def restart() -> None:
        parameters = [jnp.array(array) for array in problem.parameters()]
        state[:] = [parameters, [jnp.zeros_like(p) for p in parameters]]
        feed.restart()

    def step() -> Any:
        loss, *state[:] = compiled(*state, *next(feed))
        return loss

    return Trainer(step, restart, finish=lambda: jax.block_until_ready(state))
