"""Determinants, and their logarithms."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...primitive import primitive
from ..complex import conj, imag, real
from ..joining import stack
from ..reducing import mean
from ..selecting import where
from ..shaping import reshape
from .inverting import inv
from .matrices import constant, identity, mH
from .packing import pack, unpack

__all__ = ["det", "slogdet"]

SlogdetResult = type(np.linalg.slogdet(np.eye(1)))


@primitive
def det(a: Any) -> Any:
    """The determinant of a (..., n, n) -> (...).

    Its derivative by a is the matrix of cofactors, det(A) A⁻ᵀ if A has an inverse. It is right for singular matrices
    too, and so are the derivatives of higher order: the determinant is a polynomial.

    Raises:
        LinAlgError: a is not square.
    """
    return np.linalg.det(a)


det.defvjp(lambda g, _y, a: g[..., None, None] * _cofactors(a))


def _cofactors(a: Any) -> Any:
    """The derivative of det(a) by each element.

    Where A is nearly singular, let A = U S Vᴴ, m of the singular values be small, and E = U' V'ᴴ of the vectors of
    these m. Then det(A + tE) is a polynomial of degree m in t, so its value at 0 is the mean over m + 1 points that are
    spread evenly on a circle; and there A + tE has an inverse. U' and V' are constants: this holds for all A near by.
    """
    plain = constant(a)
    if not plain.size:
        return a
    u, s, vh = np.linalg.svd(plain)
    small = s <= np.finfo(s.dtype).eps ** 0.5 * s[..., :1]
    if not small.any():
        return reshape(det(a), (*a.shape[:-2], 1, 1)) * inv(a).mT
    if a.ndim > 2:
        each = [_cofactors(one) for one in reshape(a, (-1, *a.shape[-2:]))]
        return reshape(stack(each), a.shape)
    m = int(small.sum())
    radius = 2 * s[~small][-1] if m < len(s) else s.dtype.type(1)
    around = radius * np.exp(2j * np.pi * np.arange(m + 1) / (m + 1)).astype(np.result_type(s, np.complex64))
    moved = a + around[:, None, None] * (u[:, -m:] @ vh[-m:])
    cofactors = mean(reshape(det(moved), (-1, 1, 1)) * inv(moved).mT, axis=0)
    return cofactors if plain.dtype.kind == "c" else real(cofactors)


@primitive
def _slogdet(a: Any) -> Any:
    return pack(np.linalg.slogdet(a), (0, 0))


def _slogdet_rule(g: Any, y: Any, a: Any) -> Any:
    """d log det A = tr(A⁻¹ dA) = t: Re t is the derivative of the logarithm, i Im t sign that of the sign."""
    (sign, _), (gsign, glog) = unpack(y, (), ()), unpack(conj(g), (), ())
    z = glog if a.dtype.kind == "f" else real(glog) + 1j * imag(gsign * conj(sign))
    idle = (constant(sign) == 0) & (constant(z) == 0)  # singular, but nothing depends on it
    regular = where(idle[..., None, None], identity(a), a)
    return conj(z[..., None, None] * mH(inv(regular)))


_slogdet.defvjp(_slogdet_rule)


def slogdet(a: Any) -> Any:
    """Sign and logarithm of the determinant of a (..., n, n): det(a) = sign * exp(logabsdet).

    d logabsdet = Re tr(A⁻¹ dA). The sign of a real matrix is a constant; of a complex one it is a phase, with
    d sign = i sign Im tr(A⁻¹ dA).

    Raises:
        LinAlgError: a is not square; in the derivative, it is singular.
    """
    sign, logabsdet = unpack(_slogdet(a), (), ())
    return SlogdetResult(sign, real(logabsdet))
