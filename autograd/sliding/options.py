"""Stride, padding and the like: one int for all axes, or an entry for each."""

from __future__ import annotations

from operator import index
from typing import Any

from ..errors import ShapeError
from ..kernels.convolution.geometry import Geometry

__all__ = ["SPACE", "Option", "Shape", "each", "pairs", "plain", "require_axes", "require_room"]

Shape = tuple[int, ...]
Option = Any
"""An int, or a tuple of them: what `plain` gives."""

SPACE = {1: "L", 2: "H, W", 3: "D, H, W"}
"""The names of so many spatial axes."""


def plain(name: str, option: str, value: Any) -> Option:
    """What came, as ints and tuples of ints: hashable, and equal to no float.

    Raises:
        TypeError: something else is in it.
    """
    if type(value) is int:
        return value
    if isinstance(value, (tuple, list)):
        return tuple([plain(name, option, entry) for entry in value])
    try:
        return index(value)
    except TypeError:
        raise TypeError(f"{name}: {option} must be an int or a tuple of ints, got {value!r:.60}") from None


def each(name: str, option: str, value: Option, n: int, least: int) -> Shape:
    """An entry for each of n axes.

    Raises:
        ValueError: another number of entries, or one that is less than `least`.
    """
    entries = value if isinstance(value, tuple) else (value,) * n
    if len(entries) != n or any(isinstance(entry, tuple) for entry in entries):
        raise ValueError(f"{name}: {option} must be an int{_or_so_many(n)}, got {value}")
    if min(entries) < least:
        raise ValueError(f"{name}: {option} must be at least {least}, got {value}")
    return entries


def pairs(name: str, option: str, value: Option, n: int) -> tuple[tuple[int, int], ...]:
    """(before, after) for each of n axes; an int stands for both.

    Raises:
        ValueError: another number of entries, one of more or less than two ints, or a negative one.
    """
    entries = value if isinstance(value, tuple) else (value,) * n
    found = tuple(entry if isinstance(entry, tuple) else (entry, entry) for entry in entries)
    if len(found) != n or any(len(pair) != 2 or tuple in map(type, pair) for pair in found):
        expected = f"an int{_or_so_many(n)}, each an int or a pair (before, after)"
        raise ValueError(f"{name}: {option} must be {expected}, got {value}")
    if min(map(min, found)) < 0:
        raise ValueError(f"{name}: {option} must be at least 0, got {value}")
    return found


def _or_so_many(n: int) -> str:
    return " or a tuple of one" if n == 1 else f" or a tuple of {n}"


def require_axes(name: str, n: int, x: Shape) -> None:
    """Raise a ShapeError unless x has n spatial axes, channels, and perhaps samples."""
    if len(x) in (n + 1, n + 2):
        return
    one, many = f"(C, {SPACE[n]})", f"(N, C, {SPACE[n]})"
    advice = "; add the channel axis, x[None]" if len(x) == n else ""
    raise ShapeError(f"{name}: expected x of {n + 2} axes {many} or {n + 1} {one}, got {x}{advice}")


def require_room(given: str, geometry: Geometry, spatial: Shape, kernel: Shape) -> None:
    """Raise a ShapeError if the kernel reaches further than the padded input."""
    room, reach = geometry.padded(spatial), geometry.extent(kernel)
    if any(have < need for have, need in zip(room, reach, strict=True)):
        raise ShapeError(
            f"{given}: the kernel reaches over {reach}, but the padded input has only {room}; pad more, or take a "
            "smaller kernel or dilation"
        )
