"""The table: which rule an operation has. Elementwise operations share one, whoever registered them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...primitive import Primitive
from ...recording import nary
from ..refusing import unknown
from .arranging import broadcast, indexed, joined, like, padded, reshaped, scattered, transposed
from .axes import along_axes, along_axis, moments, normalized, numpys_axes, numpys_axis
from .calls import Call, broadcasting, of_first, unchanged
from .products import cross_entropy, images, matrices, product, summed_product, weighted

__all__ = ["RULES", "result_of"]

Rule = Callable[[Call], Any]

_NAMES: dict[Rule, str] = {
    along_axes: "sum mean var std max min prod length logsumexp softmax log_softmax fft ifft rfft hfft unwrap",
    along_axis: "cumsum cumprod sort",
    unchanged: "copy converted avg_pool1d avg_pool2d avg_pool3d interpolate",
    of_first: "interp",
    reshaped: "reshape",
    transposed: "transpose",
    broadcast: "broadcast_to",
    padded: "padded",
    joined: "concatenate",
    indexed: "getitem",
    scattered: "scatter_add",
    product: "matmul",
    weighted: "linear linear_without_bias",
    summed_product: "einsum",
    matrices: "inv solve det slogdet cholesky qr complement eigh eig svd pinv",
    cross_entropy: "softmax_cross_entropy",
    moments: "moments",
    normalized: "normalized",
    images: "convolution convolution_without_bias transposed_convolution unfold fold",
    # without a derivative
    numpys_axes: "all any count_nonzero",
    numpys_axis: "argmax argmin argsort",
    broadcasting: "isclose iscomplex isneginf isposinf isreal",
    like: "zeros_like ones_like",
}
RULES = {name: rule for rule, names in _NAMES.items() for name in names.split()}

_OURS = __name__.rpartition(".batching")[0]


def result_of(
    operation: Primitive | Callable[..., Any],
    size: int,
    args: Sequence[Any],
    batches: Sequence[bool],
    params: dict[str, Any],
) -> Any:
    """The batch of an operation's results; see `Call`.

    Raises:
        BatchError: the operation has no rule.
    """
    if isinstance(operation, Primitive):
        name, module, compute = operation.name, operation.forward.__module__, nary(operation)
        elementwise = operation.elementwise
    else:
        name, module, compute = operation.__name__, operation.__module__, operation
        elementwise = module.startswith(_OURS) and isinstance(getattr(np, name, None), np.ufunc)
    rule = broadcasting if elementwise else RULES.get(name) if module.startswith(_OURS) else None
    if rule is None:
        raise unknown(name)
    return rule(Call(name, compute, size, args, batches, params))
