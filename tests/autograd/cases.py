"""One record for each primitive of the engine: how to draw what it takes, and what NumPy makes of it.

Where a primitive is special, as at kinks and poles, corners.py says what its gradient is.
test_primitives.py runs every record through every check, and fails for a primitive that has none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from hypothesis import strategies as st

from tapegrad.autograd.testing import strategies as draw
from tapegrad.autograd.testing.strategies import INSIDE, NONZERO, POSITIVE, REAL, Domain

from . import arguments, references, regions, windows
from .kernels.convolution import definitions
from .kernels.pooling import definitions as pooling

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


OFF_INTEGERS = Domain(-3, 3, away_from=range(-3, 4), gap=0.3)
NEAR_INTEGERS = Domain(-3, 3, away_from=[n + 0.5 for n in range(-4, 4)], gap=0.3)
NEAR_ONE = Domain(0.98, 1.02)
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
    # rectifiers
    "relu": each(references.relu, NONZERO),
    "gate": each(references.gate, REAL, NONZERO),
    "relu6": each(references.relu6, Domain(-3, 9, (0, 6))),
    "leaky_relu": each(
        references.leaky_relu, NONZERO, params=st.fixed_dictionaries({"negative_slope": st.sampled_from((0.01, 0.3))})
    ),
    "elu": each(references.elu, NONZERO, params=st.fixed_dictionaries({"alpha": st.sampled_from((1.0, 0.5))})),
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
    "sinc": each(np.sinc, REAL, analytic=references.sinc),
    "sinc_derivative": each(
        references.sinc_derivative, Domain(-1.5, 1.5), params=st.fixed_dictionaries({"order": st.integers(1, 2)})
    ),
    # shaping
    "reshape": Case(np.reshape, arguments.reshape(), numpy=np.reshape),
    "transpose": Case(np.transpose, arguments.transpose(), numpy=np.transpose),
    "broadcast_to": Case(np.broadcast_to, arguments.broadcast_to(), numpy=np.broadcast_to),
    "copy": Case(np.copy, arguments.copy(), numpy=np.copy),
    "converted": Case(references.converted, arguments.converted()),
    "padded": Case(references.padded, arguments.padded()),
    # reducing
    "sum": Case(np.sum, arguments.reduction(complex=True), numpy=np.sum),
    "mean": Case(np.mean, arguments.reduction(complex=True, min_side=1), numpy=np.mean),
    "var": Case(np.var, arguments.spread(), numpy=np.var),
    "std": Case(np.std, arguments.spread(), numpy=np.std),
    "max": Case(np.max, arguments.extremum(), numpy=np.max),
    "min": Case(np.min, arguments.extremum(), numpy=np.min),
    "cumsum": Case(np.cumsum, arguments.cumulative(), numpy=np.cumsum),
    "logsumexp": Case(references.logsumexp, arguments.reduction(min_side=1)),
    "softmax": Case(references.softmax, arguments.along_axis()),
    "log_softmax": Case(references.log_softmax, arguments.along_axis()),
    "softmax_cross_entropy": Case(references.softmax_cross_entropy, arguments.labelled(reductions=True)),
    "excess": Case(references.excess, arguments.labelled()),
    # indexing and joining
    "getitem": Case(references.getitem, arguments.getitem()),
    "scatter_add": Case(references.scatter_add, arguments.scatter_add()),
    "concatenate": Case(references.concatenate, arguments.concatenate()),
    # products
    "matmul": Case(np.matmul, arguments.matmul(), numpy=np.matmul),
    "linear": Case(references.linear, arguments.linear()),
    "linear_without_bias": Case(references.linear_without_bias, arguments.linear().map(lambda x: (x[0][:2], x[1]))),
    "einsum": Case(references.einsum, arguments.einsum()),
    # convolution and windows
    "convolution": Case(definitions.convolution, windows.convolution()),
    "convolution_without_bias": Case(definitions.convolution_without_bias, windows.convolution_without_bias()),
    "transposed_convolution": Case(definitions.transposed_convolution, windows.transposed_convolution()),
    "weight_gradient": Case(definitions.weight_gradient, windows.weight_gradient()),
    "unfold": Case(definitions.unfold, windows.unfold()),
    "fold": Case(definitions.fold, windows.fold()),
    # pooling and resizing
    "max_pool1d": Case(pooling.take, regions.taken(1)),
    "max_pool2d": Case(pooling.take, regions.taken(2)),
    "max_pool3d": Case(pooling.take, regions.taken(3)),
    "put_back": Case(pooling.put, regions.put_back()),
    "avg_pool1d": Case(pooling.mean, regions.averaged(1)),
    "avg_pool2d": Case(pooling.mean, regions.averaged(2)),
    "avg_pool3d": Case(pooling.mean, regions.averaged(3)),
    "region_sums": Case(pooling.sums, regions.summed()),
    "spread": Case(pooling.spread, regions.spread()),
    "interpolate": Case(pooling.resize, regions.interpolated()),
    "interpolate_adjoint": Case(pooling.resize_adjoint, regions.interpolated(back=True)),
}
