"""The check of the numbers that transforms take, and of the ranges that random ones draw from."""

from __future__ import annotations

from numbers import Real
from typing import TypeAlias

Range: TypeAlias = float | tuple[float, float]

_LARGEST = 1_000_000


def check_number(name: str, value: object) -> None:
    """Refuse what is no number, or one so large that float32 would not carry what is computed with it.

    Raises:
        TypeError: not a real number; a bool is none here.
        ValueError: beyond a million, or NaN.
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name}: expected a number; got {value!r}")
    if not abs(float(value)) <= _LARGEST:
        raise ValueError(f"{name}: expected a number from {-_LARGEST:,} to {_LARGEST:,}; got {value!r}")


def check_positive(name: str, value: float) -> None:
    """Refuse what is no number from a millionth to a million, with the errors of `check_number`."""
    check_number(name, value)
    if value < 1 / _LARGEST:
        raise ValueError(f"{name}: expected a positive number, at least 1e-6; got {value!r}")


def interval(name: str, value: Range) -> tuple[float, float]:
    """Return the range (low, high); a single number a, at least 0, stands for (-a, a).

    Raises:
        TypeError: neither a number nor a pair of numbers.
        ValueError: out of bounds, a negative single number, or low above high.
    """
    if not isinstance(value, tuple | list):
        check_number(name, value)
        if value < 0:
            raise ValueError(
                f"{name}: expected a >= 0, which stands for the range (-a, a), or a pair (low, high); got {value!r}"
            )
        return -value, value
    if len(value) != 2:
        raise TypeError(f"{name}: expected a number, or a range (low, high); got {value!r}")
    low, high = value
    for end in (low, high):
        check_number(name, end)
    if low > high:
        raise ValueError(f"{name}: expected a range (low, high) with low <= high; got {value!r}")
    return low, high


def factors(name: str, value: tuple[float, float]) -> tuple[float, float]:
    """Return the range (low, high) of factors, which are above zero.

    Raises:
        TypeError: not a pair of numbers.
        ValueError: out of bounds, not positive, or low above high.
    """
    if not isinstance(value, tuple | list):
        raise TypeError(f"{name}: expected a range (low, high) around 1, as (0.9, 1.1); got {value!r}")
    low, high = interval(name, value)
    check_positive(name, low)
    return low, high
