"""Where a loss that is infinite or NaN came from, in the user's terms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ...autograd.mode import no_grad
from ...autograd.tensor import Tensor
from ..module import Module

__all__ = ["DivergedError", "first_nonfinite", "nonfinite_gradient"]


class DivergedError(ArithmeticError):
    """The loss is infinite or not a number: from here on every weight would be too."""


def first_nonfinite(model: Module, inputs: Any) -> str:
    """What first is infinite or NaN when the model is called: its input, a parameter, or the output of a module."""
    if not np.isfinite(inputs).all():
        return "the inputs are not finite"
    for name, parameter in model.named_parameters():
        if not np.isfinite(parameter.numpy()).all():
            return f"parameter {name} is not finite"
    found: list[str] = []
    names = {id(module): name for name, module in model.named_modules()}

    def look(module: Module, _: Any, output: Any) -> None:
        if not found and isinstance(output, Tensor) and not np.isfinite(output.numpy()).all():
            name = repr(names[id(module)]) if module is not model else "(the model itself)"
            found.append(f"the first output that is not finite is that of {type(module).__name__} {name}")

    handles = [module.register_forward_hook(look) for module in model.modules()]
    try:
        with no_grad(), np.errstate(all="ignore"):
            model(Tensor(inputs, copy=None))
    finally:
        for handle in handles:
            handle.remove()
    return found[0] if found else "the model's outputs are finite, so it arose in the loss"


def nonfinite_gradient(model: Module, parameters: Iterable[Tensor]) -> str | None:
    """What is said of the first gradient that is infinite or NaN, though the loss is neither; None without one."""
    for parameter in parameters:
        if parameter.grad is not None:
            gradient = parameter.grad.numpy().ravel("K")
            with np.errstate(over="ignore", invalid="ignore"):
                squares = np.vdot(gradient, gradient)
            if not np.isfinite(squares) and not np.isfinite(gradient).all():  # large squares may be infinite alone
                return f"the gradient of {model.name_of(parameter) or 'a parameter'} is not finite, but the loss is,"
    return None
