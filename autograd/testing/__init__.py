"""Checks for derivatives, of this library's operations and of your own.

`check_grads` compares reverse mode with differences, `check_adjoint` a linear operation with its adjoint, and
`strategies` (which needs hypothesis, and is imported when first used) draws the arrays that break operations.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..provenance import mark_ours
from .adjoints import check_adjoint as check_adjoint
from .failure import GradientError as GradientError
from .gradients import check_grads as check_grads

if TYPE_CHECKING:
    from . import strategies as strategies

__all__ = ["GradientError", "check_adjoint", "check_grads", "strategies"]

mark_ours(__name__)


def __getattr__(name: str) -> Any:
    """Import `strategies` at its first use."""
    if name == "strategies":
        return import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
