"""Adagrad and Adadelta: a rate of its own for each element, from the squares of its gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...autograd.kernels import updates
from .optimizer import Group, Optimizer, Params, State, require

__all__ = ["Adadelta", "Adagrad"]


class Adagrad(Optimizer):
    """s = s + g²;  p = p - lr / (1 + (t - 1) lr_decay) · g / (√s + eps).

    Duchi et al., Adaptive Subgradient Methods, 2011, in PyTorch's form.
    """

    def __init__(
        self,
        params: Params,
        lr: float = 1e-2,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(
            params, lr=lr, lr_decay=lr_decay, weight_decay=weight_decay,
            initial_accumulator_value=initial_accumulator_value, eps=eps, maximize=maximize,
        )  # fmt: skip

    def check(self, group: Group) -> None:
        for name in ("lr_decay", "weight_decay", "initial_accumulator_value", "eps"):
            require(self, group[name] >= 0, f"{name} must not be negative, got {group[name]}")

    def init_state(self, parameter: NDArray[Any], group: Group) -> State:
        start = group["initial_accumulator_value"] * (1 + 1j if parameter.dtype.kind == "c" else 1)
        return {"step": np.zeros((), np.int64), "sum": np.full_like(parameter, start)}

    def update(self, parameter: NDArray[Any], grad: NDArray[Any], state: State, group: Group) -> None:
        state["step"] += 1
        rate = group["lr"] / (1 + (int(state["step"]) - 1) * group["lr_decay"])
        grad = -grad if group["maximize"] else grad
        updates.adagrad(parameter, grad, state["sum"], rate, group["eps"], group["weight_decay"])


class Adadelta(Optimizer):
    """v = ρ v + (1 - ρ) g²;  d = √(u + eps) / √(v + eps) · g;  u = ρ u + (1 - ρ) d²;  p = p - lr · d.

    Zeiler, ADADELTA: An Adaptive Learning Rate Method, 2012, in PyTorch's form.
    """

    def __init__(
        self,
        params: Params,
        lr: float = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(params, lr=lr, rho=rho, eps=eps, weight_decay=weight_decay, maximize=maximize)

    def check(self, group: Group) -> None:
        require(self, 0 <= group["rho"] <= 1, f"rho must lie in [0, 1], got {group['rho']}")
        for name in ("eps", "weight_decay"):
            require(self, group[name] >= 0, f"{name} must not be negative, got {group[name]}")

    def init_state(self, parameter: NDArray[Any], group: Group) -> State:
        return {"square_avg": np.zeros_like(parameter), "acc_delta": np.zeros_like(parameter)}

    def update(self, parameter: NDArray[Any], grad: NDArray[Any], state: State, group: Group) -> None:
        rho = group["rho"]
        updates.adadelta(
            parameter, -grad if group["maximize"] else grad, state["square_avg"], state["acc_delta"],
            group["lr"], rho, 1 - rho, group["eps"], group["weight_decay"],
        )  # fmt: skip
