"""Stochastic gradient descent."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...autograd.kernels import updates
from .optimizer import Group, Optimizer, Params, State, require

__all__ = ["SGD"]


class SGD(Optimizer):
    """v = momentum · v + (1 - dampening) · g;  p = p - lr · v (nesterov: p - lr · (g + momentum · v)).

    g = grad + weight_decay · p, with the sign of `grad` turned if the loss is to grow (`maximize`). The first v is g.
    Sutskever et al., On the importance of initialization and momentum in deep learning, 2013, in PyTorch's form.
    """

    def __init__(
        self,
        params: Params,
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(
            params, lr=lr, momentum=momentum, dampening=dampening, weight_decay=weight_decay, nesterov=nesterov,
            maximize=maximize,
        )  # fmt: skip

    def check(self, group: Group) -> None:
        momentum, weight_decay = group["momentum"], group["weight_decay"]
        require(self, momentum >= 0, f"momentum must not be negative, got {momentum}")
        require(self, weight_decay >= 0, f"weight_decay must not be negative, got {weight_decay}")
        plain = momentum > 0 and group["dampening"] == 0
        require(self, plain or not group["nesterov"], "nesterov needs a momentum above 0, and no dampening")

    def update(self, parameter: NDArray[Any], grad: NDArray[Any], state: State, group: Group) -> None:
        lr, momentum, weight_decay = group["lr"], group["momentum"], group["weight_decay"]
        if group["maximize"]:
            grad = -grad
        if not momentum:
            updates.descent(parameter, grad, lr, weight_decay)
            return
        share = 1 - group["dampening"]
        if "momentum_buffer" not in state:  # the first gradient is not dampened
            state["momentum_buffer"], share = np.zeros_like(parameter), 1.0
        buffer = state["momentum_buffer"]
        updates.momentum(parameter, grad, buffer, lr, momentum, share, weight_decay, group["nesterov"])
