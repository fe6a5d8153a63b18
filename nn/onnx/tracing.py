"""Noting what a model does with its inputs, as a list of operations.

The graph of the engine would not do: it knows what derivatives need, and neither constants nor comparisons. So the
inputs, and the parameters of a copy of the model, are stand-ins, which are told of every operation on them.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from math import prod
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from ...autograd.diagnosis import explain
from ...autograd.errors import BatchError
from ...autograd.mode import current_mode
from ...autograd.primitive import Primitive
from ...autograd.provenance import place, user_frame
from ...autograd.standins import StandIn
from ...autograd.tensor import Tensor
from ...autograd.trees import paths
from ..parameters import Parameter
from .errors import OnnxError

if TYPE_CHECKING:
    from ..module import Module

__all__ = ["Key", "Step", "Trace", "Traced", "trace"]

Key = tuple[str, int | str]
"""Where a tensor comes from: ("input", 1), ("state", "0.weight"), ("step", 7)."""


@dataclass
class Step:
    """One operation: its name, what computed it, arguments (a `Traced`, or a constant), parameters and result."""

    name: str
    function: Callable[..., Any]
    args: Sequence[Any]
    params: dict[str, Any]
    result: Traced
    where: str
    """`Linear '2', called at train.py:40`."""
    module: str


class Traced(StandIn):
    """A tensor that tells its trace of the operations on it."""

    __slots__ = ("key", "program", "value")

    depth = -1  # an example of vmap comes first
    node = None

    def __init__(self, program: Trace, key: Key, value: NDArray[Any]) -> None:
        self.program = program
        self.key = key
        self.value = value

    @property
    def shape(self) -> tuple[int, ...]:
        """The size of each axis."""
        return self.value.shape

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self.value.ndim

    @property
    def size(self) -> int:
        """The number of elements."""
        return prod(self.value.shape)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype of the elements."""
        return self.value.dtype

    def __len__(self) -> int:
        return len(self.value)

    def __repr__(self) -> str:
        return f"<a tensor {self.dtype}{list(self.shape)} of a model that is exported>"

    def detach(self) -> Traced:
        """Itself: nothing here is in a graph of derivatives."""
        return self

    def applied(self, operation: Primitive | Callable[..., Any], args: Sequence[Any], params: dict[str, Any]) -> Any:
        """The result of an operation, which is noted."""
        values = [x.value if isinstance(x, Traced) else x.numpy() if isinstance(x, Tensor) else x for x in args]
        if isinstance(operation, Primitive):
            try:
                y = operation.forward(*values, **params)
            except Exception as error:
                explain(error, operation, tuple(args), params)
                raise
            return self.program.noted(operation.name, operation.forward, args, params, y)
        return self.program.noted(operation.__name__, operation, args, params, operation(*values, **params))

    def _frozen(self) -> NoReturn:
        raise BatchError(
            f"{self.program.whereabouts()}: this needs the values of a tensor, which a file has only when it is run; "
            "write it with operations on tensors (where instead of if, x = x + 1 instead of x += 1)"
        )


class TracedParameter(Traced, Parameter):
    """The same for what modules recognise as a parameter."""

    __slots__ = ()


class Trace:
    """What a model did in one call.

    Attributes:
        steps: the operations, in order.
        outputs: what it returned, by path.
        state: the values of parameters and buffers by name.
    """

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.outputs: dict[str, Any] = {}
        self.state: dict[str, NDArray[Any]] = {}
        self.modules: dict[Any, str] = {}

    def noted(
        self, name: str, function: Callable[..., Any], args: Sequence[Any], params: dict[str, Any], value: Any
    ) -> Traced:
        """Add an operation, and what it gave."""
        if not isinstance(value, np.ndarray | np.generic):
            raise OnnxError(f"export_onnx: {self.whereabouts()}: {name} does not return one array")
        result = Traced(self, ("step", len(self.steps)), np.asarray(value))
        module = self.modules.get(current_mode().module, "")
        self.steps.append(Step(name, function, args, params, result, self.whereabouts(), module))
        return result

    def whereabouts(self) -> str:
        """The module that is being called, and the user's line."""
        module, frame = current_mode().module, user_frame()
        kind = f"{type(module).__name__} {self.modules.get(module, '')!r}" if module is not None else "the model"
        return f"{kind}, called at {place(frame.f_code, frame.f_lasti)}"


def trace(model: Module, inputs: Sequence[NDArray[Any]], layers: dict[type, Callable[..., Any]]) -> Trace:
    """Call a copy of the model, in evaluation mode.

    Args:
        layers: by class of module, what takes the place of its `forward`: called with the trace, the module and its
            arguments.
    """
    found = Trace()
    twins: dict[int, Any] = {}
    for name, tensor in (*model.named_parameters(), *model.named_buffers()):
        found.state[name] = tensor.numpy()
        kind = TracedParameter if isinstance(tensor, Parameter) else Traced
        twins[id(tensor)] = kind(found, ("state", name), tensor.numpy())
    try:
        twin = copy.deepcopy(model, twins).eval()
    except Exception as error:
        raise OnnxError(f"export_onnx: the model cannot be copied: {error}") from error
    for name, module in twin.named_modules():
        found.modules[module] = name
        if (forward := layers.get(type(module))) is not None:
            vars(module)["forward"] = partial(forward, found, module)
    with np.errstate(all="ignore"):
        returned = twin(*(Traced(found, ("input", i), x) for i, x in enumerate(inputs)))
    found.outputs = dict(paths(returned, "output"))
    return found
