"""Muon: a momentum whose matrix is made orthogonal before it is used."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .optimizer import Group, Optimizer, Params, State, require

__all__ = ["Muon", "orthogonalized"]


class Muon(Optimizer):
    """v = momentum · v + (1 - momentum) · g;  p = (1 - lr · weight_decay) p - rate · orthogonalized(v).

    For matrices alone, the weights of hidden layers; give biases, embeddings and the last layer to AdamW. With
    `nesterov` (1 - momentum) g + momentum v takes the place of v. The rate is lr √max(1, rows / columns), or with
    adjust_lr_fn="match_rms_adamw" 0.2 lr √max(rows, columns), so that Adam's rates can be kept.
    Jordan et al., Muon: An optimizer for hidden layers, 2024, in PyTorch's form; PyTorch computes in bfloat16.

    Raises:
        ValueError: a parameter that is not a matrix of real numbers.
    """

    def __init__(
        self,
        params: Params,
        lr: float = 1e-3,
        weight_decay: float = 0.1,
        momentum: float = 0.95,
        nesterov: bool = True,
        ns_coefficients: tuple[float, float, float] = (3.4445, -4.775, 2.0315),
        eps: float = 1e-7,
        ns_steps: int = 5,
        adjust_lr_fn: str | None = None,
    ) -> None:
        super().__init__(
            params, lr=lr, weight_decay=weight_decay, momentum=momentum, nesterov=nesterov,
            ns_coefficients=ns_coefficients, eps=eps, ns_steps=ns_steps, adjust_lr_fn=adjust_lr_fn,
        )  # fmt: skip

    def check(self, group: Group) -> None:
        for name in ("weight_decay", "momentum"):
            require(self, group[name] >= 0, f"{name} must not be negative, got {group[name]}")
        known = group["adjust_lr_fn"] in (None, "original", "match_rms_adamw")
        require(self, known, f"adjust_lr_fn must be 'original' or 'match_rms_adamw', got {group['adjust_lr_fn']!r}")
        for p in group["params"]:
            matrix = p.ndim == 2 and p.dtype.kind == "f"
            require(
                self,
                matrix,
                f"every parameter must be a real matrix, got {p.dtype}{list(p.shape)}; AdamW is for others",
            )

    def init_state(self, parameter: NDArray[Any], group: Group) -> State:
        return {"momentum_buffer": np.zeros_like(parameter)}

    def update(self, parameter: NDArray[Any], grad: NDArray[Any], state: State, group: Group) -> None:
        momentum, buffer = group["momentum"], state["momentum_buffer"]
        buffer += (1 - momentum) * (grad - buffer)
        direction = grad + momentum * (buffer - grad) if group["nesterov"] else buffer
        rows, columns = parameter.shape
        if group["adjust_lr_fn"] == "match_rms_adamw":
            rate = group["lr"] * 0.2 * math.sqrt(max(rows, columns))
        else:
            rate = group["lr"] * math.sqrt(max(1, rows / columns))
        parameter *= 1 - group["lr"] * group["weight_decay"]
        parameter -= rate * orthogonalized(direction, group["ns_coefficients"], group["ns_steps"], group["eps"])


def orthogonalized(x: NDArray[Any], coefficients: tuple[float, float, float], steps: int, eps: float) -> NDArray[Any]:
    """U Vᵀ of x = U S Vᵀ, nearly: a few steps of Newton and Schulz's x = a x + b (x xᵀ) x + c (x xᵀ)² x.

    With Muon's coefficients the singular values come out between 0.7 and 1.2, which is enough.
    """
    a, b, c = coefficients
    wide = x if x.shape[0] <= x.shape[1] else x.T
    wide = wide / max(float(np.linalg.norm(wide)), eps)
    for _ in range(steps):
        gram = wide @ wide.T
        wide = a * wide + (b * gram + c * gram @ gram) @ wide
    return wide if x.shape[0] <= x.shape[1] else wide.T
