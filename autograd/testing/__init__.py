"""Checks for derivatives, of this library's operations and of your own.

`check_grads` compares reverse mode with differences, `check_complex_step` with one evaluation at a complex point,
`check_adjoint` a linear operation with its adjoint; `check_operation` looks at all that an operation has to keep.
`strategies` draws the arrays that break operations, and `property_test` makes a test of an operation in one line; these
two need hypothesis, and are imported when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..provenance import mark_ours
from .adjoints import check_adjoint as check_adjoint
from .complex_step import check_complex_step as check_complex_step
from .failure import GradientError as GradientError
from .gradients import check_grads as check_grads
from .operations import check_operation as check_operation

if TYPE_CHECKING:
    from . import strategies as strategies
    from .properties import property_test as property_test

__all__ = [
    "GradientError", "check_adjoint", "check_complex_step", "check_grads", "check_operation", "property_test",
    "strategies",
]  # fmt: skip

mark_ours(__name__)


def __getattr__(name: str) -> Any:
    """Import what needs hypothesis at its first use."""
    if name == "strategies":
        return import_module(f".{name}", __name__)
    if name == "property_test":
        return import_module(".properties", __name__).property_test
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
