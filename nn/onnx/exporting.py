"""From a model to a file: traces, one program made of them, a graph of ONNX, checked and written."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...autograd.errors import BatchError
from ...autograd.files import save_whole
from ...autograd.provenance import mark_ours
from ...autograd.randomness import undrawn
from ...autograd.tensor import Tensor
from .arguments import Axes, arrays_of, axes_of, named, of_size, output_name
from .batches import BATCHES, Dim, Repeated, Size, Source, merged
from .building import Graph, Value
from .errors import OnnxError, UnsupportedError
from .operators import LAYERS, emitter_of
from .tracing import Key, Trace, Traced, trace

if TYPE_CHECKING:
    from ..module import Module

__all__ = ["export"]

_FIRST_OPSET = 18  # from which on reductions take their axes as an input


def export(
    model: Module,
    example_inputs: Any,
    path: str | os.PathLike[str],
    input_names: Sequence[str] | None,
    output_names: Sequence[str] | None,
    batch_axis: Axes,
    opset: int,
) -> None:
    """See `export_onnx`; without a batch axis, the batch has the size of the example."""
    onnx = _library(opset)
    examples = arrays_of(example_inputs)
    axes = axes_of(examples, batch_axis)
    batches = BATCHES if any(axis is not None for axis in axes) else (None,)
    try:
        with undrawn(OnnxError("export_onnx: the model draws random numbers, also in evaluation mode")):
            traces = [trace(model, of_size(examples, axes, batch), LAYERS) for batch in batches]
    except (BatchError, UnsupportedError) as error:
        raise OnnxError(f"export_onnx: {error}") from error
    state, returned = traces[0].state, traces[0].outputs
    usual = [f"input_{i}" for i in range(len(examples))] if len(examples) > 1 else ["input"]
    ins = named("input", input_names, usual, state)
    outs = named("output", output_names, [output_name(path) for path in returned], {*state, *ins})

    graph = Graph(opset, next(((name, axis) for name, axis in zip(ins, axes, strict=True) if axis is not None), None))
    for name in (*ins, *outs, *state):
        graph.fresh(name)
    values: dict[Key, Value] = {("state", name): Value(x.shape, x.dtype, name) for name, x in state.items()}
    for i, (name, x, axis) in enumerate(zip(ins, examples, axes, strict=True)):
        shape: tuple[Dim, ...] = tuple(Size(1, 0) if axis == k else size for k, size in enumerate(x.shape))
        values["input", i] = Value(shape, x.dtype, name)
    _add_steps(graph, traces, values)
    outputs = _add_outputs(graph, traces, values, outs)
    graph.initializers |= {name: np.ascontiguousarray(array) for name, array in state.items()}
    graph.prune([value.name for value in outputs])
    inputs = [values["input", i] for i in range(len(examples))]
    save_whole(Path(path), _model(onnx, graph, inputs, outputs).SerializeToString(), "ONNX model")


def _add_steps(graph: Graph, traces: Sequence[Trace], values: dict[Key, Value]) -> None:
    """Emit the operations that outputs depend on."""
    if len({tuple(step.name for step in found.steps) for found in traces}) > 1:
        raise OnnxError(
            "export_onnx: which operations the model runs depends on the size of the batch; say dynamic_batch=False to "
            "export for the batch size of the example alone"
        )
    needed = _needed(traces[0])
    for i, steps in enumerate(zip(*(found.steps for found in traces), strict=True)):
        if i not in needed:
            continue
        first = steps[0]
        graph.scope = first.module
        try:
            args = [_value(merged(each), values) for each in zip(*(step.args for step in steps), strict=True)]
            params = {name: merged([step.params[name] for step in steps]) for name in first.params}
            result = merged([step.result for step in steps])
            emit = emitter_of(first.name, first.function)
            if emit is None or result.dtype.kind == "c":
                raise UnsupportedError(
                    "has no counterpart in ONNX here; compute it outside of the model, or write one, "
                    f"@emitter({first.name!r}) as in nn/onnx/operators"
                )
            known = Value(result.shape, result.dtype)
            values[result.key] = Value(known.shape, known.dtype, emit(graph, known, *args, **params))
        except UnsupportedError as error:
            raise OnnxError(f"export_onnx: {first.where}: {first.name} {error}") from error


def _needed(found: Trace) -> set[int]:
    """The steps that outputs depend on."""
    needed: set[int] = set()
    waiting = [x for x in found.outputs.values() if isinstance(x, Traced)]
    while waiting:
        kind, at = waiting.pop().key
        if kind == "step" and at not in needed:
            assert isinstance(at, int)
            needed.add(at)
            waiting += [x for x in found.steps[at].args if isinstance(x, Traced)]
    return needed


def _value(x: Any, values: dict[Key, Value]) -> Value:
    """An argument as emitters see it."""
    if isinstance(x, Source):
        return values[x.key]
    if isinstance(x, Repeated):
        return Value(x.shape, x.array.dtype, constant=x)
    if isinstance(x, Size):
        return Value((), np.dtype(np.int64), constant=x)
    array = np.asarray(x)
    return Value(array.shape, array.dtype, constant=x)


def _add_outputs(graph: Graph, traces: Sequence[Trace], values: dict[Key, Value], names: Sequence[str]) -> list[Value]:
    """What the model returned, under its names."""
    outputs = []
    for name, found in zip(names, zip(*(each.outputs.values() for each in traces), strict=True), strict=True):
        if not isinstance(found[0], Tensor):
            raise OnnxError(f"export_onnx: the model must return tensors, but {name!r} is {found[0]!r:.60}")
        try:
            value = _value(merged(found), values)
        except UnsupportedError as error:
            raise OnnxError(f"export_onnx: the output {name!r} {error}") from error
        graph.name(graph.use(value), name)
        outputs.append(Value(value.shape, value.dtype, name))
    return outputs


def _model(onnx: Any, graph: Graph, inputs: Sequence[Value], outputs: Sequence[Value]) -> Any:
    """The model, checked."""
    helper = onnx.helper
    known = [[_info(helper, value) for value in side] for side in (inputs, outputs)]
    initializers = [onnx.numpy_helper.from_array(array, name) for name, array in graph.initializers.items()]
    opset = helper.make_opsetid("", graph.opset)
    model = helper.make_model(
        helper.make_graph(graph.nodes, "model", *known, initializers),
        producer_name="tapegrad",
        opset_imports=[opset],
        ir_version=helper.find_min_ir_version_for([opset]),
    )
    onnx.checker.check_model(model, full_check=True)
    return model


def _info(helper: Any, value: Value) -> Any:
    shape = [str(size) if isinstance(size, Size) else size for size in value.shape]
    return helper.make_tensor_value_info(value.name, helper.np_dtype_to_tensor_dtype(value.dtype), shape)


def _library(opset: int) -> Any:
    try:
        import onnx
    except ModuleNotFoundError as error:
        raise ImportError(
            'export_onnx needs the package onnx, which is not installed: pip install "tapegrad[onnx]"', name="onnx"
        ) from error
    newest = onnx.defs.onnx_opset_version()
    if not _FIRST_OPSET <= opset <= newest:
        raise OnnxError(f"export_onnx: opset must be from {_FIRST_OPSET} to {newest}, got {opset}")
    return onnx


mark_ours(__package__)  # nn has marked what was there when it was imported
