"""Adam, and AdamW, whose weight decay is apart from the gradient."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...autograd.kernels import updates
from .optimizer import Group, Optimizer, Params, State, require

__all__ = ["Adam", "AdamW"]


class Adam(Optimizer):
    """m = β₁ m + (1 - β₁) g;  v = β₂ v + (1 - β₂) g²;  p = p - lr · m̂ / (√v̂ + eps).

    m̂ = m / (1 - β₁ᵗ) and v̂ = v / (1 - β₂ᵗ) correct for the start at 0. `weight_decay` · p is added to the gradient, or,
    with `decoupled_weight_decay`, lr · weight_decay · p taken from p. With `amsgrad` the largest v so far stands for v.
    Kingma and Ba, Adam, 2015; Reddi et al., On the Convergence of Adam and Beyond, 2018; in PyTorch's form.
    """

    def __init__(
        self,
        params: Params,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        decoupled_weight_decay: bool = False,
    ) -> None:
        super().__init__(
            params, lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, amsgrad=amsgrad, maximize=maximize,
            decoupled_weight_decay=decoupled_weight_decay,
        )  # fmt: skip

    def check(self, group: Group) -> None:
        betas, eps, weight_decay = group["betas"], group["eps"], group["weight_decay"]
        require(self, all(0 <= beta < 1 for beta in betas), f"betas must lie in [0, 1), got {betas}")
        require(self, eps >= 0, f"eps must not be negative, got {eps}")
        require(self, weight_decay >= 0, f"weight_decay must not be negative, got {weight_decay}")

    def init_state(self, parameter: NDArray[Any], group: Group) -> State:
        moments = {name: np.zeros_like(parameter) for name in _moments(group)}
        return {"step": np.zeros((), np.int64), **moments}

    def update(self, parameter: NDArray[Any], grad: NDArray[Any], state: State, group: Group) -> None:
        state["step"] += 1
        step, lr, (beta1, beta2) = int(state["step"]), group["lr"], group["betas"]
        decay, apart = group["weight_decay"], group["decoupled_weight_decay"]
        update = updates.amsgrad if group["amsgrad"] else updates.adam
        update(
            parameter, -grad if group["maximize"] else grad, *(state[name] for name in _moments(group)),
            lr / (1 - beta1**step), 1 - lr * decay if apart else 1.0, beta1, 1 - beta1, beta2, 1 - beta2,
            1 / math.sqrt(1 - beta2**step), group["eps"], 0.0 if apart else decay,
        )  # fmt: skip


def _moments(group: Group) -> list[str]:
    """The names of what is remembered beside the number of steps."""
    return ["exp_avg", "exp_avg_sq"] + ["max_exp_avg_sq"] * group["amsgrad"]


class AdamW(Adam):
    """Adam with decoupled weight decay: p = p - lr · weight_decay · p before the step.

    Loshchilov and Hutter, Decoupled Weight Decay Regularization, 2019.
    """

    def __init__(
        self,
        params: Params,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, maximize=maximize, decoupled_weight_decay=True)
