"""What a table says of a primitive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from hypothesis import strategies as st

from tapegrad.autograd.testing import strategies as draw
from tapegrad.autograd.testing.strategies import Domain

__all__ = ["Case", "each"]

Formula: TypeAlias = Callable[..., Any]


@dataclass(frozen=True)
class Case:
    """What a test has to know about a primitive."""

    reference: Formula
    """The same function of arrays, by NumPy alone."""
    drawn: st.SearchStrategy[tuple[tuple[Any, ...], dict[str, Any]]]
    """Draws the arrays and the parameters: off kinks and poles, for differences must make sense."""
    analytic: Formula | None = None
    """A formula that is right for complex arguments too, if there is one: for the complex step."""
    numpy: Formula | None = None
    """The function of NumPy that reaches the primitive, called with the same arguments and parameters."""
    order: int = 2
    smooth: Callable[[Formula], Formula] = lambda operation: operation
    """Makes of the operation what gradients are checked of: a function that is smooth in every direction."""


def each(
    reference: Formula,
    *domains: Domain,
    complex: bool = False,
    analytic: Formula | bool = False,
    params: st.SearchStrategy[dict[str, Any]] | None = None,
) -> Case:
    """The record of an elementwise primitive: an argument from each domain, their shapes broadcasting."""
    arrays = draw.broadcasting_arrays(*domains, dtype=draw.dtypes(complex=complex))
    drawn = st.tuples(arrays, st.just({}) if params is None else params)
    witness = (reference if analytic is True else analytic) or None
    return Case(reference, drawn, witness, getattr(np, getattr(reference, "__name__", ""), None))
