"""State dicts: the values of a module's parameters and buffers by dotted names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..autograd.tensor import Tensor

if TYPE_CHECKING:
    from .module import Module

__all__ = ["StateDictError", "load_state", "state_of"]


class StateDictError(ValueError):
    """A state dict that does not fit the module: everything that is wrong with it, told at once."""


def state_of(module: Module) -> dict[str, NDArray[Any]]:
    """Read-only arrays that later training does not change: of each module its parameters, then its buffers."""
    return {name: tensor.numpy() for name, tensor in _kept(module).items()}


def load_state(module: Module, state: Mapping[str, ArrayLike | Tensor], strict: bool) -> None:
    """Set parameters and buffers to the values of a state dict, or raise and change none; see `Module`."""
    own = _kept(module)
    arrays = {name: value.numpy() if isinstance(value, Tensor) else np.asarray(value) for name, value in state.items()}
    problems = []
    if strict:
        problems += [f"missing: {name} {own[name].shape}" for name in own if name not in arrays]
        problems += [f"unexpected: {name} {arrays[name].shape}" for name in arrays if name not in own]
    for name, tensor in own.items():
        if name not in arrays:
            continue
        array = arrays[name]
        if array.shape != tensor.shape:
            problems.append(f"shape: {name} is {tensor.shape}, the state dict has {array.shape}")
        elif not np.can_cast(array.dtype, tensor.dtype, "same_kind"):
            problems.append(f"dtype: {name} is {tensor.dtype}, the state dict has {array.dtype}")
    if problems:
        raise StateDictError(
            f"the state dict does not fit {type(module).__name__}, which is unchanged:\n  " + "\n  ".join(problems)
        )
    for name, tensor in own.items():
        if name in arrays:
            tensor.data = arrays[name]


def _kept(module: Module) -> dict[str, Tensor]:
    """What a state dict has, in PyTorch's order."""
    kept: dict[str, Tensor] = {}
    seen: set[int] = set()
    for prefix, each in module.named_modules():
        dot = f"{prefix}." if prefix else ""
        own: list[tuple[str, Tensor]] = [*each.named_parameters(recurse=False)]
        own += [(name, buffer) for name, buffer in each.named_buffers(recurse=False) if buffer.persistent]
        for name, tensor in own:
            if id(tensor) not in seen:
                seen.add(id(tensor))
                kept[dot + name] = tensor
    return kept
