"""Module: an object whose parameters are found by looking at its attributes. No registration, no metaclass."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from ..autograd.graph import RemovableHandle
from ..autograd.mode import entered, leave
from ..autograd.tensor import Tensor
from .parameters import Buffer, Parameter, convert
from .random import generator
from .state import load_state, state_of
from .summary import Summary, summarize

__all__ = ["Module"]

T = TypeVar("T", bound=Tensor)


class Module:
    """The base of layers and models.

    A subclass makes its parameters and submodules in `__init__`, as attributes or in lists, tuples and dicts of
    attributes, and computes in `forward`. Call the module, not `forward`: the call is what lets errors and drawings
    name the module.
    """

    training: bool = True
    _pre_hooks: list[Callable[..., Any]] | tuple[()] = ()
    _hooks: list[Callable[..., Any]] | tuple[()] = ()

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Compute the output; every subclass has its own."""
        raise NotImplementedError(f"{type(self).__name__} has no forward(); define it to say what the module computes")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        token = entered(self)
        try:
            for hook in tuple(self._pre_hooks):
                given = hook(self, args)
                if given is not None:
                    args = given if isinstance(given, tuple) else (given,)
            output = self.forward(*args, **kwargs)
            for hook in tuple(self._hooks):
                instead = hook(self, args, output)
                if instead is not None:
                    output = instead
            return output
        finally:
            leave(token)

    def register_forward_pre_hook(self, hook: Callable[[Module, tuple[Any, ...]], Any]) -> RemovableHandle:
        """Call `hook(module, args)` before each forward; what it returns, if not None, takes the arguments' place."""
        hooks = self._pre_hooks = self._pre_hooks or []
        hooks.append(hook)
        return RemovableHandle(hooks, hook)

    def register_forward_hook(self, hook: Callable[[Module, tuple[Any, ...], Any], Any]) -> RemovableHandle:
        """Call `hook(module, args, output)` after each forward; what it returns, if not None, is the output instead."""
        hooks = self._hooks = self._hooks or []
        hooks.append(hook)
        return RemovableHandle(hooks, hook)

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The modules directly in this one, with their names."""
        return ((name, value) for name, value in _members(self) if isinstance(value, Module))

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

    def modules(self) -> Iterator[Module]:
        """This module and all below it, each once."""
        return (module for _, module in self.named_modules())

    def children(self) -> Iterator[Module]:
        """The modules directly in this one."""
        return (module for _, module in self.named_children())

    def named_parameters(self, prefix: str = "", recurse: bool = True) -> Iterator[tuple[str, Parameter]]:
        """All parameters with their dotted names, in the order in which they were made, each once."""
        return self._tensors(Parameter, prefix, recurse)

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """All parameters, each once."""
        return (parameter for _, parameter in self.named_parameters(recurse=recurse))

    def named_buffers(self, prefix: str = "", recurse: bool = True) -> Iterator[tuple[str, Buffer]]:
        """All buffers with their dotted names, in the order in which they were made, each once."""
        return self._tensors(Buffer, prefix, recurse)

    def buffers(self, recurse: bool = True) -> Iterator[Buffer]:
        """All buffers, each once."""
        return (buffer for _, buffer in self.named_buffers(recurse=recurse))

    def _tensors(self, kind: type[T], prefix: str, recurse: bool) -> Iterator[tuple[str, T]]:
        seen: set[int] = set()
        for dotted, module in self.named_modules(prefix) if recurse else [(prefix, self)]:
            for name, value in _members(module):
                if isinstance(value, kind) and id(value) not in seen:
                    seen.add(id(value))
                    yield f"{dotted}.{name}" if dotted else name, value

    def register_buffer(self, name: str, tensor: Tensor | None, persistent: bool = True) -> None:
        """Keep a tensor that is not trained as an attribute; None for one that this module does without."""
        setattr(self, name, None if tensor is None else Buffer(tensor, persistent))

    def register_parameter(self, name: str, parameter: Parameter | None) -> None:
        """Keep a parameter as an attribute; None for one that this module does without."""
        setattr(self, name, parameter)

    def add_module(self, name: str, module: Module) -> None:
        """Keep a module as an attribute."""
        setattr(self, name, module)

    def get_submodule(self, target: str) -> Module:
        """The module of a dotted name; this one for "".

        Raises:
            AttributeError: there is none.
        """
        for name, module in self.named_modules():
            if name == target:
                return module
        raise AttributeError(f"{type(self).__name__} has no module {target!r}")

    def apply(self, function: Callable[[Module], Any]) -> Self:
        """Call a function of modules with every module below this one, and with this one last."""
        for module in [*self.modules()][::-1]:
            function(module)
        return self

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

    def requires_grad_(self, requires_grad: bool = True) -> Self:
        """Freeze all parameters (False), or train them again (True)."""
        for parameter in self.parameters():
            parameter.requires_grad = requires_grad
        return self

    def freeze(self) -> Self:
        """Leave all parameters as they are from now on: no gradients reach them."""
        return self.requires_grad_(False)

    def unfreeze(self) -> Self:
        """Train all parameters again."""
        return self.requires_grad_(True)

    def to(self, dtype: DTypeLike) -> Self:
        """Convert all floating and complex parameters and buffers, in place, to a dtype of float or complex kind.

        Raises:
            TypeError: another dtype.
        """
        convert([*self.parameters(), *self.buffers()], np.dtype(dtype))
        return self

    def reset_parameters(self, seed: int | None = None) -> Self:
        """Give all parameters fresh random values, as after construction; with a seed, always the same ones.

        Raises:
            NotImplementedError: a module with parameters of its own does not say how, by an `initialize(rng)`.
        """
        rng = generator() if seed is None else np.random.Generator(np.random.PCG64(seed))
        for name, module in self.named_modules():
            if any(True for _ in module.named_parameters(recurse=False)) and not hasattr(module, "initialize"):
                raise NotImplementedError(
                    f"reset_parameters: {type(module).__name__} {name!r} has parameters, but no initialize(rng)"
                )
        for module in self.modules():
            if hasattr(module, "initialize"):
                module.initialize(rng)
        return self

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        for parameter in self.parameters():
            parameter.grad = None

    def state_dict(self) -> dict[str, NDArray[Any]]:
        """All parameters and persistent buffers by dotted names: read-only arrays that training does not change."""
        return state_of(self)

    def load_state_dict(self, state: Mapping[str, ArrayLike | Tensor], strict: bool = True) -> None:
        """Set parameters and buffers to the values of a state dict, converted to their dtypes.

        Args:
            state: arrays by dotted names, as `state_dict` gives them.
            strict: whether a missing or an unexpected name is an error. A wrong shape always is.

        Raises:
            StateDictError: with every difference in names and shapes; the module is then as it was.
        """
        load_state(self, state, strict)

    def summary(self, input_shape: Any, **options: Any) -> Summary:
        """What each layer makes of inputs of this shape, and what it costs; see `nn.summary.summarize`."""
        return summarize(self, input_shape, **options)

    def extra_repr(self) -> str:
        """What `repr` shows of this module itself."""
        return ""

    def __repr__(self) -> str:
        lines = [f"({name}): " + repr(child).replace("\n", "\n  ") for name, child in self.named_children()]
        inside = "\n  " + "\n  ".join(lines) + "\n" if lines else self.extra_repr()
        return f"{type(self).__name__}({inside})"


def _members(module: Module) -> Iterator[tuple[str, Any]]:
    """What a module is made of, by name."""
    return _among((name, value) for name, value in vars(module).items() if name not in ("_hooks", "_pre_hooks"))


def _among(named: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Parameters, buffers and modules among named values, and inside lists, tuples and dicts among them."""
    for name, value in named:
        if isinstance(value, (Parameter, Buffer, Module)):
            yield name, value
        elif isinstance(value, (list, tuple)):
            yield from _among((f"{name}.{i}", part) for i, part in enumerate(value))
        elif isinstance(value, dict):
            yield from _among((f"{name}.{key}", part) for key, part in value.items())
