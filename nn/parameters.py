"""Parameter and Buffer: the tensors of a module, those that are trained and those that are only kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from ..autograd.graph import Leaf
from ..autograd.tensor import Tensor

__all__ = ["Buffer", "Parameter", "convert"]


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


class Buffer(Tensor):
    """A tensor that belongs to a module and is not trained, such as a running mean; a state dict has it if persistent.

    It keeps the dtype of its data, or takes the one that is given.
    """

    __slots__ = ("persistent",)

    def __init__(self, data: ArrayLike | Tensor, persistent: bool = True, dtype: DTypeLike | None = None) -> None:
        super().__init__(data, False, dtype)
        self.persistent = persistent

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.numpy(), self.persistent)


def convert(tensors: Iterable[Parameter | Buffer], dtype: np.dtype[Any]) -> None:
    """Change in place the dtype of tensors, those of its kind; gradients that they had are forgotten.

    Raises:
        TypeError: a dtype of neither floating nor complex kind.
    """
    if dtype.kind not in "fc":
        raise TypeError(f"to: expected a floating or complex dtype, got {dtype}")
    for tensor in tensors:
        if tensor.dtype.kind == dtype.kind:
            tensor._replace(tensor.numpy().astype(dtype))
            if tensor.node is not None:
                tensor._node = Leaf(tensor.shape, dtype, tensor.name)
