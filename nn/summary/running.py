"""Calling a model once to see what it does; nothing of it is changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import prod
from operator import index
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from ...autograd import randomness
from ...autograd.errors import ShapeError
from ...autograd.mode import Mode, current_mode, enable_grad
from ...autograd.observing import Observer, observing
from ...autograd.tensor import Tensor
from ...autograd.trees import leaves
from .counting import multiply_adds, other_operations
from .memory import kept_bytes
from .report import Cost, Shape, Summary, rows_of

if TYPE_CHECKING:
    from ..module import Module

__all__ = ["summarize"]


def summarize(
    model: Module, input_shape: Any, *, dtype: Any = None, depth: int | None = None, training: bool = False
) -> Summary:
    """What each layer makes of inputs of a shape, and what it costs: `print(model.summary((64, 1, 28, 28)))`.

    The model is called once, on random numbers in [0, 1), or zeros for integers. Parameters, buffers, gradients, modes,
    hooks and the random state are afterwards as before. What is counted is what really ran, see `counting.py`; so
    modules of your own are right without being known.

    Args:
        input_shape: the shape that the model is called with, batch axis included; a tuple of shapes for several inputs.
        dtype: of the inputs, or a tuple of one for each; that of the parameters by default. An `Embedding` needs
            integers.
        depth: how deep in modules rows go; what lies deeper is added up in the last. 0 is the model alone.
        training: whether to run in training mode, with dropout and batch statistics.

    Raises:
        ShapeError: inputs that a layer cannot take; the message names it.
        TypeError, ValueError: no shape; another number of dtypes than of inputs; a negative depth.
    """
    shapes = _shapes(input_shape)
    dtypes = _dtypes(model, dtype, len(shapes))
    if depth is not None and depth < 0:
        raise ValueError(f"summary: depth must be at least 0, got {depth}")
    inputs = [Tensor(_numbers(shape, kind), copy=None) for shape, kind in zip(shapes, dtypes, strict=True)]
    with _unchanged(model):
        watch = _Watch(model.train(training))
        with enable_grad(), observing(watch), np.errstate(all="ignore"), watch.naming_layers():
            outputs = [output for output in leaves(model(*inputs)) if isinstance(output, Tensor)]
            activations = kept_bytes(inputs, outputs, [*model.parameters(), *model.buffers()])
    return Summary(
        rows=rows_of(model, watch.costs, depth),
        input_shapes=shapes,
        input_dtypes=tuple(map(str, dtypes)),
        training=training,
        activation_bytes=activations,
        parameter_bytes=sum(parameter.nbytes for parameter in model.parameters()),
        trainable_bytes=sum(parameter.nbytes for parameter in model.parameters() if parameter.requires_grad),
        buffer_bytes=sum(buffer.nbytes for buffer in model.buffers()),
    )


class _Watch(Observer):
    """Notes what each module costs, while the model is called."""

    def __init__(self, model: Module) -> None:
        self.costs: dict[Module, Cost] = {}
        self._names = {module: name for name, module in model.named_modules()}
        self._inside: list[tuple[Module, tuple[Any, ...]]] = []
        for module in self._names:
            self.costs[module] = Cost()
            module.register_forward_pre_hook(lambda module, args: self._inside.append((module, args)))
            module.register_forward_hook(self._left)

    def operation(
        self, primitive: Any, args: Sequence[Any], params: dict[str, Any], result: Tensor, seconds: float | None
    ) -> None:
        """Add its cost to the innermost module that it ran in."""
        cost = self.costs[self._module(current_mode())]
        cost.multiply_adds += multiply_adds(primitive, args, params, result.shape)
        cost.other_operations += other_operations(primitive, args, result.shape)

    def _module(self, mode: Mode) -> Any:
        while mode.module not in self.costs and mode.parent is not None:
            mode = mode.parent
        return mode.module if mode.module in self.costs else next(iter(self.costs))

    def _left(self, module: Module, _args: tuple[Any, ...], output: Any) -> None:
        self._inside.pop()
        cost = self.costs[module]
        tensors = [x for x in leaves(output) if isinstance(x, Tensor)]
        if not cost.calls:
            cost.output_shapes = tuple(x.shape for x in tensors)
        cost.calls += 1
        # `nbytes` of a tensor would compute what is only promised
        cost.output_bytes += sum(prod(x.shape) * x.dtype.itemsize for x in tensors)

    @contextmanager
    def naming_layers(self) -> Iterator[None]:
        """Say in an error which module it comes from."""
        try:
            yield
        except Exception as error:
            if not self._inside:
                raise
            module, args = self._inside[-1]
            given = ", ".join(f"{x.dtype}{list(x.shape)}" for x in leaves(args) if isinstance(x, Tensor))
            where = f"{type(module).__name__} {self._names[module]!r}, given {given}"
            if isinstance(error, ShapeError):
                raise ShapeError(f"summary: in {where}: {error}") from error
            hint = "; other inputs are asked for by dtype=" if isinstance(error, TypeError) else ""
            error.add_note(f"summary: in {where}{hint}")
            raise


@contextmanager
def _unchanged(model: Module) -> Iterator[None]:
    """Put back afterwards whatever a call, and whoever watches it, may change."""
    modules = [(module, dict(vars(module))) for module in model.modules()]
    hooks = [(hooks, list(hooks)) for module, _ in modules for hooks in (module._pre_hooks, module._hooks)]
    tensors = [(tensor, tensor._frozen(), tensor.node) for tensor in (*model.parameters(), *model.buffers())]
    try:
        with randomness.restored(randomness.state()):
            yield
    finally:
        for module, attributes in modules:
            vars(module).clear()
            vars(module).update(attributes)
        for present, before in hooks:
            if isinstance(present, list):
                present[:] = before
        for tensor, array, node in tensors:
            if tensor._frozen() is not array:
                tensor._replace(array)
            tensor._node = node


def _shapes(input_shape: Any) -> tuple[Shape, ...]:
    several = isinstance(input_shape, tuple | list) and any(isinstance(part, tuple | list) for part in input_shape)
    try:
        shapes = tuple(tuple(map(index, shape)) for shape in (input_shape if several else [input_shape]))
    except (TypeError, ValueError):
        raise TypeError(
            f"summary: input_shape must be a shape with its batch axis, as (64, 1, 28, 28), or a tuple of shapes, got "
            f"{input_shape!r:.80}"
        ) from None
    if any(size < 0 for shape in shapes for size in shape):
        raise ValueError(f"summary: sizes cannot be negative, got {input_shape}")
    return shapes


def _dtypes(model: Module, dtype: Any, count: int) -> list[np.dtype[Any]]:
    if isinstance(dtype, tuple | list):
        if len(dtype) != count:
            raise ValueError(f"summary: got {len(dtype)} dtypes for {count} inputs")
        return [np.dtype(each) for each in dtype]
    if dtype is None:
        dtype = next((parameter.dtype for parameter in model.parameters()), np.float32)
    return [np.dtype(dtype)] * count


def _numbers(shape: Shape, dtype: DTypeLike) -> NDArray[Any]:
    """Numbers that logarithms and roots can take; integers that are an index of everything."""
    if np.dtype(dtype).kind not in "fc":
        return np.zeros(shape, dtype)
    return np.random.default_rng(0).random(shape).astype(dtype)
