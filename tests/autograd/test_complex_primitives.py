"""Every primitive that takes complex numbers against differences by both of their parts, from references alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from numpy.typing import NDArray

from tapegrad import tensor
from tapegrad.autograd import pullback

from .tables import CASES
from .test_primitives import ENGINE

few = settings(max_examples=max(settings().max_examples // 10, 4))

# Those for which a refusal of complex numbers would be a loss; of the others, whatever takes them must be right too.
MUST_TAKE = {
    "absolute", "add", "angle", "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctanh", "broadcast_to",
    "concatenate", "conjugate", "copy", "cos", "cosh", "cumsum", "divide", "einsum", "exp", "exp2", "expm1", "fft",
    "getitem", "hfft", "ifft", "imag", "log", "log10", "log1p", "log2", "matmul", "mean", "multiply", "negative",
    "positive", "power", "quotient", "real", "reciprocal", "reshape", "scatter_add", "sign", "sin", "sinh", "sqrt",
    "square", "std", "subtract", "sum", "tan", "tanh", "transpose", "var", "where",
    "airy", "dawsn", "erf", "erfc", "erfcx", "erfi", "exp1", "expi", "fresnel", "gamma", "hankel1", "hankel2", "hyp0f1",
    "hyp1f1", "hyp2f1", "iv", "jv", "kv", "kve", "lambertw", "loggamma", "ndtr", "rgamma", "shichi", "sici", "spence",
    "spherical", "wofz", "wrightomega", "xlog1py", "xlogy", "yv",
}  # fmt: skip

# What a complex argument does not make sense for, or what is not determined by it.
EXEMPT = {
    "cholesky",  # of Hermitian matrices, which these are not
    "complement", "eig", "eigh", "svd",  # up to a phase; ops/linalg/ asks for what does not depend on it
    "converted",  # to a real dtype: NumPy warns that it loses the imaginary part
    "relu",  # NumPy orders complex numbers by their real parts, and so does relu
}  # fmt: skip


def by_differences(loss: Callable[..., float], arrays: list[Any], i: int) -> NDArray[Any]:
    """dL/dRe + i dL/dIm of one array, element by element: two five-point differences."""
    gradient = np.zeros(arrays[i].shape, np.complex128)
    for position in np.ndindex(gradient.shape):
        for unit in (1, 1j):

            def moved(step: float, position: Any = position, unit: complex = unit) -> float:
                x = arrays[i].copy()
                x[position] += step * unit
                return loss(*(x if j == i else other for j, other in enumerate(arrays)))

            h = 2.0**-13
            slope = (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h)
            gradient[position] += unit * slope
    return gradient


@pytest.mark.parametrize("name", [name for name in CASES if name not in EXEMPT])
@given(st.data())
@few
def test_gradients_by_both_parts(name: str, data: st.DataObject) -> None:
    """The reference moved along both parts of every element, for whatever takes complex numbers."""
    arrays, params = data.draw(CASES[name].drawn)
    rng = np.random.default_rng(0)
    inexact = [i for i, x in enumerate(arrays) if np.asarray(x).dtype.kind in "fc"]
    for i in inexact:  # off the real axis, where many have their cuts
        arrays = (
            *arrays[:i],
            np.asarray(np.real(arrays[i]) + 1j * rng.uniform(0.2, 0.5, np.shape(arrays[i]))),
            *arrays[i + 1 :],
        )
    if sum(np.size(arrays[i]) for i in inexact) > 40:
        return
    xs = [tensor(x, requires_grad=True) if i in inexact else x for i, x in enumerate(arrays)]
    try:
        y = ENGINE[name](*xs, **params)
        v = rng.normal(size=y.shape) + 1j * rng.normal(size=y.shape)
        v = np.asarray(v if y.dtype.kind == "c" else v.real, y.dtype)
        gradients = pullback([y], [xs[i] for i in inexact], [v])
    except TypeError:
        assert name not in MUST_TAKE
        return
    assert y.dtype == np.asarray(CASES[name].reference(*arrays, **params)).dtype

    def loss(*moved: Any) -> float:
        return float(np.vdot(v, CASES[name].reference(*moved, **params)).real)

    for i, gradient in zip(inexact, gradients, strict=True):
        expected = by_differences(loss, list(arrays), i)
        np.testing.assert_allclose(
            gradient.numpy(), expected, rtol=1e-6, atol=1e-6 * (1 + np.abs(expected).max(initial=0))
        )
