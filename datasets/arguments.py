"""The check of whole numbers that several constructors take."""

from __future__ import annotations

import operator
from typing import SupportsIndex


def whole_number(name: str, value: SupportsIndex, *, least: int) -> int:
    """Return `value` as an int.

    Raises:
        TypeError: it is not an integer; a bool is none here.
        ValueError: it is less than `least`.
    """
    expected = f"{name}: expected an integer >= {least}; got {value!r}"
    if isinstance(value, bool):
        raise TypeError(expected)
    try:
        number = operator.index(value)
    except TypeError as error:
        raise TypeError(expected) from error
    if number < least:
        raise ValueError(expected)
    return number
