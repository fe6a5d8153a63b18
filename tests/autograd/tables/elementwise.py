"""Functions that work element by element."""

from __future__ import annotations

import numpy as np
import scipy.special
from hypothesis import strategies as st

from tapegrad.autograd.testing import strategies as draw
from tapegrad.autograd.testing.strategies import INSIDE, NONZERO, POSITIVE, REAL, Domain

from .. import arguments, references
from .calls import Calls, call
from .record import Case, each

OFF_INTEGERS = Domain(-3, 3, away_from=range(-3, 4), gap=0.3)
NEAR_INTEGERS = Domain(-3, 3, away_from=[n + 0.5 for n in range(-4, 4)], gap=0.3)
NEAR_ONE = Domain(0.98, 1.02)
NEAR_THREE = Domain(2.5, 3.5)  # between powers of two
NEAR_MINUS_ONE = Domain(-1.1, -0.9)

CASES: dict[str, Case] = {
    # arithmetic
    "add": each(np.add, REAL, REAL, complex=True, analytic=True),
    "subtract": each(np.subtract, REAL, REAL, complex=True, analytic=True),
    "multiply": each(np.multiply, REAL, REAL, complex=True, analytic=True),
    "divide": each(np.divide, REAL, NONZERO, complex=True, analytic=True),
    "quotient": each(references.quotient, REAL, NONZERO, complex=True, analytic=np.divide),
    "negative": each(np.negative, REAL, complex=True, analytic=True),
    "positive": each(np.positive, REAL, complex=True, analytic=True),
    "reciprocal": each(np.reciprocal, NONZERO, complex=True, analytic=True),
    "floor": each(np.floor, OFF_INTEGERS),
    "ceil": each(np.ceil, OFF_INTEGERS),
    "trunc": each(np.trunc, OFF_INTEGERS),
    "rint": each(np.rint, NEAR_INTEGERS),
    "round": each(
        np.round, NEAR_INTEGERS, complex=True, params=st.fixed_dictionaries({"decimals": st.sampled_from((0, -1))})
    ),
    "remainder": each(np.remainder, OFF_INTEGERS, NEAR_ONE),
    "fmod": each(np.fmod, OFF_INTEGERS, NEAR_ONE),
    "floor_divide": each(np.floor_divide, OFF_INTEGERS, NEAR_ONE),
    "spacing": each(np.spacing, NEAR_THREE),
    "nextafter": each(np.nextafter, REAL, REAL),
    "fraction": each(references.fraction, OFF_INTEGERS),
    "whole": each(references.whole, OFF_INTEGERS),
    "ldexp": Case(np.ldexp, arguments.with_exponents(), numpy=np.ldexp),
    # complex numbers
    "real": each(np.real, REAL, complex=True),
    "imag": each(np.imag, REAL, complex=True),
    "conjugate": each(np.conjugate, REAL, complex=True),
    "sign": each(np.sign, NONZERO, complex=True),
    "absolute": each(np.absolute, NONZERO, complex=True),
    "fabs": each(np.fabs, NONZERO),
    "angle": each(np.angle, NONZERO, complex=True, params=st.fixed_dictionaries({"deg": st.booleans()})),
    # selecting
    "where": Case(np.where, arguments.where(), numpy=np.where),
    "maximum": each(np.maximum, OFF_INTEGERS, NEAR_INTEGERS),
    "minimum": each(np.minimum, OFF_INTEGERS, NEAR_INTEGERS),
    "fmax": each(np.fmax, OFF_INTEGERS, NEAR_INTEGERS),
    "fmin": each(np.fmin, OFF_INTEGERS, NEAR_INTEGERS),
    "copysign": each(np.copysign, NONZERO, NONZERO),
    "heaviside": each(np.heaviside, NONZERO, REAL),
    # rectifiers
    "relu": each(references.relu, NONZERO),
    "gate": each(references.gate, REAL, NONZERO),
    "relu6": each(references.relu6, Domain(-3, 9, (0, 6))),
    "leaky_relu": each(
        references.leaky_relu, NONZERO, params=st.fixed_dictionaries({"negative_slope": st.sampled_from((0.01, 0.3))})
    ),
    "elu": each(references.elu, NONZERO, params=st.fixed_dictionaries({"alpha": st.sampled_from((1.0, 0.5))})),
    "normal_cdf": each(scipy.special.ndtr, REAL, analytic=True),
    # exponential
    "exp": each(np.exp, REAL, complex=True, analytic=True),
    "exp2": each(np.exp2, REAL, complex=True, analytic=True),
    "expm1": each(np.expm1, REAL, complex=True, analytic=True),
    "log": each(np.log, POSITIVE, complex=True, analytic=True),
    "log2": each(np.log2, POSITIVE, complex=True, analytic=True),
    "log10": each(np.log10, POSITIVE, complex=True, analytic=True),
    "log1p": each(np.log1p, Domain(-0.8, 3), complex=True, analytic=True),
    "sigmoid": each(references.sigmoid, REAL, analytic=True),
    "gap": each(references.gap, REAL, REAL, analytic=True),
    "logaddexp": each(np.logaddexp, REAL, REAL, analytic=references.logaddexp),
    "logaddexp2": each(np.logaddexp2, REAL, REAL, analytic=references.logaddexp2),
    # powers
    "square": each(np.square, REAL, complex=True, analytic=True),
    "sqrt": each(np.sqrt, POSITIVE, complex=True, analytic=True),
    "cbrt": each(np.cbrt, NONZERO, analytic=references.cbrt),
    "hypot": each(np.hypot, NONZERO, NONZERO, analytic=references.hypot),
    "power": each(np.power, POSITIVE, REAL, complex=True, analytic=True),
    # bessel
    "i0": each(np.i0, REAL, analytic=references.i0),
    # trigonometric
    "sin": each(np.sin, REAL, complex=True, analytic=True),
    "cos": each(np.cos, REAL, complex=True, analytic=True),
    "tan": each(np.tan, Domain(-1.2, 1.2), complex=True, analytic=True),
    "arcsin": each(np.arcsin, INSIDE, complex=True, analytic=True),
    "arccos": each(np.arccos, INSIDE, complex=True, analytic=True),
    "arctan": each(np.arctan, INSIDE, complex=True, analytic=True),
    "arctan2": each(np.arctan2, NONZERO, NONZERO, analytic=references.arctan2),
    "sinh": each(np.sinh, REAL, complex=True, analytic=True),
    "cosh": each(np.cosh, REAL, complex=True, analytic=True),
    "tanh": each(np.tanh, Domain(-1.2, 1.2), complex=True, analytic=True),
    "arcsinh": each(np.arcsinh, INSIDE, complex=True, analytic=True),
    "arccosh": each(np.arccosh, Domain(1.1, 3), complex=True, analytic=True),
    "arctanh": each(np.arctanh, INSIDE, complex=True, analytic=True),
    "degrees": each(np.degrees, REAL, analytic=references.degrees),
    "radians": each(np.radians, REAL, analytic=references.radians),
    "unwrap": Case(np.unwrap, arguments.angles(), numpy=np.unwrap),
    "sinc": each(np.sinc, REAL, analytic=references.sinc),
    "sinc_derivative": each(
        references.sinc_derivative, Domain(-1.5, 1.5), params=st.fixed_dictionaries({"order": st.integers(1, 2)})
    ),
}

COMPOSITIONS: dict[str, Calls] = {
    # arithmetic, complex numbers
    "divmod": draw.broadcasting_arrays(OFF_INTEGERS, NEAR_ONE).map(lambda xs: (xs, {})),
    "modf": call(draw.arrays(domain=OFF_INTEGERS)),
    "real_if_close": call(draw.arrays(dtype=draw.dtypes(complex=True), domain=NONZERO)),
    # selecting
    "where": draw.broadcasting_arrays(REAL, REAL, REAL).map(lambda xs: ((xs[0] > 0, *xs[1:]), {})),
    "clip": st.one_of(
        call(draw.arrays(domain=Domain(-3, 3, (-1, 2))), st.just(-1), st.just(2.0)),
        call(draw.arrays(domain=Domain(-3, 3, (-1,))), st.just(-1), st.none()),
        call(draw.arrays(domain=Domain(-3, 3, (2,))), min=st.none(), max=st.just(2)),
        draw.broadcasting_arrays(Domain(-3, 3, (-1, 1), 0.2), NEAR_MINUS_ONE, NEAR_ONE).map(lambda xs: (xs, {})),
    ),
    "nan_to_num": st.one_of(
        call(draw.arrays()),
        call(draw.tied_arrays(values=(1.5, np.nan, np.inf, -np.inf)), nan=st.just(0.5), posinf=st.just(7.0)),
    ),
    "choose": draw.broadcasting_arrays(REAL, REAL, REAL).map(lambda xs: (((xs[0] > 0).astype(int), [*xs[1:]]), {})),
    "select": draw.broadcasting_arrays(REAL, REAL, REAL).map(
        lambda xs: (([xs[0] > 1, xs[1] > 1], [xs[2], xs[1]]), {"default": 0.5})
    ),
    "piecewise": draw.arrays(domain=Domain(-3, 3, (-1, 1))).map(
        lambda x: ((x, [x > 1, x < -1], [np.square, np.negative, 0.5]), {})
    ),
    # rectifiers, exponential, powers
    "selu": call(draw.arrays(domain=draw.NONZERO)),
    "softplus": call(draw.arrays()),
    "float_power": draw.broadcasting_arrays(POSITIVE, REAL).map(lambda xs: (xs, {})),
}
