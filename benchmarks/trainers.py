"""The training step in each library, as its users would write it: model, softmax cross-entropy, SGD with momentum.

Tensors of the data are made before the clock starts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tapegrad as tg
from benchmarks.peers import load
from benchmarks.training import LEARNING_RATE, MOMENTUM, Feed, Problem, Trainer
from tapegrad import nn


def tapegrad(problem: Problem) -> Trainer:
    """Ours."""
    model = problem.network(nn)
    loss_of = nn.CrossEntropyLoss()
    feed = Feed([(tg.tensor(images), labels) for images, labels in problem.batches])
    names = list(model.state_dict())
    optimizer = nn.optim.SGD(model.parameters(), lr=LEARNING_RATE, momentum=MOMENTUM)

    def restart() -> None:
        nonlocal optimizer
        model.load_state_dict(dict(zip(names, problem.module_parameters(), strict=True)))
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


def pytorch(problem: Problem, *, channels_last: bool = False, compiled: bool = False) -> Trainer:
    """PyTorch, eager or with torch.compile around model and loss; the optimizer keeps PyTorch's default settings."""
    torch = load("torch")
    layout = torch.channels_last if channels_last else torch.contiguous_format
    model = problem.network(torch.nn).to(memory_format=layout)
    cross_entropy = torch.nn.CrossEntropyLoss()
    feed = Feed(
        [
            (torch.from_numpy(images).contiguous(memory_format=layout), torch.from_numpy(labels))
            for images, labels in problem.batches
        ]
    )
    optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE, momentum=MOMENTUM)

    def loss_of(images: Any, labels: Any) -> Any:
        return cross_entropy(model(images), labels)

    if compiled:
        loss_of = torch.compile(loss_of)

    def restart() -> None:
        with torch.no_grad():
            for parameter, start in zip(model.parameters(), problem.module_parameters(), strict=True):
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


def jax_jit(problem: Problem, scores_of: Callable[[Any, Any], Any]) -> Trainer:
    """JAX: the step compiled into one program that overwrites its parameters; steps queue up in the background.

    `scores_of(parameters, images)` is the network, with the parameters of `problem.start`.
    """
    jax, jnp = load("jax"), load("jax.numpy")
    feed = Feed([(jnp.array(images), jnp.array(labels)) for images, labels in problem.batches])
    state: list[Any] = []

    def loss_of(parameters: Any, images: Any, labels: Any) -> Any:
        scores = jax.nn.log_softmax(scores_of(parameters, images))
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
