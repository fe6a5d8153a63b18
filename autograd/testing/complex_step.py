"""A second witness: the derivative from one evaluation at a complex point, with no difference that could cancel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..reverse import pullback
from ..tensor import Tensor
from .failure import GradientError, as_code
from .spaces import inner, magnitude, random_like
from .walks import leaves, outputs_of

__all__ = ["check_complex_step"]

_STEP = 1e-30


def check_complex_step(
    f: Callable[..., Any], *args: Any, analytic: Callable[..., Any] | None = None, rtol: float = 1e-12, seed: int = 0
) -> None:
    """Check the first derivative of a real function by a complex step: `f'(x) u = Im f(x + ihu) / h` for any tiny h.

    Args:
        f: takes real tensors, and returns a tensor or a sequence of them.
        args: its arguments, real arrays.
        analytic: the same function of complex arrays, if f is not analytic as it is written (it takes an absolute
            value, a maximum or a real part); by default f, called with complex tensors.
        rtol: relative to the sum of the sizes of the terms.
        seed: of the random cotangents and directions.

    Squire and Trapp, Using complex variables to estimate derivatives of real functions, SIAM Review 40, 1998.

    Raises:
        GradientError: the derivatives differ.
    """
    rng = np.random.default_rng(seed)
    arrays = [np.asarray(x, np.float64) for x in args]
    x = leaves(arrays)
    y = outputs_of(f(*x))
    cotangents = [random_like(output.numpy(), rng) for output in y]
    directions = [random_like(array, rng) for array in arrays]
    gradients = [g.numpy() for g in pullback(y, x, cotangents)]
    points = [array + 1j * _STEP * u for array, u in zip(arrays, directions, strict=True)]
    if analytic is None:
        values = [output.numpy() for output in outputs_of(f(*map(Tensor, points)))]
    else:
        result = analytic(*points)
        values = [np.asarray(value) for value in (result if isinstance(result, tuple | list) else (result,))]
    by_rules = sum(inner(g, u) for g, u in zip(gradients, directions, strict=True))
    by_step = sum(inner(v, value.imag / _STEP) for v, value in zip(cotangents, values, strict=True))
    terms = sum(magnitude(g, u) for g, u in zip(gradients, directions, strict=True))
    if not abs(by_rules - by_step) <= rtol * terms + np.finfo(np.float64).tiny:
        raise GradientError(
            f"along a random direction reverse mode gives {by_rules!r}, a complex step {by_step!r}, with arguments"
            + "".join(f"\n    {as_code(array)}" for array in arrays)
        )
