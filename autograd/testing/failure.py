"""What a failed check tells: an error whose text can be pasted into a program that shows it again."""

from __future__ import annotations

import re
from typing import Any

from numpy.typing import NDArray

__all__ = ["LARGE", "GradientError", "as_code"]

LARGE = 64
"""Arrays of more elements are described, not written out."""


class GradientError(AssertionError):
    """A derivative that is wrong, or a rule that does something else than compute one."""


def as_code(array: NDArray[Any]) -> str:
    """The expression that makes an array, if it is small enough to read."""
    dtype = f"np.{array.dtype.name}"
    if array.size > LARGE:
        return f"<{dtype} array of shape {array.shape}>"
    if not array.size:
        return f"np.zeros({array.shape}, {dtype})"
    elements = re.sub("nan|inf", r"np.\g<0>", repr(array.tolist()))
    return f"np.array({elements}, {dtype})"
