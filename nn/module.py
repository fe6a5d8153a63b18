"""Module: an object whose parameters are found by looking at its attributes. No registration, no metaclass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from ..autograd.mode import entered, leave
from ..autograd.tensor import Tensor

__all__ = ["Module", "Parameter", "StateDictError"]


class StateDictError(ValueError):
    """A state dict that does not fit the module: everything that is wrong with it, told at once."""


class Parameter(Tensor):
    """A tensor that belongs to a module and is trained: float32, or complex64, unless `dtype` says otherwise."""

    __slots__ = ()

    def __init__(
        self, data: ArrayLike | Tensor, requires_grad: bool = True, dtype: DTypeLike | None = None, **options: Any
    ) -> None:
        if dtype is None:
            values = data.numpy() if isinstance(data, Tensor) else data
            dtype = np.complex64 if np.iscomplexobj(values) else np.float32
        super().__init__(data, requires_grad, dtype, **options)

    def __reduce__(self) -> tuple[Any, ...]:
        make, state = super().__reduce__()
        return make, (*state[:2], self.dtype)  # a copy that is float32 only if this is


class Module:
    """The base of layers and models.

    A subclass makes its parameters and submodules in `__init__`, as attributes or in lists, tuples and dicts of
    attributes, and computes in `forward`. Call the module, not `forward`: the call is what lets errors and drawings
    name the module.
    """

    training: bool = True

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Compute the output; every subclass has its own."""
        raise NotImplementedError(f"{type(self).__name__} has no forward(); define it to say what the module computes")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        token = entered(self)
        try:
            return self.forward(*args, **kwargs)
        finally:
            leave(token)

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The modules directly in this one, with their names."""
        return ((name, value) for name, value in _members(vars(self)) if isinstance(value, Module))

    def named_modules(self, prefix: str = "") -> Iterator[tuple[str, Module]]:
        """This module and all below it, with dotted names, each once."""
        seen: set[int] = set()
        waiting: list[tuple[str, Module]] = [(prefix, self)]
        while waiting:
            name, module = waiting.pop()
            if id(module) not in seen:
                seen.add(id(module))
                yield name, module
                dot = f"{name}." if name else ""
                waiting += [(dot + child, below) for child, below in module.named_children()][::-1]

    def named_parameters(self) -> Iterator[tuple[str, Parameter]]:
        """All parameters with their dotted names, in the order in which they were made, each once."""
        seen: set[int] = set()
        for prefix, module in self.named_modules():
            for name, value in _members(vars(module)):
                if isinstance(value, Parameter) and id(value) not in seen:
                    seen.add(id(value))
                    yield f"{prefix}.{name}" if prefix else name, value

    def parameters(self) -> Iterator[Parameter]:
        """All parameters, each once."""
        return (parameter for _, parameter in self.named_parameters())

    def name_of(self, tensor: Tensor) -> str | None:
        """The dotted name of a parameter of this module, None for another tensor."""
        return next((name for name, parameter in self.named_parameters() if parameter is tensor), None)

    def train(self, mode: bool = True) -> Self:
        """Put this module and all below it in training mode: dropout drops."""
        for _, module in self.named_modules():
            module.training = mode
        return self

    def eval(self) -> Self:
        """Put this module and all below it in evaluation mode: dropout does nothing."""
        return self.train(False)

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        for parameter in self.parameters():
            parameter.grad = None

    def state_dict(self) -> dict[str, NDArray[Any]]:
        """The values of all parameters by their dotted names: read-only arrays that later training does not change."""
        return {name: parameter.numpy() for name, parameter in self.named_parameters()}

    def load_state_dict(self, state: Mapping[str, ArrayLike | Tensor], strict: bool = True) -> None:
        """Set the parameters to the values of a state dict; values are converted to the parameters' dtypes.

        Args:
            state: arrays by dotted names, as `state_dict` gives them.
            strict: whether a missing or an unexpected name is an error. A wrong shape always is.

        Raises:
            StateDictError: with every difference in names and shapes; the module is then as it was.
        """
        own = dict(self.named_parameters())
        arrays = {
            name: value.numpy() if isinstance(value, Tensor) else np.asarray(value) for name, value in state.items()
        }
        problems = []
        if strict:
            problems += [f"missing: {name} {own[name].shape}" for name in own if name not in arrays]
            problems += [f"unexpected: {name} {arrays[name].shape}" for name in arrays if name not in own]
        for name, parameter in own.items():
            if name not in arrays:
                continue
            array = arrays[name]
            if array.shape != parameter.shape:
                problems.append(f"shape: {name} is {parameter.shape}, the state dict has {array.shape}")
            elif not np.can_cast(array.dtype, parameter.dtype, "same_kind"):
                problems.append(f"dtype: {name} is {parameter.dtype}, the state dict has {array.dtype}")
        if problems:
            raise StateDictError(
                f"the state dict does not fit {type(self).__name__}, which is unchanged:\n  " + "\n  ".join(problems)
            )
        for name, parameter in own.items():
            if name in arrays:
                parameter.data = arrays[name]

    def extra_repr(self) -> str:
        """What `repr` shows of this module itself."""
        return ""

    def __repr__(self) -> str:
        lines = [f"({name}): " + repr(child).replace("\n", "\n  ") for name, child in self.named_children()]
        inside = "\n  " + "\n  ".join(lines) + "\n" if lines else self.extra_repr()
        return f"{type(self).__name__}({inside})"


def _members(container: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Parameters and modules among named values, and inside lists, tuples and dicts among them."""
    for name, value in container.items():
        if isinstance(value, (Parameter, Module)):
            yield name, value
        elif isinstance(value, (list, tuple)):
            yield from _members({f"{name}.{i}": part for i, part in enumerate(value)})
        elif isinstance(value, dict):
            yield from _members({f"{name}.{key}": part for key, part in value.items()})
