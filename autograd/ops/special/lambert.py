"""Lambert's W and Wright's omega: inverses of y eʸ and of y + ln y (DLMF 4.13)."""

from __future__ import annotations

from typing import Any

from ...primitive import elementwise
from ..arithmetic import quotient
from ..exponential import exp
from .scipys import of_scipy, scipys

__all__ = ["lambertw", "wrightomega"]


@elementwise
def lambertw(z: Any, k: Any = 0, tol: float = 1e-8) -> Any:
    """The complex y with y eʸ = z, of its k-th branch."""
    return scipys("lambertw")(z, k, tol)


lambertw.defvjp(lambda g, y, _z, k, tol: quotient(g, exp(y) * (1 + y)))

wrightomega = of_scipy(
    "wrightomega", "The y with y + ln y = x; for real x its branch is lambertw(eˣ), without overflow."
)
wrightomega.defvjp(lambda g, y, _x: quotient(g * y, 1 + y))
