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
    """Read-only arrays that later training does not change: of each module its parameters, then its buffers.

    What two modules share is there under both names, as in PyTorch.
    """
    return {name: tensor.numpy() for name, tensor in _kept(module).items()}


def load_state(module: Module, state: Mapping[str, ArrayLike | Tensor], strict: bool) -> None:
    """Set parameters and buffers to the values of a state dict, or raise and change none; see `Module`."""
    if not isinstance(state, Mapping):
        raise TypeError(
            f"load_state_dict: expected arrays by name, as nn.load(path) and module.state_dict() give them, "
            f"got a {type(state).__name__}"
        )
    own = _kept(module)
    arrays = {name: value.numpy() if isinstance(value, Tensor) else np.asarray(value) for name, value in state.items()}
    given: dict[int, str] = {}  # of each tensor the first name that the state dict has
    for name, tensor in own.items():
        if name in arrays:
            given.setdefault(id(tensor), name)
    problems = []
    if any(f"model.{name}" in arrays for name in own):
        problems.append("it is a whole checkpoint: its weights are tapegrad.nn.training.load_checkpoint(path)['model']")
    elif strict:
        problems += [f"missing: {name} {tensor.shape}" for name, tensor in own.items() if id(tensor) not in given]
        problems += [f"unexpected: {name} {arrays[name].shape}" for name in arrays if name not in own]
    for name, tensor in own.items():
        if name not in arrays:
            continue
        array = arrays[name]
        if array.shape != tensor.shape:
            problems.append(f"shape: {name} is {tensor.shape}, the state dict has {array.shape}")
        elif not np.can_cast(array.dtype, tensor.dtype, "same_kind"):
            problems.append(f"dtype: {name} is {tensor.dtype}, the state dict has {array.dtype}")
        elif (first := given[id(tensor)]) != name and not problems and not _alike(arrays[first], array):
            problems.append(f"shared: {first} and {name} are one, the state dict has two values")
    if problems:
        raise StateDictError(
            f"the state dict does not fit {type(module).__name__}, which is unchanged:\n  " + "\n  ".join(problems)
        )
    for name, tensor in own.items():
        if name in arrays:
            tensor.data = arrays[name]


def _alike(one: NDArray[Any], other: NDArray[Any]) -> bool:
    return np.array_equal(one, other, equal_nan=True)


def _kept(module: Module) -> dict[str, Tensor]:
    """What a state dict has, in PyTorch's order."""
    kept: dict[str, Tensor] = {}

    def keep(each: Module, dot: str, above: tuple[Module, ...]) -> None:
        kept.update((dot + name, parameter) for name, parameter in each.named_parameters(recurse=False))
        kept.update((dot + name, buffer) for name, buffer in each.named_buffers(recurse=False) if buffer.persistent)
        for name, child in each.named_children():
            if not any(child is other for other in (*above, each)):  # a module may know those it lies in
                keep(child, f"{dot}{name}.", (*above, each))

    keep(module, "", ())
    return kept
