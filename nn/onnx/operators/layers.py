"""Layers that ONNX has as one operator, and those whose `forward` looks at values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ....autograd.tensor import Tensor
from ... import functional as F
from ...layers.batch_normalization import BatchNorm1d, BatchNorm2d, BatchNorm3d
from ...layers.embedding import Embedding
from ..building import Graph, Value
from ..errors import UnsupportedError
from ..tracing import Trace, Traced
from .table import emitter

__all__ = ["LAYERS"]


def _embed(trace: Trace, module: Any, x: Any) -> Any:
    if not isinstance(x, Traced):
        return Embedding.forward(module, x)
    if module.max_norm is not None:
        raise UnsupportedError("Embedding with max_norm= writes to its table; shorten rows before, and leave it out")
    table = module.weight.value if isinstance(module.weight, Traced) else module.weight.numpy()
    found = F.embedding(x.value, Tensor(table, copy=None))
    return trace.noted("embedding", F.embedding, (module.weight, x), {}, found.numpy())


def _normalize(trace: Trace, module: Any, x: Any) -> Any:
    state = module.weight, module.bias, module.running_mean, module.running_var
    if not all(isinstance(each, Traced) for each in (x, *state)):
        return type(module).forward(module, x)
    values = [Tensor(each.value, copy=None) for each in (x, *state)]
    args = values[0], values[3], values[4], values[1], values[2]
    found = F.batch_norm(*args, eps=module.eps)
    return trace.noted("batch_normalization", F.batch_norm, (x, *state), {"eps": module.eps}, found.numpy())


@emitter("batch_normalization")
def _batch_normalization(g: Graph, y: Value, x: Value, *state: Value, eps: float) -> str:
    return g.op("BatchNormalization", g.use(x), *(g.use(each, y.dtype) for each in state), epsilon=eps)


LAYERS: dict[type, Callable[..., Any]] = {
    Embedding: _embed, BatchNorm1d: _normalize, BatchNorm2d: _normalize, BatchNorm3d: _normalize,
}  # fmt: skip
"""By class of layer: what takes the place of its `forward` in a trace."""
