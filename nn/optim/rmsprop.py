"""RMSprop."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...autograd.kernels import updates
from .optimizer import Group, Optimizer, Params, State, require

__all__ = ["RMSprop"]


class RMSprop(Optimizer):
    """v = α v + (1 - α) g²;  p = p - lr · g / (√v + eps), the quotient gathered by a momentum if there is one.

    With `centered` the square of a running mean of g is taken from v: an estimate of the variance.
    Tieleman and Hinton, 2012; Graves, Generating Sequences With Recurrent Neural Networks, 2013; in PyTorch's form.
    """

    def __init__(
        self,
        params: Params,
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(
            params, lr=lr, alpha=alpha, eps=eps, weight_decay=weight_decay, momentum=momentum, centered=centered,
            maximize=maximize,
        )  # fmt: skip

    def check(self, group: Group) -> None:
        for name in ("alpha", "eps", "weight_decay", "momentum"):
            require(self, group[name] >= 0, f"{name} must not be negative, got {group[name]}")

    def init_state(self, parameter: NDArray[Any], group: Group) -> State:
        return {name: np.zeros_like(parameter) for name in _names(group)}

    def update(self, parameter: NDArray[Any], grad: NDArray[Any], state: State, group: Group) -> None:
        momentum, alpha = group["momentum"], group["alpha"]
        numbers = group["lr"], alpha, 1 - alpha, group["eps"], group["weight_decay"], *((momentum,) if momentum else ())
        update = _UPDATES[momentum > 0, group["centered"]]
        update(parameter, -grad if group["maximize"] else grad, *(state[name] for name in _names(group)), *numbers)


def _names(group: Group) -> list[str]:
    """Of what is remembered."""
    return ["square_avg"] + ["momentum_buffer"] * (group["momentum"] > 0) + ["grad_avg"] * group["centered"]


_UPDATES = {
    (False, False): updates.rmsprop,
    (True, False): updates.rmsprop_momentum,
    (False, True): updates.centered_rmsprop,
    (True, True): updates.centered_rmsprop_momentum,
}
"""By whether there is a momentum, and whether the mean is taken away."""
