"""Optimizer: the loop over parameters. A subclass says what is remembered of one, and how it is updated."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from numpy.typing import NDArray

from ...autograd.tensor import Tensor

__all__ = ["Optimizer", "require"]

State = dict[str, NDArray[Any]]


class Optimizer:
    """The base of optimizers.

    Args:
        params: the tensors to train, such as `model.parameters()`.
        lr: the learning rate, positive; assign to `optimizer.lr` to change it.

    Raises:
        ValueError: no parameters, one twice, or a learning rate below 0.
        TypeError: something that is not a leaf tensor that requires a gradient.
    """

    def __init__(self, params: Iterable[Tensor], lr: float) -> None:
        self.params = list(params)
        name = type(self).__name__
        require(name, lr >= 0, f"lr must not be negative, got {lr}")
        require(name, len(self.params) > 0, "there are no parameters to train; was the model empty?")
        for i, p in enumerate(self.params):
            if not isinstance(p, Tensor) or not p.is_leaf or not p.requires_grad:
                raise TypeError(f"{name}: parameter {i} must be a leaf tensor that requires a gradient, got {p!r:.80}")
        require(name, len({id(p) for p in self.params}) == len(self.params), "a parameter is given twice")
        self.lr = lr
        self.steps = 0
        self.states: list[State] = [self.init_state(parameter.numpy()) for parameter in self.params]

    def init_state(self, parameter: NDArray[Any]) -> State:
        """What is remembered of a parameter from step to step."""
        return {}

    def update(self, parameter: NDArray[Any], grad: NDArray[Any], state: State) -> None:
        """Change a parameter, and its state, in place."""
        raise NotImplementedError

    def step(self) -> None:
        """Update every parameter that has a gradient."""
        self.steps += 1
        for parameter, state in zip(self.params, self.states, strict=True):
            grad = parameter.grad
            if grad is not None:
                self.update(parameter.data, grad._frozen(), state)

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        for parameter in self.params:
            parameter.grad = None


def require(name: str, condition: bool, message: str) -> None:
    """Raise ValueError with a message that names the optimizer, unless the condition holds."""
    if not condition:
        raise ValueError(f"{name}: {message}")
