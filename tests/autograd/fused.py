"""What is computed in one kernel, and the same computed in three."""

from __future__ import annotations

from typing import Any

import numpy as np

from tapegrad.autograd import Tensor, conv2d, max_pool2d, pullback, relu
from tapegrad.autograd.graph import Node

Arrays = tuple[Tensor, Tensor, Tensor]
CHAIN = "convolution", "relu", "max_pool2d"


def drawn(shape: tuple[int, ...], kernel: tuple[int, ...], dtype: Any = np.float64, seed: int = 0) -> Arrays:
    """x, weight and bias, all tracked."""
    random = np.random.default_rng(seed)
    x, w, b = (random.standard_normal(s).astype(dtype) for s in (shape, kernel, kernel[:1]))
    return Tensor(x, requires_grad=True), Tensor(w, requires_grad=True), Tensor(b, requires_grad=True)


def kernel_of(y: Tensor) -> tuple[str, ...] | None:
    """The names of what was computed together with a tensor."""
    assert isinstance(y.node, Node)
    y.numpy()
    return getattr(y.node, "kernel", None)


def pooled_apart(x: Any, w: Any, b: Any, **options: Any) -> Tensor:
    """Each in a kernel of its own, for the results in between are held."""
    h = conv2d(x, w, b, **options)
    r = relu(h)
    y: Tensor = max_pool2d(r, 2)
    assert kernel_of(y) is None
    return y


def assert_same(one: Tensor, other: Tensor, arguments: Arrays, rtol: float = 1e-5) -> None:
    """Values and all gradients are equal, but for rounding."""
    rtol = rtol if one.dtype == np.float32 else 1e-12
    np.testing.assert_allclose(one.numpy(), other.numpy(), rtol, rtol, strict=True)
    g = np.random.default_rng(1).standard_normal(one.shape).astype(one.dtype)
    pairs = zip(pullback([one], arguments, [g]), pullback([other], arguments, [g]), strict=True)
    for ours, expected in pairs:
        np.testing.assert_allclose(ours.numpy(), expected.numpy(), rtol, rtol * np.abs(g).sum(), strict=True)
