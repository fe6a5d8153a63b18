"""Seeds, and gradients as users see them: shapes, dtypes, and complex numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tapegrad import Tensor, tensor
from tapegrad.autograd import DTypeError, GraphError, ShapeError, pullback


def leaf(x: Any, **options: Any) -> Tensor:
    return tensor(x, requires_grad=True, **options)


def grad_of(x: Tensor) -> Any:
    assert x.grad is not None
    return x.grad.numpy().tolist()


@pytest.mark.parametrize("shape", [(2,), (2, 1), (0,)])
def test_what_is_no_scalar_needs_a_seed(shape: tuple[int, ...]) -> None:
    y = leaf(np.zeros(shape)) * 2
    with pytest.raises(
        GraphError, match=r"has shape \(.*\) and dtype float64, and only a real scalar needs no gradient="
    ):
        y.backward()
    y.backward(np.ones(shape))


def test_one_element_is_scalar_enough() -> None:
    x = leaf([[2.0]])
    (x * x).backward()
    assert grad_of(x) == [[4]]


def test_a_complex_scalar_needs_a_seed() -> None:
    z = leaf(1 + 2j)
    with pytest.raises(GraphError, match="dtype complex128, and only a real scalar"):
        (z * z).backward()


@pytest.mark.parametrize(
    ("seed", "error", "message"),
    [
        (np.ones(3), ShapeError, r"gradient has shape \(3,\), but the tensor has shape \(2,\)"),
        (1.0, ShapeError, r"gradient has shape \(\), but"),
        (np.ones((2, 1)), ShapeError, r"gradient has shape \(2, 1\)"),
        (np.ones(2, np.float32), DTypeError, r"gradient has dtype float32, .*has float64; .*\.astype\('float64'\)"),
        (np.ones(2, int), DTypeError, "gradient has dtype int64"),
        (np.ones(2, complex), DTypeError, "gradient has dtype complex128"),
        ([True, False], DTypeError, "gradient has dtype bool"),
    ],
)
def test_seeds_of_the_wrong_shape_or_dtype(seed: Any, error: type[Exception], message: str) -> None:
    x = leaf([1.0, 2.0])
    y = x * 2
    with pytest.raises(error, match=message):
        y.backward(seed)
    with pytest.raises(error, match=message):
        pullback([y], [x], [seed])
    assert x.grad is None
    y.backward(np.ones(2))  # the graph is still there


@pytest.mark.parametrize("seed", [2, 2.0, np.array(2.0), tensor(2.0), [[2.0]][0][0]])
def test_seeds_of_a_scalar(seed: Any) -> None:
    x = leaf(3.0)
    (x * x).backward(seed)
    assert grad_of(x) == 12


def test_complex_gradients_point_uphill() -> None:
    """The gradient is dL/dRe + i dL/dIm: L = |z|² has 2z, L = Re z has 1, L = Im z has i."""
    z = leaf(np.array([1 + 2j, 3 - 1j]))
    (abs(z) ** 2).sum().backward()
    np.testing.assert_allclose(np.array(grad_of(z)), 2 * z.numpy())
    assert pullback([z.real.sum()], [z])[0].numpy().tolist() == [1, 1]
    assert pullback([z.imag.sum()], [z])[0].numpy().tolist() == [1j, 1j]
    w = leaf([1.0, 2.0])
    assert pullback([(w * z).real.sum()], [w])[0].numpy().tolist() == [1, 3]
    assert pullback([w * z], [w], [np.array([1j, 1j])])[0].numpy().tolist() == [2, -1]


def test_gradients_keep_their_dtype_where_dtypes_meet() -> None:
    half, single, double = (leaf(np.ones(2, dtype)) for dtype in (np.float16, np.float32, np.float64))
    z = leaf(np.ones(2, np.complex64))
    y = half * single * double * z
    assert y.dtype == np.complex128
    y.real.sum().backward()
    assert [x.grad.dtype for x in (half, single, double, z) if x.grad is not None] == [
        np.float16, np.float32, np.float64, np.complex64,
    ]  # fmt: skip
