"""What NumPy has no function for, or none that takes complex numbers: other routes to the same values."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.special


def quotient(x1: Any, x2: Any) -> Any:
    return np.divide(x1, x2)


def gap(x: Any, y: Any) -> Any:
    return np.subtract(x, y)


def fraction(x: Any) -> Any:
    return x - np.fix(x)


def whole(x: Any) -> Any:
    return np.fix(x)


def relu(x: Any) -> Any:
    return (x + np.abs(x)) / 2


def relu6(x: Any) -> Any:
    return np.clip(x, 0, 6)


def leaky_relu(x: Any, negative_slope: float) -> Any:
    return np.maximum(x, 0) + negative_slope * np.minimum(x, 0)


def elu(x: Any, alpha: float) -> Any:
    return np.maximum(x, 0) + alpha * np.expm1(np.minimum(x, 0))


def sigmoid(x: Any) -> Any:
    return (np.tanh(x / 2) + 1) / 2


def logaddexp(x1: Any, x2: Any) -> Any:
    return np.log(np.exp(x1) + np.exp(x2))


def logaddexp2(x1: Any, x2: Any) -> Any:
    return np.log2(np.exp2(x1) + np.exp2(x2))


def cbrt(x: Any) -> Any:
    side = np.sign(x.real)
    return side * (side * x) ** (1 / 3)


def hypot(x1: Any, x2: Any) -> Any:
    return np.sqrt(x1 * x1 + x2 * x2)


def arctan2(x1: Any, x2: Any) -> Any:
    return np.arctan(x1 / x2)  # but for a constant


def degrees(x: Any) -> Any:
    return x / np.pi * 180


def radians(x: Any) -> Any:
    return x / 180 * np.pi


def sinc(x: Any) -> Any:
    return np.sin(np.pi * x) / (np.pi * x)


def sinc_derivative(x: Any, order: int) -> Any:
    """sinc x = ∫ cos(πxt) dt from 0 to 1, differentiated under the integral, by Gauss's quadrature."""
    nodes, weights = np.polynomial.legendre.leggauss(60)
    t, w = (nodes + 1) / 2, weights / 2
    wide = np.asarray(x, np.result_type(x, np.float64))[..., None]
    terms = (np.pi * t) ** order * np.cos(np.pi * wide * t + order * np.pi / 2)
    return np.asarray((terms * w).sum(axis=-1), x.dtype)


def i0(x: Any) -> Any:
    """The mean of exp(x cos t) over a turn."""
    return np.exp(np.multiply.outer(x, np.cos(np.arange(32) * np.pi / 16))).mean(axis=-1)


def gammainc_by_shape(a: Any, x: Any) -> Any:
    """∂P(a, x) / ∂a = ∫ (ln t - ψ(a)) t^(a-1) e^-t dt / Γ(a) from 0 to x, with t = x exp(-v)."""
    nodes, weights = np.polynomial.legendre.leggauss(100)
    v, w = 20 * (nodes + 1), 20 * weights
    a, wide = np.asarray(a, np.float64)[..., None], np.asarray(x, np.float64)[..., None]
    a, wide = np.broadcast_arrays(a, wide)
    log_t = np.log(wide) - v
    terms = (log_t - scipy.special.psi(a)) * np.exp(a * log_t - np.exp(log_t) - scipy.special.gammaln(a))
    return (terms * w).sum(axis=-1).astype(np.result_type(a, x))


def faddeeva_derivative(x: Any, function: str, order: int) -> Any:
    """erfcx x = 2/√π ∫ exp(-t² - 2xt) dt, wofz x = erfcx(-ix), dawsn x = ∫ exp(-t²) sin(2xt) dt, from 0 to ∞."""
    nodes, weights = np.polynomial.legendre.leggauss(120)
    t, w = 4.5 * (nodes + 1), 4.5 * weights * np.exp(-((4.5 * (nodes + 1)) ** 2))
    x = np.asarray(x)[..., None]
    wide = x.astype(np.result_type(x, np.float64))
    if function == "dawsn":
        terms = (2 * t) ** order * np.sin(2 * wide * t + order * np.pi / 2)
    else:
        turn = -1j if function == "wofz" else 1
        terms = 2 / np.sqrt(np.pi) * (-2 * t * turn) ** order * np.exp(-2 * wide * turn * t)
    return (terms * w).sum(axis=-1).astype(np.result_type(x, np.complex64 if function == "wofz" else np.float32))


def converted(x: Any, dtype: Any) -> Any:
    return np.asarray(x, dtype)


def padded(x: Any, widths: Any, constant_values: Any) -> Any:
    y = np.full([before + size + after for size, (before, after) in zip(x.shape, widths, strict=True)], constant_values)
    y = y.astype(x.dtype)
    y[tuple(slice(before, before + size) for size, (before, _) in zip(x.shape, widths, strict=True))] = x
    return y


def logsumexp(x: Any, axis: Any, keepdims: bool) -> Any:
    return np.log(np.sum(np.exp(x), axis, keepdims=keepdims))


def length(x: Any, axis: Any) -> Any:
    return np.sqrt((np.abs(x) ** 2).sum(axis=axis, keepdims=True))


def softmax(x: Any, axis: Any) -> Any:
    return np.exp(x) / np.sum(np.exp(x), axis, keepdims=True)


def log_softmax(x: Any, axis: Any) -> Any:
    return x - np.log(np.sum(np.exp(x), axis, keepdims=True))


def softmax_cross_entropy(x: Any, labels: Any, reduction: str = "none") -> Any:
    losses = np.log(np.exp(x).sum(axis=1)) - np.take_along_axis(x, labels[:, None], 1)[:, 0]
    return losses if reduction == "none" else losses.mean() if reduction == "mean" else losses.sum()


def excess(x: Any, labels: Any) -> Any:
    return softmax(x, 1) - (labels[:, None] == np.arange(x.shape[1]))


def gate(x: Any, y: Any) -> Any:
    return x * (y > 0)


def getitem(x: Any, index: Any) -> Any:
    return np.asarray(x[index])


def scatter_add(values: Any, index: Any, shape: tuple[int, ...]) -> Any:
    y = np.zeros(shape, values.dtype)
    np.add.at(y, index, values)
    return y


def written(x: Any, value: Any, place: Any) -> Any:
    y = np.array(x)
    y[place.index] = value
    return y


def concatenate(*arrays: Any, axis: int, ends: tuple[int, ...]) -> Any:
    return np.concatenate(arrays, axis)


def linear(x: Any, weight: Any, bias: Any) -> Any:
    return linear_without_bias(x, weight) + bias


def linear_without_bias(x: Any, weight: Any) -> Any:
    return np.einsum("...i,oi->...o", x, weight)


def einsum(*arrays: Any, terms: tuple[str, ...], output: str, optimize: Any) -> Any:
    return np.einsum(",".join(terms) + "->" + output, *arrays)


def selu(x: Any) -> Any:
    return 1.0507009873554805 * (np.maximum(x, 0) + 1.6732632423543772 * np.expm1(np.minimum(x, 0)))


def softplus(x: Any) -> Any:
    return np.log1p(np.exp(x))
