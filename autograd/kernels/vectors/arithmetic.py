"""Functions of tiles that compute."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir
from numba import types

from .tile import REGISTER, Emitter, Tile, intrinsic

__all__ = ["hadamard", "outer", "rectified", "sandwich", "shifted"]

_AHEAD = 3  # rows of a tile for which operands may be loaded at the same time


@intrinsic
def outer(typing: Any, tile: Any, x: Any, at: Any, step: Any, w: Any, k: Any) -> Any:
    """tile[i, j] + x[at[i] + step] * w[k + lanes j : k + lanes (j + 1)]: the outer product of a column and a row."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        to = Emitter(context, builder, tile)
        _, x_type, _, _, w_type, _ = signature.args
        value, x, at, step, w, k = args
        vectors = to.unpack(value)
        row = [to.load(w_type, w, to.shifted(k, j * tile.lanes)) for j in range(tile.columns)]
        for i in range(tile.rows):
            if i >= _AHEAD:
                _hold(to, vectors, (i - _AHEAD + 1) * tile.columns - 1)
            scalar = to.splat(x_type, x, builder.add(builder.extract_value(at, i), step))
            for j in range(tile.columns):
                n = i * tile.columns + j
                vectors[n] = to.fma(scalar, row[j], vectors[n])
        _hold(to, vectors, tile.size - 1)
        return to.pack(vectors)

    return tile(tile, x, at, step, w, k), emit


@intrinsic
def hadamard(typing: Any, tile: Any, x: Any, at: Any, step: Any, w: Any, k: Any) -> Any:
    """tile[i, j] + x[at[i] + step + lanes j : ... + lanes] * w[k + lanes j : ... + lanes], element by element."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        to = Emitter(context, builder, tile)
        _, x_type, _, _, w_type, _ = signature.args
        value, x, at, step, w, k = args
        vectors = to.unpack(value)
        row = [to.load(w_type, w, to.shifted(k, j * tile.lanes)) for j in range(tile.columns)]
        for i in range(tile.rows):
            start = builder.add(builder.extract_value(at, i), step)
            for j in range(tile.columns):
                n = i * tile.columns + j
                vectors[n] = to.fma(to.load(x_type, x, to.shifted(start, j * tile.lanes)), row[j], vectors[n])
        _hold(to, vectors, tile.size - 1)
        return to.pack(vectors)

    return tile(tile, x, at, step, w, k), emit


def _hold(to: Emitter, vectors: list[Any], n: int) -> None:
    """Let LLVM load nothing that comes later before vector n is there.

    Left alone it loads for rows, and for rounds of a loop, far ahead, into more registers than there are.
    """
    vector = to.tile.vector
    kind = ir.FunctionType(vector, [vector])
    vectors[n] = to.builder.asm(kind, "", f"={REGISTER},0,~{{memory}}", [vectors[n]], side_effect=True)


@intrinsic
def rectified(typing: Any, tile: Any) -> Any:
    """max(tile, 0); NaN stays."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        to = Emitter(context, builder, tile)
        zero = to.full(0)
        return to.pack([builder.select(builder.fcmp_ordered("<", v, zero), zero, v) for v in to.unpack(args[0])])

    return tile(tile), emit


@intrinsic
def shifted(typing: Any, tile: Any, b: Any, at: Any) -> Any:
    """tile[i, j] + b[at : at + lanes]: the same vector is added to all."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        to = Emitter(context, builder, tile)
        addend = to.load(signature.args[1], *args[1:])
        return to.pack([builder.fadd(vector, addend) for vector in to.unpack(args[0])])

    return tile(tile, b, types.intp), emit


def sandwich(matrix: Sequence[Sequence[float]]) -> Callable[[Any], Any]:
    """The function that multiplies a tile by a constant matrix on both sides: matrix @ tile @ matrixᵀ."""
    size = len(matrix)

    @intrinsic
    def sandwiched(typing: Any, tile: Any) -> Any:
        def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            to = Emitter(context, builder, tile)
            vectors = to.unpack(args[0])
            rows = [_product(to, matrix, vectors[i : i + tile.columns]) for i in range(0, tile.size, tile.columns)]
            columns = [_product(to, matrix, [row[j] for row in rows]) for j in range(size)]
            return to.pack([columns[j][i] for i in range(size) for j in range(size)])

        return Tile(tile.dtype, size, size)(tile), emit

    return sandwiched


def _product(to: Emitter, matrix: Sequence[Sequence[float]], vectors: Sequence[Any]) -> list[Any]:
    """matrix @ vectors. Two rows that differ in signs only have their equal and their opposite terms summed once."""
    results: list[Any] = [None] * len(matrix)
    for i, row in enumerate(matrix):
        for other in range(i + 1, len(matrix)):
            if results[i] is None and list(map(abs, row)) == list(map(abs, matrix[other])):
                pairs = list(zip(row, matrix[other], strict=True))
                equal = _weighted(to, [a if a == b else 0 for a, b in pairs], vectors)
                opposite = _weighted(to, [a if a != b else 0 for a, b in pairs], vectors)
                results[i] = to.builder.fadd(equal, opposite)
                results[other] = to.builder.fsub(equal, opposite)
        if results[i] is None:
            results[i] = _weighted(to, row, vectors)
    return results


def _weighted(to: Emitter, weights: Sequence[float], vectors: Sequence[Any]) -> Any:
    """The sum of the vectors, each times its weight."""
    total = None
    for weight, vector in zip(weights, vectors, strict=True):
        if weight == 0:
            continue
        if total is None:
            total = vector if weight == 1 else to.builder.fmul(to.full(weight), vector)
        elif weight == 1:
            total = to.builder.fadd(total, vector)
        else:
            total = to.fma(to.full(weight), vector, total)
    return to.full(0) if total is None else total
