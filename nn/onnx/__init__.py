"""Models as ONNX files, for other programs to run.

`tracing.py` notes what a model does with its inputs, `batches.py` finds what depends on the size of a batch,
`building.py` makes a graph of ONNX, `operators/` has what each of our operations becomes there, a file a family.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .errors import OnnxError as OnnxError

if TYPE_CHECKING:
    from ..module import Module

__all__ = ["OnnxError", "export_onnx"]


def export_onnx(
    model: Module,
    example_inputs: Any,
    path: str | os.PathLike[str],
    *,
    input_names: Sequence[str] | None = None,
    output_names: Sequence[str] | None = None,
    dynamic_batch: bool = True,
    batch_axis: int | Sequence[int | None] = 0,
    opset: int = 18,
) -> None:
    """Write a model to an ONNX file, as it computes in evaluation mode, whichever mode it is in; it stays in that.

    The model is called with the example inputs, and what it does with them is what the file does: what Python decides
    (`if`, `for`, numbers made of sizes) is decided once. Parameters and buffers keep their names of the state dict.

    Args:
        example_inputs: an array or a tensor, or a tuple of them: what the model is called with.
        path: of the file, which is written whole or not at all.
        input_names: in the file; "input", or "input_0", "input_1", ... by default.
        output_names: in the file; "output", or those of a dict that the model returns, or "output_0", ... by default.
        dynamic_batch: whether the file takes batches of any size, not only that of the example.
        batch_axis: where the batch lies in the inputs; for a tuple, one each, with None for an input without.
        opset: the version of ONNX's operators, 18 or later.

    Raises:
        OnnxError: an operation that cannot be exported, or that needs the values of a tensor; something that depends on
            the batch size in another way than shapes do; names or axes that do not fit. The file is then as it was.
        ImportError: the package onnx is not installed; `pip install "tapegrad[onnx]"`.
        OSError: the file cannot be written.
    """
    from .exporting import export

    export(model, example_inputs, path, input_names, output_names, batch_axis if dynamic_batch else None, opset)
