"""Functions of functions, as in JAX: derivatives over functions of tensors in trees (see trees.py)."""

from __future__ import annotations

from .checkpointing import checkpoint as checkpoint
from .forward import hvp as hvp, jvp as jvp, linearize as linearize
from .gradients import (
    elementwise_grad as elementwise_grad,
    grad as grad,
    stop_gradient as stop_gradient,
    value_and_grad as value_and_grad,
    vjp as vjp,
)
from .jacobians import hessian as hessian, jacfwd as jacfwd, jacobian as jacobian, jacrev as jacrev

__all__ = [
    "checkpoint", "elementwise_grad", "grad", "hessian", "hvp", "jacfwd", "jacobian", "jacrev", "jvp", "linearize",
    "stop_gradient", "value_and_grad", "vjp",
]  # fmt: skip
