"""The matrices of Winograd's F(4×4, 3×3), by the construction of Toom and Cook.

The product of two polynomials is found from its values at six points. The points 0, ±1/√2, ±√2, ∞ keep rounding
errors in float32 less than half as large as the usual 0, ±1, ±2, ∞. (Barabasz et al., Error Analysis and Improving the
Accuracy of Winograd Convolution for Deep Neural Networks, 2020)
"""

from __future__ import annotations

from math import prod, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["A", "A_T", "B", "B_T", "G"]

_POINTS = (0.0, 1 / sqrt(2), -1 / sqrt(2), sqrt(2), -sqrt(2))
_OUTPUTS, _TAPS = 4, 3


def _rest(point: float) -> tuple[float, ...]:
    return tuple(other for other in _POINTS if other != point)


def _rows(matrix: Any) -> tuple[tuple[float, ...], ...]:
    """A matrix as numbers, of which those that rounding kept from being 0 or 1 are that."""
    return tuple(tuple(float(np.round(value, 14)) for value in row) for row in matrix)


# The last row of each belongs to the point ∞.
B_T = _rows([*([*np.poly(_rest(p))[::-1], 0] for p in _POINTS), np.poly(_POINTS)[::-1]])
B = tuple(zip(*B_T, strict=True))
A = _rows([*([p**i for i in range(_OUTPUTS)] for p in _POINTS), [0] * (_OUTPUTS - 1) + [1]])
A_T = tuple(zip(*A, strict=True))
G: NDArray[np.float64] = np.array(
    [*([p**k / prod(p - q for q in _rest(p)) for k in range(_TAPS)] for p in _POINTS), [0] * (_TAPS - 1) + [1]]
)
