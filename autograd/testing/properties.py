"""A property test of an operation in one line: hypothesis draws arguments, `check_operation` looks at each call.

@property_test(POSITIVE, reference=np.log)
def test_log(x):
    return my_log(x)
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
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
    The function stays at hand as the test's `.operation`, and `.check(*arguments)` looks at one call of it.

    Raises:
        TypeError: no arguments to draw, or something that is neither a domain nor a strategy.
    """
    drawn = _drawn(arguments, complex)

    def decorate(f: Callable[..., Any]) -> Callable[[], None]:
        check = partial(check_operation, f, reference=reference, analytic=analytic, order=order, rtol=rtol)

        def test(args: tuple[Any, ...]) -> None:
            try:
                check(*args)
            except Exception as error:
                error.add_note(_program(checked, args))
                raise

        test.__name__, test.__qualname__, test.__module__ = f.__name__, f.__qualname__, f.__module__
        test.__doc__ = f.__doc__
        examples = settings().max_examples if max_examples is None else max_examples
        checked: Any = settings(deadline=None, max_examples=examples)(given(drawn)(test))
        checked.operation, checked.check = f, check
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


def _program(test: Any, args: tuple[Any, ...]) -> str:
    """A program that fails as the test did."""
    module = vars(sys.modules[test.__module__])
    name = next((name for name, value in module.items() if value is test), test.__qualname__)
    values = [f"x{i} = {_as_code(x)}" for i, x in enumerate(args)]
    call = f"{name}.check({', '.join(f'x{i}' for i in range(len(args)))})"
    lines = ["import numpy as np", f"from {test.__module__} import {name}", "", *values, call]
    return "\n    ".join(["The smallest arguments that show it:", "", *lines])


def _as_code(x: Any) -> str:
    if not isinstance(x, np.ndarray):
        return repr(x)
    code = as_code(x)
    if x.ndim and not x.flags.c_contiguous:
        code += f"  # in memory with strides {x.strides}"
    return code if x.flags.writeable else f"{code}  # read-only"
