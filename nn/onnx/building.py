"""A graph of ONNX that grows operator by operator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from .batches import Dim, Repeated, Size

__all__ = ["Graph", "Value"]


@dataclass(frozen=True)
class Value:
    """An argument or a result: what is known of it, and its name in the graph.

    `constant` is the array or number that it is, if it is one; a Python number takes the dtype of what it meets.
    """

    shape: tuple[Dim, ...]
    dtype: np.dtype[Any]
    name: str | None = None
    constant: Any = None

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def known(self) -> tuple[int, ...]:
        """The shape, with 0 for a size that depends on the batch."""
        return tuple(0 if isinstance(size, Size) else size for size in self.shape)


@dataclass
class Graph:
    """Nodes and initializers so far.

    Attributes:
        batch: the input and the axis that tell the size of the batch, if it may be any.
        scope: the module whose operations are being added; their names begin with it.
    """

    opset: int
    batch: tuple[str, int] | None = None
    nodes: list[Any] = field(default_factory=list)
    initializers: dict[str, NDArray[Any]] = field(default_factory=dict)
    scope: str = ""
    _taken: Counter[str] = field(default_factory=Counter)
    _constants: dict[Any, str] = field(default_factory=dict)
    _sizes: dict[Size, str] = field(default_factory=dict)

    def op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """Add a node; an input "" is left out. Returns the name of its first output."""
        from onnx import helper

        name = self.fresh(f"{self.scope}/{kind}" if self.scope else kind)
        self.nodes.append(helper.make_node(kind, inputs, [name], name=f"{name}.node", **attributes))
        return name

    def name(self, source: str, name: str) -> None:
        """Give what has one name another as well."""
        from onnx import helper

        self.nodes.append(helper.make_node("Identity", [source], [name], name=f"{name}.node"))

    def prune(self, outputs: Iterable[str | None]) -> None:
        """Leave out what no output depends on."""
        used, kept = set(outputs), []
        for node in reversed(self.nodes):
            if not used.isdisjoint(node.output):
                used.update(node.input)
                kept.append(node)
        self.nodes = kept[::-1]
        self.initializers = {name: array for name, array in self.initializers.items() if name in used}

    def fresh(self, name: str) -> str:
        """A name that nothing has."""
        self._taken[name] += 1
        return name if self._taken[name] == 1 else self.fresh(f"{name}_{self._taken[name] - 1}")

    def constant(self, values: Any, dtype: DTypeLike | None = None) -> str:
        """The name of an array of constants, each of which is there once."""
        array = np.array(values, dtype, order="C")
        key = array.dtype, array.shape, sha256(array.tobytes()).digest()
        if key not in self._constants:
            self._constants[key] = name = self.fresh("constant")
            self.initializers[name] = array
        return self._constants[key]

    def use(self, x: Value, dtype: DTypeLike | None = None) -> str:
        """The name of a value, converted to a dtype if one is given."""
        dtype = x.dtype if dtype is None else np.dtype(dtype)
        if isinstance(x.constant, Repeated):
            return self.op("Expand", self.constant(x.constant.array, dtype), self.sizes(x.constant.shape))
        if isinstance(x.constant, Size):
            return self.cast(self.op("Squeeze", self._size(x.constant)), dtype)
        if x.constant is not None:
            return self.constant(x.constant, dtype)
        assert x.name is not None
        return x.name if x.dtype == dtype else self.cast(x.name, dtype)

    def cast(self, name: str, dtype: DTypeLike) -> str:
        """What has this name, converted."""
        from onnx import helper

        return self.op("Cast", name, to=helper.np_dtype_to_tensor_dtype(np.dtype(dtype)))

    def sizes(self, shape: Sequence[Dim]) -> str:
        """The name of a shape, as a vector of integers."""
        if not any(isinstance(size, Size) for size in shape):
            return self.constant(shape, np.int64)
        parts = [self._size(size) if isinstance(size, Size) else self.constant([size], np.int64) for size in shape]
        return self.op("Concat", *parts, axis=0)

    def dtype_of(self, *values: Value) -> np.dtype[Any]:
        """The dtype in which NumPy computes with these."""
        weak = [0 if isinstance(x.constant, Size) else x.constant for x in values]
        return np.result_type(
            *(n if isinstance(n, int | float) else x.dtype for n, x in zip(weak, values, strict=True))
        )

    def _size(self, size: Size) -> str:
        """The name of a vector of one size that depends on the batch."""
        if size not in self._sizes:
            assert self.batch is not None
            source, axis = self.batch
            name = self.op("Shape", source, start=axis, end=axis + 1)
            if size.factor != 1:
                name = self.op("Mul", name, self.constant([size.factor], np.int64))
            if size.offset:
                name = self.op("Add", name, self.constant([size.offset], np.int64))
            self._sizes[size] = name
        return self._sizes[size]
