"""Every operation on one matrix: shapes and dtypes of results and gradients, of nothing, of scalars, of batches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tapegrad import Tensor, tensor
from tapegrad.autograd import pullback

SQUARE: dict[str, Callable[..., Any]] = {
    "inv": lambda t: np.linalg.inv(t),
    "det": lambda t: np.linalg.det(t),
    "slogdet": lambda t: np.linalg.slogdet(t),
    "cholesky": lambda t: np.linalg.cholesky(t),
    "cholesky, upper": lambda t: np.linalg.cholesky(t, upper=True),
    "eigvalsh": lambda t: np.linalg.eigvalsh(t),
    "eigh": lambda t: np.linalg.eigh(t)[0],
    "eig": lambda t: np.linalg.eig(t)[0],
    "svd, hermitian": lambda t: np.linalg.svd(t, compute_uv=False, hermitian=True),
    "pinv, hermitian": lambda t: np.linalg.pinv(t, hermitian=True),
    "matrix_power": lambda t: np.linalg.matrix_power(t, -3),
    "solve": lambda t: np.linalg.solve(t, np.ones((t.shape[-1], 2), t.dtype)),
}
ANY: dict[str, Callable[..., Any]] = {
    "svdvals": lambda t: np.linalg.svdvals(t),
    "svd": lambda t: np.linalg.svd(t)[1],
    "svd, vectors": lambda t: tuple(np.linalg.svd(t)),
    "pinv": lambda t: np.linalg.pinv(t),
    "qr": lambda t: np.linalg.qr(t),
    "qr, complete": lambda t: tuple(np.linalg.qr(t, "complete")),
    "norm, nuc": lambda t: np.linalg.matrix_norm(t, ord="nuc"),
    "norm, fro": lambda t: np.linalg.matrix_norm(t, keepdims=True),
    "diagonal": lambda t: np.linalg.diagonal(t),
    "trace": lambda t: np.linalg.trace(t),
    "matrix_transpose": lambda t: np.linalg.matrix_transpose(t),
}
SQUARES = [(0, 0), (1, 1), (3, 3), (0, 2, 2), (2, 0, 0), (2, 1, 2, 2)]
OTHERS = [(0, 3), (3, 0), (2, 3), (3, 2), (2, 0, 3), (0, 3, 2), (1, 4), (4, 1)]
CALLS = [*((name, f, SQUARES) for name, f in SQUARE.items()), *((name, f, SQUARES + OTHERS) for name, f in ANY.items())]


def drawn(shape: tuple[int, ...], dtype: str) -> NDArray[Any]:
    """Positive definite, if square."""
    rng = np.random.default_rng(0)
    x: Any = rng.normal(size=shape) + (1j * rng.normal(size=shape) if np.dtype(dtype).kind == "c" else 0)
    x = x @ x.conj().mT + np.eye(shape[-1]) if shape[-1] == shape[-2] else x
    return np.asarray(x, dtype)


def parts(y: Any) -> tuple[Any, ...]:
    return tuple(y) if isinstance(y, tuple) else (y,)


@pytest.mark.parametrize("dtype", ["float32", "float64", "complex64", "complex128", "int32"])
@pytest.mark.parametrize(("name", "f", "shapes"), CALLS)
def test_results_are_numpys(name: str, f: Callable[..., Any], shapes: list[tuple[int, ...]], dtype: str) -> None:
    for x in (drawn(shape, dtype) for shape in shapes):
        t = tensor(x, requires_grad=x.dtype.kind in "fc")
        got, expected = parts(f(t)), parts(f(x))
        for one, other in zip(got, expected, strict=True):
            assert isinstance(one, Tensor)
            assert one.dtype == np.asarray(other).dtype
            assert one.shape == np.shape(other)
            tolerance = 1e3 * np.finfo(one.dtype if one.dtype.kind in "fc" else "float64").eps
            np.testing.assert_allclose(one.numpy(), other, tolerance, tolerance)


@pytest.mark.parametrize("dtype", ["float32", "float64", "complex64", "complex128"])
@pytest.mark.parametrize(("name", "f", "shapes"), CALLS)
def test_gradients_have_the_shape_and_dtype_of_the_matrix(
    name: str, f: Callable[..., Any], shapes: list[tuple[int, ...]], dtype: str
) -> None:
    for t in (tensor(drawn(shape, dtype), requires_grad=True) for shape in shapes):
        for y in parts(f(t)):
            arbitrary = name in ("svd, vectors", "qr, complete") and y.ndim >= 2
            loss = y @ y.conj().mT if arbitrary else y  # of vectors, only what is determined
            for create_graph in (False, True):
                (g,) = pullback([loss], [t], [np.ones(loss.shape, loss.dtype)], True, create_graph)
                assert g.shape == t.shape
                assert g.dtype == t.dtype
                assert np.isfinite(g.numpy()).all()
