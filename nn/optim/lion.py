"""Lion: steps of one size in each element, by the sign of a momentum."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...autograd.kernels import updates
from .optimizer import Group, Optimizer, Params, State, require

__all__ = ["Lion"]


class Lion(Optimizer):
    """p = p - lr · (sign(β₁ m + (1 - β₁) g) + weight_decay · p);  m = β₂ m + (1 - β₂) g.

    Chen et al., Symbolic Discovery of Optimization Algorithms, 2023. A learning rate three to ten times smaller than
    Adam's, and a weight decay as much larger, are usual.
    """

    def __init__(
        self,
        params: Params,
        lr: float = 1e-4,
        betas: tuple[float, float] = (0.9, 0.99),
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(params, lr=lr, betas=betas, weight_decay=weight_decay, maximize=maximize)

    def check(self, group: Group) -> None:
        betas, weight_decay = group["betas"], group["weight_decay"]
        require(self, all(0 <= beta < 1 for beta in betas), f"betas must lie in [0, 1), got {betas}")
        require(self, weight_decay >= 0, f"weight_decay must not be negative, got {weight_decay}")

    def init_state(self, parameter: NDArray[Any], group: Group) -> State:
        return {"exp_avg": np.zeros_like(parameter)}

    def update(self, parameter: NDArray[Any], grad: NDArray[Any], state: State, group: Group) -> None:
        (beta1, beta2), lr = group["betas"], group["lr"]
        updates.lion(
            parameter, -grad if group["maximize"] else grad, state["exp_avg"],
            lr, 1 - lr * group["weight_decay"], beta1, 1 - beta1, beta2, 1 - beta2,
        )  # fmt: skip
