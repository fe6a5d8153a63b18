"""A property test of an operation in one line: hypothesis draws arguments, `check_operation` looks at each call.

@property_test(POSITIVE, reference=np.log)
def test_log(x):
    return my_log(x)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import given, settings, strategies as st

from .failure import as_code
from .operations import check_operation
from .strategies import Domain, broadcasting_arrays, dtypes

__all__ = ["property_test"]


def property_test(
    *arguments: Domain | st.SearchStrategy[Any],
    reference: Callable[..., Any] | None = None,
    analytic: Callable[..., Any] | None = None,
    order: int = 2,
    complex: bool = False,
    rtol: float = 1e-9,
    max_examples: int | None = None,
) -> Callable[[Callable[..., Any]], Callable[[], None]]:
    """A decorator that makes a test, for pytest or to be called, of a function that applies an operation.

    Args:
        arguments: what to draw for each argument of the function. Domains draw arrays whose shapes broadcast, in every
            dtype and memory layout, 0-d and empty ones among them; a strategy draws what it says.
        reference: the same function of arrays: who says what values are right.
        analytic: the same function of complex arrays, for a check by complex step.
        order: how many times the operation can be differentiated.
        complex: whether domains draw complex arrays, too.
        rtol: of derivatives; see `check_grads`.
        max_examples: how many calls to check; None takes hypothesis's setting.

    The test fails with the smallest arguments that hypothesis finds, written as a program that shows the failure again.
    The function stays at hand as the test's `.operation`.

    Raises:
        TypeError: no arguments to draw, or something that is neither a domain nor a strategy.
    """
    drawn = _drawn(arguments, complex)

    def decorate(f: Callable[..., Any]) -> Callable[[], None]:
        def test(args: tuple[Any, ...]) -> None:
            try:
                check_operation(f, *args, reference=reference, analytic=analytic, order=order, rtol=rtol)
            except Exception as error:
                error.add_note(_program(f, args, reference, order))
                raise

        test.__name__, test.__qualname__, test.__module__ = f.__name__, f.__qualname__, f.__module__
        test.__doc__ = f.__doc__
        examples = settings().max_examples if max_examples is None else max_examples
        checked: Any = settings(deadline=None, max_examples=examples)(given(drawn)(test))
        checked.operation = f
        return checked  # type: ignore[no-any-return]

    return decorate


def _drawn(arguments: tuple[Any, ...], complex: bool) -> st.SearchStrategy[tuple[Any, ...]]:
    if arguments and all(isinstance(each, Domain) for each in arguments):
        return broadcasting_arrays(*arguments, dtype=dtypes(complex=complex))
    if not arguments or not all(isinstance(each, st.SearchStrategy) for each in arguments):
        raise TypeError(
            f"property_test: expected a Domain for each argument, or a strategy for each, got {arguments!r:.80}"
        )
    return st.tuples(*arguments)


def _program(f: Callable[..., Any], args: tuple[Any, ...], reference: Callable[..., Any] | None, order: int) -> str:
    """A program that fails as the test did."""
    lines = ["The smallest arguments that show it:", "", "import numpy as np"]
    lines += [
        "from tapegrad.autograd.testing import check_operation",
        f"from {f.__module__} import {f.__qualname__}",
        "",
    ]
    for i, x in enumerate(args):
        lines.append(f"x{i} = {_as_code(x)}")
    names = "".join(f", x{i}" for i in range(len(args)))
    witness = "" if reference is None else f", reference={_named(reference)}"
    lines.append(f"check_operation({f.__qualname__}.operation{names}{witness}, order={order})")
    return "\n    ".join(lines)


def _as_code(x: Any) -> str:
    if not isinstance(x, np.ndarray):
        return repr(x)
    code = as_code(x)
    if x.ndim and not x.flags.c_contiguous:
        code += f"  # in memory with strides {x.strides}"
    return code if x.flags.writeable else f"{code}  # read-only"


def _named(function: Callable[..., Any]) -> str:
    name = getattr(function, "__qualname__", getattr(function, "__name__", repr(function)))
    return f"np.{name}" if getattr(np, name, None) is function else name
