"""Stochastic gradient descent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...autograd.kernels.updates import momentum_update
from ...autograd.tensor import Tensor
from .optimizer import Optimizer, State, require

__all__ = ["SGD"]


class SGD(Optimizer):
    """v = momentum · v + g;  p = p - lr · v (nesterov: p - lr · (g + momentum · v)), with g = grad + weight_decay · p.

    Sutskever et al., On the importance of initialization and momentum in deep learning, 2013, in PyTorch's form.
    """

    def __init__(
        self,
        params: Iterable[Tensor],
        lr: float = 1e-3,
        momentum: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        require("SGD", momentum >= 0, f"momentum must not be negative, got {momentum}")
        require("SGD", weight_decay >= 0, f"weight_decay must not be negative, got {weight_decay}")
        require("SGD", momentum > 0 or not nesterov, "nesterov needs a momentum above 0")
        self.momentum = momentum
        self.weight_decay = weight_decay
        self.nesterov = nesterov
        super().__init__(params, lr)

    def init_state(self, parameter: NDArray[Any]) -> State:
        return {"velocity": np.zeros_like(parameter)}

    def update(self, parameter: NDArray[Any], grad: NDArray[Any], state: State) -> None:
        momentum_update(parameter, grad, state["velocity"], self.lr, self.momentum, self.weight_decay, self.nesterov)
