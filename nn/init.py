"""Initialisers: each fills a parameter in place and returns it. Names and formulas are PyTorch's.

A weight's fan is the number of elements that one output sums over (fan_in), or that one input goes to (fan_out):
`(out, in)` for a linear layer, `(out, in, *kernel)` for a convolution.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from difflib import get_close_matches
from inspect import signature
from typing import Any, Protocol, TypeVar

import numpy as np

from ..autograd.errors import ShapeError
from ..autograd.tensor import Tensor
from .random import generator

__all__ = [
    "SCHEMES", "calculate_gain", "constant_", "dirac_", "eye_", "initialize_", "kaiming_normal_", "kaiming_uniform_",
    "lecun_normal_", "lecun_uniform_", "normal_", "ones_", "orthogonal_", "trunc_normal_", "uniform_", "xavier_normal_",
    "xavier_uniform_", "zeros_",
]  # fmt: skip

T = TypeVar("T", bound=Tensor)


class _Named(Protocol):
    def named_parameters(self) -> Iterator[tuple[str, Tensor]]: ...


M = TypeVar("M", bound=_Named)


def constant_(tensor: T, value: float) -> T:
    """Every element set to a value."""
    tensor.data = np.full(tensor.shape, value, tensor.dtype)
    return tensor


def zeros_(tensor: T) -> T:
    """Every element set to 0."""
    return constant_(tensor, 0.0)


def ones_(tensor: T) -> T:
    """Every element set to 1."""
    return constant_(tensor, 1.0)


def uniform_(tensor: T, low: float = 0.0, high: float = 1.0, *, rng: np.random.Generator | None = None) -> T:
    """Elements uniform in [low, high)."""
    tensor.data = (rng or generator()).uniform(low, high, tensor.shape)
    return tensor


def normal_(tensor: T, mean: float = 0.0, std: float = 1.0, *, rng: np.random.Generator | None = None) -> T:
    """Elements normal with this mean and standard deviation."""
    tensor.data = (rng or generator()).normal(mean, std, tensor.shape)
    return tensor


def xavier_uniform_(tensor: T, gain: float = 1.0, *, rng: np.random.Generator | None = None) -> T:
    """Uniform in ±gain √(6 / (fan_in + fan_out)). (Glorot and Bengio, 2010)"""
    bound = gain * math.sqrt(6 / sum(_fans(tensor)))
    return uniform_(tensor, -bound, bound, rng=rng)


def xavier_normal_(tensor: T, gain: float = 1.0, *, rng: np.random.Generator | None = None) -> T:
    """Normal with standard deviation gain √(2 / (fan_in + fan_out)). (Glorot and Bengio, 2010)"""
    return normal_(tensor, 0, gain * math.sqrt(2 / sum(_fans(tensor))), rng=rng)


def kaiming_uniform_(
    tensor: T, a: float = 0.0, mode: str = "fan_in", nonlinearity: str = "leaky_relu",
    *, rng: np.random.Generator | None = None,
) -> T:  # fmt: skip
    """Uniform in ±gain √(3 / fan), the gain being that of `nonlinearity`. (He et al., 2015)"""
    bound = calculate_gain(nonlinearity, a) * math.sqrt(3 / _fan(tensor, mode))
    return uniform_(tensor, -bound, bound, rng=rng)


def kaiming_normal_(
    tensor: T, a: float = 0.0, mode: str = "fan_in", nonlinearity: str = "leaky_relu",
    *, rng: np.random.Generator | None = None,
) -> T:  # fmt: skip
    """Normal with standard deviation gain / √fan, the gain being that of `nonlinearity`. (He et al., 2015)"""
    return normal_(tensor, 0, calculate_gain(nonlinearity, a) / math.sqrt(_fan(tensor, mode)), rng=rng)


def lecun_uniform_(tensor: T, *, rng: np.random.Generator | None = None) -> T:
    """Uniform in ±√(3 / fan_in). (LeCun et al., Efficient BackProp, 1998)"""
    bound = math.sqrt(3 / _fan(tensor, "fan_in"))
    return uniform_(tensor, -bound, bound, rng=rng)


def lecun_normal_(tensor: T, *, rng: np.random.Generator | None = None) -> T:
    """Normal with standard deviation 1 / √fan_in, as SELU wants it. (LeCun et al., Efficient BackProp, 1998)"""
    return normal_(tensor, 0, math.sqrt(1 / _fan(tensor, "fan_in")), rng=rng)


def trunc_normal_(
    tensor: T, mean: float = 0.0, std: float = 1.0, a: float = -2.0, b: float = 2.0,
    *, rng: np.random.Generator | None = None,
) -> T:  # fmt: skip
    """Normal elements, drawn again where they lie outside [a, b], which are values and not multiples of std.

    Raises:
        ValueError: a >= b, or the interval holds less than one in 10,000 normal numbers.
    """
    if a >= b:
        raise ValueError(f"trunc_normal_: expected a < b, got a={a} and b={b}")
    low, high = ((bound - mean) / (std * math.sqrt(2)) for bound in (a, b))
    if (math.erf(high) - math.erf(low)) / 2 < 1e-4:
        raise ValueError(f"trunc_normal_: hardly any number with mean {mean} and std {std} lies in [{a}, {b}]")
    rng = rng or generator()
    drawn = rng.normal(mean, std, tensor.shape)
    while (outside := (drawn < a) | (drawn > b)).any():
        drawn[outside] = rng.normal(mean, std, np.count_nonzero(outside))
    tensor.data = drawn
    return tensor


def orthogonal_(tensor: T, gain: float = 1.0, *, rng: np.random.Generator | None = None) -> T:
    """A random matrix with orthonormal rows, or columns if those are fewer, times gain; later axes count as columns.

    Saxe et al., Exact solutions to the nonlinear dynamics of learning, 2013.

    Raises:
        ShapeError: fewer than two axes.
    """
    if tensor.ndim < 2:
        raise ShapeError(f"orthogonal_: expected two axes or more, got {tensor.shape}")
    rows, columns = tensor.shape[0], math.prod(tensor.shape[1:])
    q, r = np.linalg.qr((rng or generator()).normal(size=(max(rows, columns), min(rows, columns))))
    q = q * np.sign(np.diag(r))  # else q would favour some directions (Mezzadri, 2007)
    tensor.data = gain * (q.T if rows < columns else q).reshape(tensor.shape)
    return tensor


def eye_(tensor: T) -> T:
    """The identity: a linear layer that returns what it is given.

    Raises:
        ShapeError: not a matrix.
    """
    if tensor.ndim != 2:
        raise ShapeError(f"eye_: expected a matrix, got {tensor.shape}")
    tensor.data = np.eye(tensor.shape[0], tensor.shape[1])
    return tensor


def dirac_(tensor: T, groups: int = 1) -> T:
    """A convolution (out, in, *kernel) that passes its channels on: 1 in the middle of the kernel of its own channel.

    Raises:
        ShapeError: not 3 to 5 axes.
        ValueError: groups do not divide the output channels.
    """
    if tensor.ndim not in (3, 4, 5):
        raise ShapeError(f"dirac_: expected the weight of a convolution, with 3 to 5 axes, got {tensor.shape}")
    out, channels, *kernel = tensor.shape
    if out % groups:
        raise ValueError(f"dirac_: {groups} groups do not divide {out} output channels")
    values = np.zeros(tensor.shape)
    for i in range(out):
        if i % (out // groups) < channels:
            values[(i, i % (out // groups), *(size // 2 for size in kernel))] = 1
    tensor.data = values
    return tensor


def calculate_gain(nonlinearity: str, param: float = 0.01) -> float:
    """By how much a layer's weights must be larger for the variance to survive the nonlinearity; param is a slope."""
    gains = {
        "linear": 1.0, "sigmoid": 1.0, "tanh": 5 / 3, "relu": math.sqrt(2), "selu": 0.75,
        "leaky_relu": math.sqrt(2 / (1 + param**2)),
    }  # fmt: skip
    if nonlinearity not in gains:
        raise ValueError(f"calculate_gain: no nonlinearity {nonlinearity!r}; there are {', '.join(gains)}")
    return gains[nonlinearity]


def _fans(tensor: Tensor) -> tuple[int, int]:
    if tensor.ndim < 2:
        raise ShapeError(
            f"init: fan-in and fan-out need a weight of 2 axes or more, (out, in, ...); got {tensor.shape}"
        )
    receptive = math.prod(tensor.shape[2:])
    return tensor.shape[1] * receptive, tensor.shape[0] * receptive


def _fan(tensor: Tensor, mode: str) -> int:
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f"init: mode must be 'fan_in' or 'fan_out', got {mode!r}")
    return _fans(tensor)[mode == "fan_out"]


SCHEMES = {
    "constant": constant_, "dirac": dirac_, "eye": eye_, "glorot_normal": xavier_normal_,
    "glorot_uniform": xavier_uniform_, "he_normal": kaiming_normal_, "he_uniform": kaiming_uniform_,
    "kaiming_normal": kaiming_normal_, "kaiming_uniform": kaiming_uniform_, "lecun_normal": lecun_normal_,
    "lecun_uniform": lecun_uniform_, "normal": normal_, "ones": ones_, "orthogonal": orthogonal_,
    "trunc_normal": trunc_normal_, "uniform": uniform_, "xavier_normal": xavier_normal_,
    "xavier_uniform": xavier_uniform_, "zeros": zeros_,
}  # fmt: skip
"""Every initialiser by its name, Keras's names for those of Glorot and He among them."""


def initialize_(module: M, scheme: str, *, seed: int | None = None, **options: Any) -> M:
    """Set every weight of a module, which has two axes or more, by a scheme of `SCHEMES`, and every bias to 0.

    Args:
        module: anything with `named_parameters()`. Other vectors than those named `bias` stay as they are.
        scheme: its name.
        seed: the same seed gives the same weights; None draws from `nn.generator()`.
        options: further arguments of the initialiser, such as `gain`.

    Raises:
        ValueError: no such scheme; the text names the nearest.
    """
    if scheme not in SCHEMES:
        near = get_close_matches(scheme, SCHEMES, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(SCHEMES)}"
        raise ValueError(f"initialize_: no scheme {scheme!r}; {hint}")
    fill: Any = SCHEMES[scheme]
    if "rng" in signature(fill).parameters:
        options["rng"] = generator() if seed is None else np.random.Generator(np.random.PCG64(seed))
    for name, parameter in module.named_parameters():
        if parameter.ndim >= 2:
            fill(parameter, **options)
        elif name.rpartition(".")[2].startswith("bias"):
            zeros_(parameter)
    return module
