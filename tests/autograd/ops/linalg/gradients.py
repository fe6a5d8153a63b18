"""Gradients of functions of one matrix, and what tests of them are written with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tapegrad import autograd, tensor


def gradient(f: Callable[..., Any], a: NDArray[Any], seed: NDArray[Any] | None = None) -> NDArray[Any]:
    """The gradient of <seed, f(a)>."""
    t = tensor(a, requires_grad=True)
    f(t).backward(seed)
    assert t.grad is not None
    return t.grad.numpy()


def random(like: NDArray[Any]) -> NDArray[Any]:
    """Numbers of the same shape and dtype."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=like.shape)
    return np.asarray(x + 1j * rng.normal(size=like.shape) if like.dtype.kind == "c" else x).astype(like.dtype)


def mH(a: Any) -> Any:  # noqa: N802 - the array API's name
    """aᴴ of a tensor."""
    return autograd.conj(a.mT)


def symmetric(a: NDArray[Any]) -> NDArray[Any]:
    """a + aᴴ."""
    return np.asarray(a + a.conj().mT)


def folded(g: NDArray[Any], lower: bool) -> NDArray[Any]:
    """The gradient by the one triangle that is read, of a Hermitian gradient by all: most elements stand for two."""
    read = np.tril if lower else np.triu
    return np.asarray(read(2 * g) - np.eye(g.shape[-1]) * g)
