"""Bessel functions of real order, and Airy's. Derivatives are differences of neighbouring orders (DLMF 10.6, 10.29)."""

from __future__ import annotations

from typing import Any

from ...errors import DTypeError
from ...primitive import Operation, elementwise
from ..bessel import i0 as i0
from ..complex import absolute, sign
from .hypergeometric import hyp1f1
from .poles import times
from .scipys import no_rule, of_scipy, scipys

__all__ = [
    "airy", "hankel1", "hankel2", "i0", "i0e", "i1", "i1e", "iv", "ive", "j0", "j1", "jn", "jv", "k0", "k0e", "k1",
    "k1e", "kn", "kv", "kve", "y0", "y1", "yn", "yv",
]  # fmt: skip


def _of_order(name: str, doc: str) -> Operation:
    return of_scipy(name, doc, 2)


jv = _of_order("jv", "The Bessel function of the first kind, J, of order x1.")
yv = _of_order("yv", "The Bessel function of the second kind, Y, of order x1.")
yn = _of_order("yn", "The Bessel function of the second kind, Y, of integer order x1.")
hankel1 = _of_order("hankel1", "Hankel's function J + iY of order x1.")
hankel2 = _of_order("hankel2", "Hankel's function J - iY of order x1.")
jv.defvjp(no_rule("jv", "v"), lambda g, _y, v, x: g * (jv(v - 1, x) - jv(v + 1, x)) / 2)
yv.defvjp(no_rule("yv", "v"), lambda g, _y, v, x: times(g, (yv(v - 1, x) - yv(v + 1, x)) / 2))
yn.defvjp(no_rule("yn", "n"), lambda g, _y, n, x: times(g, (yn(n - 1, x) - yn(n + 1, x)) / 2))
hankel1.defvjp(no_rule("hankel1", "v"), lambda g, _y, v, x: g * (hankel1(v - 1, x) - hankel1(v + 1, x)) / 2)
hankel2.defvjp(no_rule("hankel2", "v"), lambda g, _y, v, x: g * (hankel2(v - 1, x) - hankel2(v + 1, x)) / 2)
jn = jv

j0 = of_scipy("j0", "The Bessel function J of order 0.")
j1 = of_scipy("j1", "The Bessel function J of order 1.")
y0 = of_scipy("y0", "The Bessel function Y of order 0.")
y1 = of_scipy("y1", "The Bessel function Y of order 1.")
j0.defvjp(lambda g, _y, x: -g * j1(x))
j1.defvjp(lambda g, _y, x: g * (j0(x) - jv(2, x)) / 2)
y0.defvjp(lambda g, _y, x: times(g, -y1(x)))
y1.defvjp(lambda g, _y, x: times(g, (y0(x) - yv(2, x)) / 2))

iv = _of_order("iv", "The modified Bessel function of the first kind, I, of order x1.")
kv = _of_order("kv", "The modified Bessel function of the second kind, K, of order x1.")
kn = _of_order("kn", "The modified Bessel function of the second kind, K, of integer order x1.")
iv.defvjp(no_rule("iv", "v"), lambda g, _y, v, x: g * (iv(v - 1, x) + iv(v + 1, x)) / 2)
kv.defvjp(no_rule("kv", "v"), lambda g, _y, v, x: times(g, (kv(v - 1, x) + kv(v + 1, x)) / -2))
kn.defvjp(no_rule("kn", "n"), lambda g, _y, n, x: times(g, (kn(n - 1, x) + kn(n + 1, x)) / -2))

i1 = of_scipy("i1", "The modified Bessel function I of order 1.")
k0 = of_scipy("k0", "The modified Bessel function K of order 0.")
k1 = of_scipy("k1", "The modified Bessel function K of order 1.")
i1.defvjp(lambda g, _y, x: g * (i0(x) + iv(2, x)) / 2)
k0.defvjp(lambda g, _y, x: times(g, -k1(x)))
k1.defvjp(lambda g, _y, x: times(g, (k0(x) + kv(2, x)) / -2))

ive = _of_order("ive", "iv(x1, x2) exp(-|Re x2|), without overflow.")
kve = _of_order("kve", "kv(x1, x2) exp(x2), without underflow.")
i0e = of_scipy("i0e", "i0(x) exp(-|x|), without overflow.")
i1e = of_scipy("i1e", "i1(x) exp(-|x|), without overflow.")
k0e = of_scipy("k0e", "k0(x) exp(x), without underflow.")
k1e = of_scipy("k1e", "k1(x) exp(x), without underflow.")


def _ive_rule(g: Any, y: Any, v: Any, x: Any) -> Any:
    if x.dtype.kind == "c":
        raise DTypeError("ive: exp(-|Re x|) has no complex derivative; use iv, or a real x")
    return g * ((ive(v - 1, x) + ive(v + 1, x)) / 2 - sign(x) * y)


ive.defvjp(no_rule("ive", "v"), _ive_rule)
kve.defvjp(no_rule("kve", "v"), lambda g, y, v, x: times(g, y - (kve(v - 1, x) + kve(v + 1, x)) / 2))
# not I(1) - I(0), which cancels for large x: exp(-|x|) I(0) is a Kummer function (DLMF 10.39.5), and I(1) = I(0)'
i0e.defvjp(lambda g, _y, x: -g * sign(x) * hyp1f1(1.5, 2, -2 * absolute(x)))
i1e.defvjp(lambda g, _y, x: g * (1.5 * hyp1f1(2.5, 3, -2 * absolute(x)) - hyp1f1(1.5, 2, -2 * absolute(x))))
k0e.defvjp(lambda g, y, x: times(g, y - k1e(x)))
k1e.defvjp(lambda g, y, x: times(g, y - (k0e(x) + kve(2, x)) / 2))


@elementwise
def _airy(x: Any, output: int = 0) -> Any:
    return scipys("airy")(x)[output]


def _airy_rule(g: Any, _y: Any, x: Any, output: int) -> Any:
    """Ai'' = x Ai and Bi'' = x Bi (DLMF 9.2.1); Ai' and Bi' are the outputs after Ai and Bi."""
    return g * _airy(x, output + 1) if output in (0, 2) else g * x * _airy(x, output - 1)


_airy.defvjp(_airy_rule)


def airy(x: Any) -> tuple[Any, ...]:
    """Airy's functions Ai, Ai', Bi and Bi'."""
    return tuple(_airy(x, output=i) for i in range(4))
