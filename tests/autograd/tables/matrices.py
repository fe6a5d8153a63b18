"""Strategies for matrices that are far from singular, and whose eigenvalues and singular values are far from equal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from tapegrad.autograd.testing import strategies as draw

from .calls import ANY

__all__ = ["BATCHES", "hermitian", "orthonormal", "rectangular", "similar", "square", "steady"]

Matrices: TypeAlias = st.SearchStrategy[NDArray[Any]]

BATCHES = draw.shapes(max_dims=2, max_side=2)


def random(rng: np.random.Generator, shape: tuple[int, ...], dtype: str) -> NDArray[Any]:
    """Normally distributed numbers, in double precision."""
    x = rng.normal(size=shape)
    return x + 1j * rng.normal(size=shape) if np.dtype(dtype).kind == "c" else x


def unitary(rng: np.random.Generator, shape: tuple[int, ...], dtype: str) -> NDArray[Any]:
    """Orthonormal columns, (..., m, k) for k <= m."""
    return np.linalg.qr(random(rng, shape, dtype))[0]


def spaced(rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[Any]:
    """Positive numbers that are at least 0.3 apart, along the last axis in any order."""
    values = 0.7 + 0.6 * np.arange(shape[-1]) + rng.uniform(0, 0.3, shape)
    return rng.permuted(values, axis=-1)


def laid_out(call: st.DrawFn, x: NDArray[Any], dtype: str) -> NDArray[Any]:
    """In the dtype, and in memory by rows, by columns, backwards, or read-only."""
    x = x.astype(dtype)
    layout = call(st.sampled_from(("rows", "columns", "backwards", "read-only")))
    if layout == "columns":
        return x.mT.copy().mT
    if layout == "backwards":
        return np.flip(np.flip(x).copy())
    x.setflags(write=layout != "read-only")
    return x


@st.composite
def rectangular(
    call: st.DrawFn, shape: tuple[int, int] | None = None, batch: Any = None, dtype: Any = ANY, min_side: int = 0
) -> NDArray[Any]:
    """Matrices (..., m, n) = U S Vᴴ with unitary U and V, and spaced singular values S."""
    side = st.integers(min_side, 4)
    m, n = (call(side), call(side)) if shape is None else shape
    leading = call(BATCHES) if batch is None else batch
    chosen = call(dtype)
    rng = np.random.default_rng(call(draw.seeds()))
    k = min(m, n)
    u, v = unitary(rng, (*leading, m, k), chosen), unitary(rng, (*leading, n, k), chosen)
    return laid_out(call, u * spaced(rng, (*leading, k))[..., None, :] @ v.conj().mT, chosen)


@st.composite
def square(call: st.DrawFn, batch: Any = None, dtype: Any = ANY, min_side: int = 0) -> NDArray[Any]:
    """`rectangular`, with as many rows as columns."""
    n = call(st.integers(min_side, 4))
    return call(rectangular((n, n), batch, dtype))


@st.composite
def hermitian(
    call: st.DrawFn, definite: bool = False, batch: Any = None, dtype: Any = ANY, min_side: int = 0
) -> NDArray[Any]:
    """Hermitian matrices (..., n, n) whose eigenvalues are spaced, also in size; positive if `definite`."""
    n = call(st.integers(min_side, 4))
    leading = call(BATCHES) if batch is None else batch
    chosen = call(dtype)
    rng = np.random.default_rng(call(draw.seeds()))
    v = unitary(rng, (*leading, n, n), chosen)
    w = spaced(rng, (*leading, n)) * (1 if definite else rng.choice((-1, 1), (*leading, n)))
    return laid_out(call, v * w[..., None, :] @ v.conj().mT, chosen)


@st.composite
def similar(call: st.DrawFn, dtype: Any = ANY) -> NDArray[Any]:
    """Matrices (..., n, n) = X W X⁻¹ with spaced real eigenvalues W and eigenvectors X that are not orthogonal."""
    n, leading, chosen = call(st.integers(0, 4)), call(BATCHES), call(dtype)
    rng = np.random.default_rng(call(draw.seeds()))
    x = unitary(rng, (*leading, n, n), chosen) + 0.2 * unitary(rng, (*leading, n, n), chosen)
    return laid_out(call, x * spaced(rng, (*leading, n))[..., None, :] @ np.linalg.inv(x), chosen)


@st.composite
def orthonormal(call: st.DrawFn) -> tuple[NDArray[Any], NDArray[Any]]:
    """Orthonormal columns (..., m, k), and an orthonormal basis (..., m, m - k) of what they leave, to 64 bits."""
    m, chosen = call(st.integers(0, 4)), call(st.sampled_from(("float64", "complex128")))
    k = call(st.integers(0, m))
    rng = np.random.default_rng(call(draw.seeds()))
    both = unitary(rng, (*call(BATCHES), m, m), chosen)
    return laid_out(call, both[..., :k], chosen), laid_out(call, both[..., k:], chosen)


def steady(decomposition: Callable[[Any], Any], matrices: Matrices) -> Matrices:
    """Those for which LAPACK chooses the same signs for all matrices near by: elsewhere, differences meet jumps."""

    def is_steady(a: NDArray[Any]) -> bool:
        rng = np.random.default_rng(0)
        directions = [0.005 * random(rng, a.shape, str(a.dtype)) for _ in range(4)]
        parts = [decomposition(a + sign * direction) for direction in directions for sign in (-1, 1)]
        return all(np.allclose(x, y, atol=0.3) for other in parts for x, y in zip(parts[0], other, strict=True))

    return matrices.filter(is_steady)
