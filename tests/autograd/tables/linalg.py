"""`numpy.linalg`.

A decomposition is a primitive whose results lie in one array; of what is arbitrary in them, as a phase, gradients are
checked for what does not depend on it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tapegrad import autograd
from tapegrad.autograd.ops.linalg import matrices as ours, packing
from tapegrad.autograd.testing import strategies as draw

from .calls import ANY, Calls, axis, call, on, some_of
from .matrices import hermitian, orthonormal, rectangular, similar, square, steady
from .record import Case

REAL = draw.dtypes()
ORDERS: tuple[Any, ...] = ("fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf)
P: tuple[Any, ...] = (1, 2, 3, 2.5, -1, np.inf, -np.inf)


def alone(matrices: st.SearchStrategy[Any], **params: Any) -> Any:
    """The arguments of a primitive of one array."""
    return matrices.map(lambda a: ((a,), params))


@st.composite
def systems(draws: st.DrawFn, vectors: bool = False) -> Any:
    """Matrices (..., n, n) and right sides (..., n, k) whose leading axes broadcast, or (n,)."""
    left, right = draws(draw.broadcasting_shapes(2, max_dims=2, max_side=2))
    a = draws(square(left))
    n = a.shape[-1]
    shape = (n,) if vectors and draws(st.booleans()) else (*right, n, draws(st.integers(0, 2)))
    return (a, draws(draw.arrays(shape, ANY))), {}


def packed(function: Callable[..., Any]) -> Callable[..., Any]:
    """NumPy's results in one array: flattened, and one after another."""

    def reference(a: Any) -> Any:
        leading = a.shape[:-2]
        flat = [part.reshape(*leading, math.prod(part.shape[len(leading) :])) for part in function(a)]
        return np.concatenate(flat, axis=-1)

    return reference


def thin(a: Any) -> Any:
    return np.linalg.svd(a, full_matrices=False)


def on_hermitian(f: Callable[..., Any]) -> Callable[..., Any]:
    return lambda a: f((a + ours.mH(a)) / 2)


def of_eigen(f: Callable[..., Any]) -> Callable[..., Any]:
    """Eigenvalues, and the squares of the eigenvectors' elements."""

    def smooth(a: Any) -> Any:
        w, v = packing.unpack(f(a), a.shape[-1:], a.shape[-2:])
        return w, autograd.abs(v) ** 2

    return smooth


def of_unordered(f: Callable[..., Any]) -> Callable[..., Any]:
    """As of_eigen, summed over the eigenvalues: a small change may exchange two of them."""

    def smooth(a: Any) -> Any:
        w, v = packing.unpack(f(a), a.shape[-1:], a.shape[-2:])
        return (w**3).sum(axis=-1), (autograd.abs(v) ** 2 * w[..., None, :]).sum(axis=-1)

    return smooth


def of_singular(f: Callable[..., Any]) -> Callable[..., Any]:
    """Singular values, the squares of the vectors' elements, and the matrix of the first pair."""

    def smooth(a: Any) -> Any:
        (m, n), k = a.shape[-2:], min(a.shape[-2:])
        u, s, vh = packing.unpack(f(a), (m, k), (k,), (k, n))
        return autograd.real(s), autograd.abs(u) ** 2, autograd.abs(vh) ** 2, u[..., :1] @ vh[..., :1, :]

    return smooth


def of_space(f: Callable[..., Any]) -> Callable[..., Any]:
    """The projection to the space that a basis spans."""

    def smooth(q: Any, basis: Any) -> Any:
        c = f(q, basis)
        return c @ ours.mH(c)

    return smooth


TALL = steady(np.linalg.qr, rectangular().filter(lambda a: a.shape[-2] >= a.shape[-1]))
SYMMETRIC = hermitian(dtype=REAL)

CASES: dict[str, Case] = {
    "inv": Case(np.linalg.inv, alone(square()), numpy=np.linalg.inv),
    "solve": Case(np.linalg.solve, systems()),
    "det": Case(np.linalg.det, alone(square()), numpy=np.linalg.det),
    "slogdet": Case(packed(np.linalg.slogdet), alone(square())),
    "cholesky": Case(np.linalg.cholesky, alone(hermitian(definite=True)), smooth=on_hermitian),
    "qr": Case(packed(np.linalg.qr), alone(TALL)),
    # a gradient by the basis depends on the basis, and so has none itself; test_factoring.py goes on by q alone
    "complement": Case(lambda _q, basis: basis, orthonormal().map(lambda x: (x, {})), order=1, smooth=of_space),
    "eigh": Case(packed(np.linalg.eigh), alone(hermitian()), smooth=lambda f: on_hermitian(of_eigen(f))),
    "eig": Case(packed(np.linalg.eig), alone(st.one_of(similar(), square(min_side=1))), smooth=of_unordered),
    "svd": Case(packed(thin), alone(rectangular()), smooth=of_singular),
    "pinv": Case(np.linalg.pinv, alone(rectangular(), rcond=1e-6)),
}

CHAINS: tuple[tuple[tuple[int, ...], ...], ...] = (
    ((2, 3), (3, 1)),
    ((1, 3), (3, 2), (2, 4)),
    ((3,), (3, 2), (2,)),
    ((4, 1), (1, 3), (3, 0), (0, 2)),
    ((2,), (2, 3), (3, 4), (4, 1), (1, 5)),
)


def chain(shapes: tuple[tuple[int, ...], ...]) -> Calls:
    """Matrices of one dtype: which intermediate results are in float32 is not ours to choose."""
    arrays = ANY.flatmap(lambda dtype: st.tuples(*(draw.arrays(shape, dtype) for shape in shapes)))
    return call(arrays.map(list))


VECTORS = on(lambda x: call(st.sampled_from(P), axis(x), st.booleans()), min_dims=1, min_side=1)
TRIANGLES = call(hermitian(), st.sampled_from("LU"))

COMPOSITIONS: dict[str, Calls] = {
    "linalg.solve": systems(vectors=True),
    "linalg.matrix_power": call(square(), st.sampled_from((1, 2, 3, 6, -1, -2))),
    "linalg.tensorsolve": st.one_of(
        call(rectangular((6, 6), ()).map(lambda a: a.reshape(2, 3, 6)), draw.arrays((2, 3), ANY)),
        call(
            rectangular((6, 6), ()).map(lambda a: a.reshape(2, 3, 1, 6).transpose(2, 0, 3, 1)),
            draw.arrays((2, 3), ANY),
            st.just((0, 2)),
        ),
    ),
    "linalg.tensorinv": st.one_of(
        call(rectangular((6, 6), ()).map(lambda a: a.reshape(2, 3, 3, 2))),
        call(rectangular((6, 6), ()).map(lambda a: a.reshape(6, 2, 3)), ind=st.just(1)),
    ),
    "linalg.slogdet": call(square()),
    "linalg.cholesky": call(hermitian(definite=True), upper=st.booleans()),
    "linalg.qr": call(steady(np.linalg.qr, rectangular()), st.sampled_from(("reduced", "r"))),
    "linalg.eigh": st.one_of(
        call(steady(np.linalg.eigh, SYMMETRIC)),
        call(steady(lambda a: np.linalg.eigh(a, "U"), SYMMETRIC), st.just("U")),
    ),
    "linalg.eigvalsh": TRIANGLES,
    "linalg.svd": st.one_of(
        call(steady(thin, rectangular(dtype=REAL)), full_matrices=st.just(False)),
        call(steady(thin, square(dtype=REAL))),
        call(steady(np.linalg.eigh, SYMMETRIC), hermitian=st.just(True)),
        call(st.one_of(rectangular(), hermitian()), compute_uv=st.just(False)),
        call(hermitian(), compute_uv=st.just(False), hermitian=st.just(True)),
    ),
    "linalg.svdvals": call(rectangular()),
    "linalg.pinv": st.one_of(
        call(rectangular(), rtol=st.sampled_from((None, 1e-6))),
        call(rectangular(), st.sampled_from((None, 1e-6))),
        call(hermitian(), hermitian=st.just(True)),
    ),
    "linalg.norm": st.one_of(
        on(lambda x: call(keepdims=st.booleans())),
        on(lambda x: call(st.just(2), some_of(x, none=False, several=False), keepdims=st.booleans()), min_dims=1),
        VECTORS,
        call(rectangular(batch=(), min_side=1), st.sampled_from((None, *ORDERS)), keepdims=st.booleans()),
        call(rectangular(batch=(2,), min_side=1), st.sampled_from(ORDERS), st.sampled_from(((-2, -1), (2, 1)))),
    ),
    "linalg.vector_norm": st.one_of(
        on(lambda x: call(keepdims=st.booleans(), ord=st.sampled_from(P)), min_side=1),
        on(
            lambda x: call(axis=some_of(x).filter(lambda axis: axis != ()), ord=st.sampled_from(P)),
            min_dims=1,
            min_side=1,
        ),
    ),
    "linalg.matrix_norm": call(rectangular(min_side=1), keepdims=st.booleans(), ord=st.sampled_from(ORDERS)),
    "linalg.cond": st.one_of(
        call(rectangular(min_side=2), st.sampled_from((None, 2, -2))), call(square(min_side=2), st.sampled_from(ORDERS))
    ),
    "linalg.multi_dot": st.sampled_from(CHAINS).flatmap(chain),
    "linalg.diagonal": on(lambda x: call(offset=st.integers(-3, 3)), min_dims=2),
    "linalg.trace": on(lambda x: call(offset=st.integers(-3, 3)), min_dims=2),
    "linalg.matrix_transpose": on(min_dims=2),
    "linalg.outer": call(draw.arrays((3,), ANY), draw.arrays(st.tuples(st.integers(0, 3)), ANY)),
    "linalg.cross": st.one_of(
        call(draw.arrays((2, 3), ANY), draw.arrays((3,), ANY)),
        call(draw.arrays((3, 2), ANY), draw.arrays((3, 1), ANY), axis=st.just(0)),
    ),
    "linalg.vecdot": st.one_of(
        call(draw.arrays((2, 3), ANY), draw.arrays((3,), ANY)),
        call(draw.arrays((3, 2), ANY), draw.arrays((3, 1), ANY), axis=st.just(0)),
    ),
}
