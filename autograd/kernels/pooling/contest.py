"""Explicit vectors for max pooling: a contest is the largest numbers so far, and where in their region they were seen.

Like tiles (see vectors), contests are values in Numba, and live in registers.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core.datamodel import models
from numba.extending import register_model

from ..vectors.tile import INT32, Emitter, Tile, intrinsic

__all__ = ["add_prizes", "challenged", "opened", "rectified", "remembered", "settle", "store_prizes"]


class Contest(types.Type):
    """A vector of numbers, and one of their positions."""

    def __init__(self, dtype: Any, positions: Any) -> None:
        self.tile = Tile(dtype, 1, 1)
        self.position = ir.IntType(positions.bitwidth)
        self.positions = ir.VectorType(self.position, self.tile.lanes)
        super().__init__(f"Contest({dtype}, {positions})")


@register_model(Contest)
class _ContestModel(models.PrimitiveModel):
    def __init__(self, manager: Any, contest: Contest) -> None:
        pair = ir.LiteralStructType([contest.tile.vector, contest.positions])
        super().__init__(manager, contest, pair)  # type: ignore[no-untyped-call]


class _Emitter(Emitter):
    """Writes the instructions for contests of one type."""

    def __init__(self, context: Any, builder: Any, contest: Contest) -> None:
        super().__init__(context, builder, contest.tile)
        self.contest = contest

    def made(self, numbers: Any, positions: Any) -> Any:
        value = ir.Constant(ir.LiteralStructType([numbers.type, positions.type]), ir.Undefined)
        return self.builder.insert_value(self.builder.insert_value(value, numbers, 0), positions, 1)

    def parts(self, value: Any) -> tuple[Any, Any]:
        return self.builder.extract_value(value, 0), self.builder.extract_value(value, 1)

    def positions(self, array_type: Any, array: Any, offset: Any) -> Any:
        """The address of a vector of positions."""
        pointer = self.pointer(array_type, array, offset, self.tile.lanes)
        return self.builder.bitcast(pointer, self.contest.positions.as_pointer())

    def everywhere(self, position: Any) -> Any:
        """A vector of one position in all lanes."""
        undefined = ir.Constant(self.contest.positions, ir.Undefined)
        number = self.builder.trunc(position, self.contest.position)
        zeros = ir.Constant(ir.VectorType(INT32, self.tile.lanes), [0] * self.tile.lanes)
        return self.builder.shuffle_vector(self.builder.insert_element(undefined, number, INT32(0)), undefined, zeros)

    def prizes(self, value: Any, position: Any) -> Any:
        """The numbers that were at a position, and 0 for the others."""
        numbers, positions = self.parts(value)
        here = self.builder.icmp_unsigned("==", positions, self.everywhere(position))
        return self.builder.select(here, numbers, self.full(0))


@intrinsic
def opened(typing: Any, x: Any, at: Any, winners: Any) -> Any:
    """The contest of the numbers from x[at] on, which are at position 0."""
    contest = Contest(x.dtype, winners.dtype)

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        to = _Emitter(context, builder, contest)
        return to.made(to.load(signature.args[0], args[0], args[1]), ir.Constant(contest.positions, None))

    return contest(x, types.intp, winners), emit


@intrinsic
def challenged(typing: Any, contest: Any, x: Any, at: Any, position: Any) -> Any:
    """The contest after the numbers from x[at] on, at a position, have come: what is larger wins, and NaN."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        to = _Emitter(context, builder, contest)
        most, positions = to.parts(args[0])
        seen, here = to.load(signature.args[1], args[1], args[2]), to.everywhere(args[3])
        # That seen is a number is known early; an "and" with it costs nothing on top of the comparison.
        loses = builder.and_(builder.fcmp_ordered("ord", seen, seen), builder.fcmp_unordered("<=", seen, most))
        return to.made(builder.select(loses, most, seen), builder.select(loses, positions, here))

    return contest(contest, x, types.intp, types.intp), emit


@intrinsic
def rectified(typing: Any, contest: Any, nobody: Any) -> Any:
    """The contest after 0 has come, for which nobody stands. A NaN stays, but has not won."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        to = _Emitter(context, builder, contest)
        most, positions = to.parts(args[0])
        zero, none = to.full(0), to.everywhere(args[1])
        positions = builder.select(builder.fcmp_ordered(">", most, zero), positions, none)
        return to.made(builder.select(builder.fcmp_ordered("<=", most, zero), zero, most), positions)

    return contest(contest, types.intp), emit


@intrinsic
def settle(typing: Any, y: Any, winners: Any, at: Any, contest: Any) -> Any:
    """Write the numbers of a contest from y[at] on, and their positions from winners[at] on."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        to = _Emitter(context, builder, contest)
        numbers, positions = to.parts(args[3])
        to.store(numbers, signature.args[0], args[0], args[2])
        stored = builder.store(positions, to.positions(signature.args[1], args[1], args[2]))
        stored.align = contest.position.width // 8
        return context.get_dummy_value()

    return types.void(y, winners, types.intp, contest), emit


@intrinsic
def remembered(typing: Any, y: Any, winners: Any, at: Any, skipped: Any) -> Any:
    """The contest that was settled so; so many numbers at its beginning are at no position."""
    contest = Contest(y.dtype, winners.dtype)

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        to = _Emitter(context, builder, contest)
        positions = builder.load(to.positions(signature.args[1], args[1], args[2]))
        positions.align = contest.position.width // 8
        lanes = ir.Constant(contest.positions, list(range(to.tile.lanes)))
        counted = builder.icmp_unsigned(">=", lanes, to.everywhere(args[3]))
        nowhere = ir.Constant(contest.positions, [-1] * to.tile.lanes)
        return to.made(to.load(signature.args[0], args[0], args[2]), builder.select(counted, positions, nowhere))

    return contest(y, winners, types.intp, types.intp), emit


@intrinsic
def store_prizes(typing: Any, y: Any, at: Any, contest: Any, position: Any) -> Any:
    """Write from y[at] on the numbers that were at a position, and 0 for the others."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        to = _Emitter(context, builder, contest)
        to.store(to.prizes(args[2], args[3]), signature.args[0], args[0], args[1])
        return context.get_dummy_value()

    return types.void(y, types.intp, contest, types.intp), emit


@intrinsic
def add_prizes(typing: Any, y: Any, at: Any, contest: Any, position: Any) -> Any:
    """Add from y[at] on the numbers that were at a position."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        to = _Emitter(context, builder, contest)
        before = to.load(signature.args[0], args[0], args[1])
        to.store(builder.fadd(before, to.prizes(args[2], args[3])), signature.args[0], args[0], args[1])
        return context.get_dummy_value()

    return types.void(y, types.intp, contest, types.intp), emit
