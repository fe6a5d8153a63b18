"""Adam."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...autograd.kernels.updates import adam_update
from ...autograd.tensor import Tensor
from .optimizer import Optimizer, State, require

__all__ = ["Adam"]


class Adam(Optimizer):
    """m = β₁ m + (1 - β₁) g;  v = β₂ v + (1 - β₂) g²;  p = p - lr · m̂ / (√v̂ + eps).

    m̂ = m / (1 - β₁ᵗ) and v̂ = v / (1 - β₂ᵗ) correct for the start at 0. `weight_decay` · p is added to the gradient.
    Kingma and Ba, Adam, 2015, in PyTorch's form.
    """

    def __init__(
        self,
        params: Iterable[Tensor],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        require("Adam", all(0 <= beta < 1 for beta in betas), f"betas must lie in [0, 1), got {betas}")
        require("Adam", eps >= 0, f"eps must not be negative, got {eps}")
        require("Adam", weight_decay >= 0, f"weight_decay must not be negative, got {weight_decay}")
        self.betas = betas
        self.eps = eps
        self.weight_decay = weight_decay
        super().__init__(params, lr)

    def init_state(self, parameter: NDArray[Any]) -> State:
        return {
            "mean": np.zeros_like(parameter),
            "square": np.zeros_like(parameter),
            "steps": np.zeros((), np.int64),
        }

    def update(self, parameter: NDArray[Any], grad: NDArray[Any], state: State) -> None:
        state["steps"] += 1
        beta1, beta2 = self.betas
        rate = self.lr / (1 - beta1 ** int(state["steps"]))
        correction = math.sqrt(1 - beta2 ** int(state["steps"]))
        arrays = [parameter, grad, state["mean"], state["square"]]
        parts = [arrays]
        if parameter.dtype.kind == "c":  # two real parameters: g² is meant part by part
            parts = [[x.real for x in arrays], [x.imag for x in arrays]]
        for p, g, m, s in parts:
            adam_update(p, g, m, s, rate, beta1, beta2, correction, self.eps, self.weight_decay)
