"""Exporting, and running what comes of it elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnx import ModelProto, load
from onnx.reference import ReferenceEvaluator

from tapegrad import nn, tensor
from tapegrad.autograd.trees import leaves

__all__ = ["assert_same", "assert_same_by_reference", "exported", "outputs_of"]


def exported(model: nn.Module, inputs: Any, path: Path, **options: Any) -> ModelProto:
    """The file's content."""
    nn.export_onnx(model, inputs, path, **options)
    return load(path)


def outputs_of(model: nn.Module, inputs: tuple[NDArray[Any], ...]) -> list[NDArray[Any]]:
    """What our own model computes in evaluation mode."""
    modes = [(module, module.training) for module in model.modules()]
    found = [y.numpy() for y in leaves(model.eval()(*map(tensor, inputs)))]
    for module, mode in modes:
        module.training = mode
    return found


def assert_same(proto: ModelProto, model: nn.Module, inputs: tuple[NDArray[Any], ...], tolerance: float = 1e-5) -> None:
    """onnxruntime computes what the model does."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(proto.SerializeToString(), options, providers=["CPUExecutionProvider"])
    fed = {known.name: x for known, x in zip(session.get_inputs(), inputs, strict=True)}
    _assert_close(session.run(None, fed), outputs_of(model, inputs), tolerance)


def assert_same_by_reference(
    proto: ModelProto, model: nn.Module, inputs: tuple[NDArray[Any], ...], tolerance: float
) -> None:
    """ONNX's own evaluator, which is slow and knows every dtype, computes in float64 what the model does."""
    fed = {known.name: x for known, x in zip(proto.graph.input, inputs, strict=True)}
    _assert_close(list(ReferenceEvaluator(proto).run(None, fed)), outputs_of(model, inputs), tolerance)


def _assert_close(found: list[Any], expected: list[NDArray[Any]], tolerance: float) -> None:
    for y, wanted in zip(found, expected, strict=True):
        assert y.dtype == wanted.dtype
        assert y.shape == wanted.shape
        np.testing.assert_allclose(y, wanted, tolerance, tolerance)
