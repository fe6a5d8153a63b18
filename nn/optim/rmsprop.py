"""RMSprop."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

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
        names = ["square_avg"] + ["momentum_buffer"] * (group["momentum"] > 0) + ["grad_avg"] * group["centered"]
        return {name: np.zeros_like(parameter) for name in names}

    def update(self, parameter: NDArray[Any], grad: NDArray[Any], state: State, group: Group) -> None:
        arrays = {"p": parameter, "g": -grad if group["maximize"] else grad, **state}
        parts = [arrays]
        if parameter.dtype.kind == "c":  # two real parameters
            parts = [{name: x.real for name, x in arrays.items()}, {name: x.imag for name, x in arrays.items()}]
        alpha = group["alpha"]
        for part in parts:
            p, square = part["p"], part["square_avg"]
            g = part["g"] + group["weight_decay"] * p
            square += (1 - alpha) * (g * g - square)
            spread = square
            if group["centered"]:
                mean = part["grad_avg"]
                mean += (1 - alpha) * (g - mean)
                spread = square - mean * mean
            change = g / (np.sqrt(spread) + group["eps"])
            if group["momentum"]:
                buffer = part["momentum_buffer"]
                buffer *= group["momentum"]
                buffer += change
                change = buffer
            p -= group["lr"] * change
