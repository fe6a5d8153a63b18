"""Everything that an operation has to keep, checked for one call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..tensor import Tensor
from .complex_step import check_complex_step
from .failure import GradientError, as_code
from .gradients import check_grads

__all__ = ["check_operation"]


def check_operation(
    f: Callable[..., Any],
    *args: Any,
    reference: Callable[..., Any] | None = None,
    analytic: Callable[..., Any] | None = None,
    order: int = 2,
    ulps: int = 256,
    rtol: float = 1e-9,
) -> None:
    """Check value, dtype and derivatives of an operation, and that it leaves alone what is not its own.

    Args:
        f: the operation, of tensors; it returns a tensor or a sequence of them.
        args: arguments for it: arrays and numbers; everything else is passed on as it is.
        reference: the same function of arrays, by NumPy or SciPy: who says what is right.
        analytic: the same function of complex arrays, for the check by a complex step; left out, there is none.
        order: how many times the operation can be differentiated.
        ulps: what a value may differ from the reference's by, in units of the last place of 1 and of the value.
        rtol: of derivatives; see `check_grads`.

    It checks that the value has the reference's shape, dtype and numbers, with all arguments tracked and with none;
    that no argument is changed; and, by `check_grads`, every gradient up to that order, its shape and dtype, and that
    no rule writes into what it is given or returns memory that is another's.

    Raises:
        GradientError: one of these does not hold; the text has the arguments as code.
    """
    before = [x.copy() if isinstance(x, np.ndarray) else x for x in args]
    for tracked in (True, False):
        result = f(*(_tensor(x, tracked) for x in args))
        if reference is not None:
            _compare(result, reference(*args), args, ulps)
    for i, (old, x) in enumerate(zip(before, args, strict=True)):
        if isinstance(x, np.ndarray) and old.tobytes() != x.tobytes():
            raise GradientError(f"argument {i} was changed: it was {as_code(old)}, and is {as_code(x)}")
    check_grads(f, *args, order=order, rtol=rtol)
    if analytic is not None:
        check_complex_step(f, *(x.real if isinstance(x, np.ndarray) else x for x in args), analytic=analytic)


def _tensor(x: Any, tracked: bool) -> Any:
    if not isinstance(x, np.ndarray | np.inexact | float | complex):
        return x
    return Tensor(x, requires_grad=tracked and np.asarray(x).dtype.kind in "fc", copy=None)


def _compare(result: Any, expected: Any, args: tuple[Any, ...], ulps: int) -> None:
    several = isinstance(expected, tuple | list)
    results, values = (result, expected) if several else ((result,), (expected,))
    for i, (y, value) in enumerate(zip(results, map(np.asarray, values), strict=True)):
        what = f"result {i}" if several else "the result"
        if not isinstance(y, Tensor):
            raise GradientError(f"{what} is {y!r:.80}; expected a tensor")
        got = y.numpy()
        if (got.shape, got.dtype) != (value.shape, value.dtype):
            raise GradientError(
                f"{what} is {got.dtype}{list(got.shape)}, the reference's {value.dtype}{list(value.shape)}{_of(args)}"
            )
        tolerance = ulps * np.finfo(value.dtype).eps if value.dtype.kind in "fc" else 0
        if not np.allclose(got, value, tolerance, tolerance, equal_nan=True):
            raise GradientError(f"{what} is {as_code(got)}, the reference's {as_code(value)}{_of(args)}")


def _of(args: tuple[Any, ...]) -> str:
    return "".join(
        f"\n    argument {i} = {as_code(x) if isinstance(x, np.ndarray) else repr(x)}" for i, x in enumerate(args)
    )
