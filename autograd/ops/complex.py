"""Parts of complex numbers. Rules are complex-linear in the cotangent; reverse.py says what the user's gradient is."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..constants import plain
from ..primitive import elementwise
from ..views import viewing
from .arithmetic import quotient

__all__ = ["abs", "absolute", "angle", "conj", "conjugate", "fabs", "imag", "real", "real_if_close", "sign"]


def _is_complex(x: Any) -> bool:
    return bool(x.dtype.kind == "c")


@viewing
@elementwise
def real(x: Any) -> Any:
    """Re x."""
    return np.real(x)


real.defvjp(lambda g, _y, _x: g)


@viewing
@elementwise
def imag(x: Any) -> Any:
    """Im x."""
    return np.imag(x)


imag.defvjp(lambda g, _y, _x: g * -1j if _is_complex(_x) else g * 0)


def real_if_close(a: Any, tol: float = 100) -> Any:
    """Re a if no imaginary part exceeds `tol` machine epsilons (or `tol` itself, if it is at most 1), else a."""
    return real(a) if np.isrealobj(np.real_if_close(plain(a), tol)) and _is_complex(a) else a


conjugate = elementwise(np.conjugate, "The complex conjugate of x.")
conjugate.defvjp(lambda g, _y, _x: conjugate(g) if _is_complex(_x) else g)
conj = conjugate

sign = elementwise(np.sign, "-1, 0 or 1 with derivative 0; x / |x| of a complex x.")


def _sign_rule(g: Any, y: Any, x: Any) -> Any:
    """d(x/|x|) turns the phase alone: L = Re(g dy), dy = i y dφ, dφ = Im(conj(x) dx) / |x|²."""
    if not _is_complex(x):
        return g * 0
    return quotient(real(g * y * 1j) * conjugate(x), real(x * conjugate(x))) * -1j


sign.defvjp(_sign_rule)

absolute = elementwise(np.absolute, "|x|; its derivative at 0 is 0.")
absolute.defvjp(lambda g, _y, x: quotient(g * conjugate(x), absolute(x)) if _is_complex(x) else g * sign(x))
abs = absolute

fabs = elementwise(np.fabs, "|x| of a real x; its derivative at 0 is 0.")
fabs.defvjp(lambda g, _y, x: g * sign(x))


@elementwise
def angle(x: Any, deg: bool = False) -> Any:
    """The argument of x, in radians (or degrees)."""
    return np.angle(x, deg)


def _angle_rule(g: Any, _y: Any, x: Any, deg: bool) -> Any:
    if not _is_complex(x):
        return g * 0
    scaled = g * (180 / np.pi) if deg else g
    return quotient(scaled * conjugate(x), real(x * conjugate(x))) * -1j


angle.defvjp(_angle_rule)
