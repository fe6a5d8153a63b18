"""Elementary functions that SciPy has beside NumPy's: logistic ones, products with logarithms, angles in degrees."""

from __future__ import annotations

import math

from ..arithmetic import quotient
from ..exponential import exp2 as exp2, expm1 as expm1, log, log1p as log1p
from ..powers import cbrt as cbrt
from ..selecting import where
from ..trigonometric import sin, sinc as sinc
from .scipys import of_scipy

__all__ = [
    "cbrt", "cosdg", "cosm1", "cotdg", "exp10", "exp2", "expit", "expm1", "log1p", "log_expit", "logit", "powm1",
    "radian", "sinc", "sindg", "tandg", "xlog1py", "xlogy",
]  # fmt: skip

_LN10 = math.log(10)
_DEGREE = math.pi / 180

exp10 = of_scipy("exp10", "10ˣ.")
exp10.defvjp(lambda g, y, _x: g * (y * _LN10))

cosm1 = of_scipy("cosm1", "cos x - 1, accurate near 0.")
cosm1.defvjp(lambda g, _y, x: -g * sin(x))

powm1 = of_scipy("powm1", "x1 ** x2 - 1, accurate near 0. The derivative by x2 is 0 where x1 is 0.", 2)
powm1.defvjp(
    lambda g, _y, x1, x2: g * x2 * x1 ** (x2 - 1),
    lambda g, y, x1, _x2: g * (y + 1) * log(where(x1 == 0, 1, x1)),
)

expit = of_scipy("expit", "1 / (1 + e⁻ˣ).")
expit.defvjp(lambda g, y, x: g * y * expit(-x))  # 1 - y would lose what is left of it for large x

log_expit = of_scipy("log_expit", "ln(1 / (1 + e⁻ˣ)), without underflow.")
log_expit.defvjp(lambda g, _y, x: g * expit(-x))

logit = of_scipy("logit", "ln(x / (1 - x)), the inverse of expit.")
logit.defvjp(lambda g, _y, x: quotient(g, x * (1 - x)))

xlogy = of_scipy("xlogy", "x1 ln x2, and 0 where x1 is 0; its derivative where both are 0 is 0.", 2)
xlogy.defvjp(
    lambda g, _y, x1, x2: xlogy(g * ((x1 != 0) | (x2 != 0)), x2),  # a cotangent of 0 stays 0 through the pole
    lambda g, _y, x1, x2: quotient(g * x1, x2),
)

xlog1py = of_scipy("xlog1py", "x1 ln(1 + x2), and 0 where x1 is 0; its derivative where x1 = 0 and x2 = -1 is 0.", 2)
xlog1py.defvjp(
    lambda g, _y, x1, x2: xlog1py(g * ((x1 != 0) | (x2 != -1)), x2),
    lambda g, _y, x1, x2: quotient(g * x1, 1 + x2),
)

sindg = of_scipy("sindg", "The sine of an angle in degrees.")
cosdg = of_scipy("cosdg", "The cosine of an angle in degrees.")
sindg.defvjp(lambda g, _y, x: g * (cosdg(x) * _DEGREE))
cosdg.defvjp(lambda g, _y, x: -g * (sindg(x) * _DEGREE))

tandg = of_scipy("tandg", "The tangent of an angle in degrees.")
tandg.defvjp(lambda g, y, _x: g * ((1 + y * y) * _DEGREE))

cotdg = of_scipy("cotdg", "The cotangent of an angle in degrees.")
cotdg.defvjp(lambda g, y, _x: -g * ((1 + y * y) * _DEGREE))

radian = of_scipy("radian", "An angle of x1 degrees, x2 minutes and x3 seconds, in radians.", 3)
radian.defvjp(
    lambda g, _y, _x1, _x2, _x3: g * _DEGREE,
    lambda g, _y, _x1, _x2, _x3: g * (_DEGREE / 60),
    lambda g, _y, _x1, _x2, _x3: g * (_DEGREE / 3600),
)
