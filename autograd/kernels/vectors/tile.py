"""The Numba type of a tile of vectors, and the LLVM instructions that work on it."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import llvmlite.binding as llvm
import numpy as np
from llvmlite import ir
from numba import extending, types
from numba.core import cgutils
from numba.core.datamodel import models

from ..jit import bounds_checked

__all__ = ["INT32", "REGISTER", "ROWS", "Emitter", "Tile", "intrinsic", "lanes_of", "shape_of"]

intrinsic: Callable[..., Callable[..., Any]] = extending.intrinsic
"""Numba's, whose type says that what it makes takes another argument in front."""

_features = llvm.get_host_cpu_features()
_VECTOR_BYTES = 64 if _features.get("avx512f") else 32 if _features.get("avx2") else 16
_MANY_REGISTERS = bool(_features.get("avx512f")) or not _features.get("sse2")  # 32, not 16
ROWS = {4: 6, 2: 8, 1: 12} if _MANY_REGISTERS else {4: 3, 2: 6, 1: 8}
"""How high a tile of so many columns is whose sums, and what one step needs, fit the registers."""

REGISTER = "w" if platform.machine().lower() in ("aarch64", "arm64") else "v"
"""The constraint by which inline assembly names a vector register."""

INT32 = ir.IntType(32)


def lanes_of(dtype: np.dtype[Any]) -> int:
    """How many numbers of a dtype one vector holds."""
    return _VECTOR_BYTES // dtype.itemsize


class Tile(types.Type):
    """Rows × columns vectors of floats, each as wide as a vector register."""

    def __init__(self, dtype: Any, rows: int, columns: int) -> None:
        self.dtype, self.rows, self.columns = dtype, rows, columns
        self.size = rows * columns
        self.bytes = dtype.bitwidth // 8
        self.lanes = _VECTOR_BYTES // self.bytes
        self.scalar = ir.FloatType() if self.bytes == 4 else ir.DoubleType()
        self.vector = ir.VectorType(self.scalar, self.lanes)
        super().__init__(f"Tile({dtype}, {rows}x{columns}, {self.lanes} lanes)")


@extending.register_model(Tile)
class _TileModel(models.PrimitiveModel):
    def __init__(self, manager: Any, tile: Tile) -> None:
        super().__init__(manager, tile, ir.ArrayType(tile.vector, tile.size))  # type: ignore[no-untyped-call]


def shape_of(*values: Any) -> list[int] | None:
    """The integers that Numba knows when it compiles; None if it does not know them all."""
    literal = all(isinstance(value, types.IntegerLiteral) for value in values)
    return [value.literal_value for value in values] if literal else None


class Emitter:
    """Writes the instructions for tiles of one type into a function that Numba compiles."""

    def __init__(self, context: Any, builder: Any, tile: Tile) -> None:
        self.context, self.builder, self.tile = context, builder, tile

    def pack(self, vectors: Sequence[Any]) -> Any:
        """A tile of these vectors, row by row."""
        value = ir.Constant(ir.ArrayType(self.tile.vector, len(vectors)), ir.Undefined)
        for i, vector in enumerate(vectors):
            value = self.builder.insert_value(value, vector, i)
        return value

    def unpack(self, value: Any) -> list[Any]:
        """The vectors of a tile, row by row."""
        return [self.builder.extract_value(value, i) for i in range(self.tile.size)]

    def pointer(self, array_type: Any, array: Any, offset: Any, length: Any) -> Any:
        """The address of array[offset : offset + length], checked if kernels are compiled with checks."""
        parts = self.context.data_model_manager[array_type]
        if bounds_checked():
            end = self.builder.add(offset, offset.type(length) if isinstance(length, int) else length)
            ordered = (offset.type(0), offset), (offset, end), (end, parts.get(self.builder, array, "nitems"))
            inside = reduce(self.builder.and_, (self.builder.icmp_signed("<=", a, b) for a, b in ordered))
            with cgutils.if_unlikely(self.builder, self.builder.not_(inside)):
                self.context.call_conv.return_user_exc(self.builder, IndexError, ("a vector lies outside its array",))
        return self.builder.gep(parts.get(self.builder, array, "data"), [offset])

    def load(self, array_type: Any, array: Any, offset: Any) -> Any:
        """The vector array[offset : offset + lanes]."""
        pointer = self.pointer(array_type, array, offset, self.tile.lanes)
        vector = self.builder.load(self.builder.bitcast(pointer, self.tile.vector.as_pointer()))
        vector.align = self.tile.bytes
        return vector

    def store(self, vector: Any, array_type: Any, array: Any, offset: Any) -> None:
        """array[offset : offset + lanes] = vector, of floats or of bytes"""
        pointer = self.pointer(array_type, array, offset, self.tile.lanes)
        stored = self.builder.store(vector, self.builder.bitcast(pointer, vector.type.as_pointer()))
        stored.align = self.tile.bytes if vector.type == self.tile.vector else 1

    def splat(self, array_type: Any, array: Any, offset: Any) -> Any:
        """A vector of array[offset] in all lanes."""
        scalar = self.builder.load(self.pointer(array_type, array, offset, 1))
        undefined = ir.Constant(self.tile.vector, ir.Undefined)
        first = self.builder.insert_element(undefined, scalar, INT32(0))
        everywhere = ir.Constant(ir.VectorType(INT32, self.tile.lanes), [0] * self.tile.lanes)
        return self.builder.shuffle_vector(first, undefined, everywhere)

    def full(self, value: float) -> ir.Constant:
        """A vector of equal numbers."""
        return ir.Constant(self.tile.vector, [ir.Constant(self.tile.scalar, value)] * self.tile.lanes)

    def fma(self, a: Any, b: Any, c: Any) -> Any:
        """a * b + c, rounded once"""
        vector = self.tile.vector
        name = f"llvm.fma.v{self.tile.lanes}f{self.tile.bytes * 8}"
        function = cgutils.get_or_insert_function(self.builder.module, ir.FunctionType(vector, [vector] * 3), name)
        return self.builder.call(function, (a, b, c))

    def shifted(self, offset: Any, count: int) -> Any:
        """offset + count"""
        return self.builder.add(offset, offset.type(count))
