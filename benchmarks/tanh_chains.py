"""The same chain of tiny operations in each library: y = x, then 100 times y = tanh(y * w), on 8 numbers in float32.

Each function sets up one library and gives its `Chain`. `x` wants a gradient and `w` does not, everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import tapegrad as tg
from benchmarks.peers import load
from tapegrad import autograd

PAIRS = 100
OPERATIONS = 2 * PAIRS
X = np.linspace(0.1, 1.0, 8, dtype=np.float32)
W = np.full(8, 1.01, dtype=np.float32)


@dataclass(frozen=True)
class Chain:
    """`forward` gives y, `both` the gradient of y.sum() in x; None where a library has no such thing."""

    forward: Callable[[], Any] | None
    both: Callable[[], Any] | None


def tapegrad() -> Chain:
    """Ours, recording; what is promised for later counts only when it is there."""
    x, w = tg.tensor(X, requires_grad=True), tg.tensor(W)

    def chain() -> tg.Tensor:
        y = x
        for _ in range(PAIRS):
            y = autograd.tanh(y * w)
        return y

    def both() -> Any:
        x.grad = None
        chain().sum().backward()
        return x.grad

    return Chain(lambda: chain().numpy(), both)


def numpy() -> Chain:
    """NumPy alone: what the arithmetic costs when nothing is recorded."""

    def forward() -> Any:
        y = X
        for _ in range(PAIRS):
            y = np.tanh(y * W)
        return y

    return Chain(forward, None)


def pytorch() -> Chain:
    """PyTorch, eager."""
    torch = load("torch")
    x, w = torch.tensor(X, requires_grad=True), torch.tensor(W)

    def forward() -> Any:
        y = x
        for _ in range(PAIRS):
            y = torch.tanh(y * w)
        return y

    def both() -> Any:
        x.grad = None
        forward().sum().backward()
        return x.grad

    return Chain(forward, both)


def mygrad() -> Chain:
    """MyGrad, with its defaults."""
    mg = load("mygrad")
    x, w = mg.tensor(X), mg.tensor(W, constant=True)

    def forward() -> Any:
        y = x
        for _ in range(PAIRS):
            y = mg.tanh(y * w)
        return y

    def both() -> Any:
        x.null_grad()
        forward().sum().backward()
        return x.grad

    return Chain(forward, both)


def hips_autograd() -> Chain:
    """HIPS autograd: it records only under `grad`, so there is no forward pass of its own."""
    anp, grad = load("autograd.numpy"), load("autograd").grad

    def total(x: Any) -> Any:
        y = x
        for _ in range(PAIRS):
            y = anp.tanh(y * W)
        return anp.sum(y)

    gradient = grad(total)
    return Chain(None, lambda: gradient(X))


def jax_eager() -> Chain:
    """JAX without jit."""
    return jax_chain(jit=False)


def jax_jit() -> Chain:
    """JAX, the whole chain compiled into one program."""
    return jax_chain(jit=True)


def jax_chain(*, jit: bool) -> Chain:
    """JAX; each call waits for its result, for JAX computes in the background."""
    jax, jnp = load("jax"), load("jax.numpy")
    x, w = jnp.array(X), jnp.array(W)

    def chain(x: Any, w: Any) -> Any:
        y = x
        for _ in range(PAIRS):
            y = jnp.tanh(y * w)
        return y

    gradient = jax.grad(lambda x, w: chain(x, w).sum())
    compiled = jax.jit if jit else lambda function: function
    forward, both = compiled(chain), compiled(gradient)
    return Chain(lambda: forward(x, w).block_until_ready(), lambda: both(x, w).block_until_ready())


LIBRARIES = {
    "tapegrad": tapegrad,
    "NumPy alone": numpy,
    "PyTorch eager": pytorch,
    "MyGrad": mygrad,
    "HIPS autograd": hips_autograd,
    "JAX eager": jax_eager,
    "JAX jit": jax_jit,
}
