"""Spherical Bessel functions of integer order n; their derivatives are sums of the neighbouring orders (DLMF 10.51)."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...primitive import elementwise
from .scipys import no_rule, scipys

__all__ = ["spherical_in", "spherical_jn", "spherical_kn", "spherical_yn"]

# (2n + 1) f' is so many times n f of the order before, and so many times (n + 1) f of the order after
_NEIGHBOURS = {"jn": (1, -1), "yn": (1, -1), "in": (1, 1), "kn": (-1, -1)}


@elementwise
def _spherical(n: Any, x: Any, kind: str = "jn", derivative: bool = False) -> Any:
    return scipys(f"spherical_{kind}")(n, x, derivative)


def _rule(g: Any, _y: Any, n: Any, x: Any, kind: str, derivative: bool) -> Any:
    before, after = _NEIGHBOURS[kind]
    lower = _spherical(np.maximum(n - 1, 0), x, kind, derivative)  # taken 0 times where n is 0
    upper = _spherical(n + 1, x, kind, derivative)
    return g * (lower * (before * n) + upper * (after * (n + 1))) / (2 * n + 1)


_spherical.defvjp(no_rule("spherical_jn, _yn, _in, _kn", "n"), _rule)


def spherical_jn(n: Any, z: Any, derivative: bool = False) -> Any:
    """√(π/2z) J of order n + 1/2, or its derivative."""
    return _spherical(n, z, "jn", derivative)


def spherical_yn(n: Any, z: Any, derivative: bool = False) -> Any:
    """√(π/2z) Y of order n + 1/2, or its derivative."""
    return _spherical(n, z, "yn", derivative)


def spherical_in(n: Any, z: Any, derivative: bool = False) -> Any:
    """√(π/2z) I of order n + 1/2, or its derivative."""
    return _spherical(n, z, "in", derivative)


def spherical_kn(n: Any, z: Any, derivative: bool = False) -> Any:
    """√(π/2z) K of order n + 1/2, or its derivative."""
    return _spherical(n, z, "kn", derivative)
