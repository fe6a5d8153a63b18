"""The test of a linear operation and its adjoint: exact up to rounding, no differences involved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..tensor import Tensor
from .failure import GradientError
from .spaces import inner, magnitude, random_like

__all__ = ["check_adjoint"]


def check_adjoint(
    A: Callable[[Any], Any],
    At: Callable[[Any], Any],
    *examples: Any,
    rtol: float = 1e-12,
    seed: int = 0,
) -> None:
    """Check that two linear operations are each other's adjoint: `<A x, y> = <x, At y>` for random x and y.

    Args:
        A: a linear operation on one array, written in operations or in NumPy.
        At: its adjoint, from the space of A's results back to that of x.
        examples: for each, x is drawn anew. A shape stands for a real and a complex x of that shape, an array for an x
            of its shape and dtype (32-bit ones are drawn with 64 bits, for the sake of `rtol`).
        rtol: of `<|A x|, |y|> + <|x|, |At y|>`. Rounding grows like ε √n, so 1e-12 is good for a million elements.
        seed: of the random numbers.

    The inner product is `Re Σ conj(x) y`, so for complex operations the adjoint is the conjugate transpose: At takes
    the gradient of a real loss with respect to A x to that with respect to x, as a user sees gradients.

    Raises:
        GradientError: they are not, or At y has another shape or dtype than x.
    """
    rng = np.random.default_rng(seed)
    for example in examples:
        for x in _drawn(example, rng):
            _check(A, At, x, rtol, rng)


def _drawn(example: Any, rng: np.random.Generator) -> list[NDArray[Any]]:
    if isinstance(example, tuple) and all(isinstance(size, int) for size in example):
        return [random_like(np.empty(example, dtype), rng) for dtype in (np.float64, np.complex128)]
    array = _values(example)
    return [random_like(np.empty(array.shape, np.result_type(array.dtype, np.float64)), rng)]


def _check(A: Callable[[Any], Any], At: Callable[[Any], Any], x: NDArray[Any], rtol: float, rng: Any) -> None:
    Ax = _values(A(x))
    y = random_like(Ax, rng)
    Aty = _values(At(y))
    if Aty.shape != x.shape or Aty.dtype != x.dtype:
        raise GradientError(
            f"adjoint: At takes {y.dtype}{list(y.shape)} to {Aty.dtype}{list(Aty.shape)}, but A takes {x.dtype}"
            f"{list(x.shape)} there"
        )
    left, right = inner(Ax, y), inner(x, Aty)
    if not abs(left - right) <= rtol * (magnitude(Ax, y) + magnitude(x, Aty)):
        raise GradientError(
            f"adjoint: <A x, y> = {left!r}, but <x, At y> = {right!r}, for x of {x.dtype}{list(x.shape)} and y of "
            f"{y.dtype}{list(y.shape)}"
        )


def _values(x: Any) -> NDArray[Any]:
    return x.numpy() if isinstance(x, Tensor) else np.asarray(x)
