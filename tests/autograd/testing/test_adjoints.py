"""check_adjoint, and the pairs of linear operations that each file of ops/ holds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from tapegrad import autograd
from tapegrad.autograd.testing import GradientError, check_adjoint, strategies as draw


def test_a_matrix_and_its_transpose() -> None:
    A = np.arange(6.0).reshape(2, 3)
    check_adjoint(lambda x: A @ x, lambda y: A.T @ y, (3,), np.ones(3))


def test_off_by_a_thousandth() -> None:
    with pytest.raises(GradientError, match=r"<A x, y> = .* but <x, At y> = "):
        check_adjoint(lambda x: x * 2, lambda y: y * 2.002, (3,))


def test_the_adjoint_of_a_complex_matrix_is_its_conjugate_transpose() -> None:
    A = np.array([[1j, 2], [3, 4 - 1j]])
    check_adjoint(lambda x: A @ x, lambda y: A.conj().T @ y, np.ones(2, complex))
    with pytest.raises(GradientError):
        check_adjoint(lambda x: A @ x, lambda y: A.T @ y, np.ones(2, complex))


def test_a_complex_number_and_its_real_part() -> None:
    check_adjoint(np.real, lambda y: y + 0j, np.ones((2, 3), complex))
    check_adjoint(np.imag, lambda y: y * 1j, np.ones((2, 3), complex))


def test_the_adjoint_leads_back_to_where_x_is() -> None:
    with pytest.raises(GradientError, match=r"At takes float64\[2\] to float64\[2\], but A takes float64\[3\] there"):
        check_adjoint(lambda x: x[:2], lambda y: y, (3,))
    with pytest.raises(GradientError, match=r"to complex128\[3\], but A takes float64\[3\]"):
        check_adjoint(lambda x: x, lambda y: y * 1j, np.ones(3))


def test_32_bits_are_checked_in_64() -> None:
    check_adjoint(lambda x: x / 3, lambda y: y / 3, np.ones(1000, np.float32))


@given(st.data())
def test_broadcasting_and_summing(data: st.DataObject) -> None:
    x, y = data.draw(draw.broadcasting_shapes(2))
    shape = np.broadcast_shapes(x, y)
    check_adjoint(lambda a: autograd.broadcast_to(a, shape), lambda b: pulled(autograd.broadcast_to, x, b, shape), x)
    added = tuple(range(len(shape) - len(x)))
    stretched = tuple(i + len(added) for i, size in enumerate(x) if size == 1)
    check_adjoint(
        lambda a: autograd.broadcast_to(a, shape),
        lambda b: autograd.reshape(autograd.sum(b, axis=(*added, *stretched), keepdims=True), x),
        x,
    )


@given(st.data())
def test_reading_and_adding_up(data: st.DataObject) -> None:
    shape = data.draw(draw.shapes())
    index = data.draw(draw.indices(shape))
    check_adjoint(
        lambda a: autograd.getitem(a, index), lambda b: autograd.scatter_add(np.asarray(b), index, shape), shape
    )


@given(st.data())
def test_padding_and_cropping(data: st.DataObject) -> None:
    shape = data.draw(draw.shapes(min_dims=1))
    widths = [data.draw(st.tuples(st.integers(0, 2), st.integers(0, 2))) for _ in shape]
    inside = tuple(slice(before, before + size) for size, (before, _) in zip(shape, widths, strict=True))
    check_adjoint(lambda a: autograd.pad(a, widths), lambda b: autograd.getitem(b, inside), shape)


@given(st.data())
def test_joining_and_splitting(data: st.DataObject) -> None:
    shape = data.draw(draw.shapes(min_dims=1, min_side=1))
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    cut = data.draw(st.integers(0, shape[axis]))
    check_adjoint(
        lambda a: autograd.concatenate(autograd.split(a, [cut], axis), axis),
        lambda b: autograd.concatenate(autograd.split(b, [cut], axis), axis),
        shape,
    )


@given(st.data())
def test_rearranging_and_arranging_back(data: st.DataObject) -> None:
    shape = data.draw(draw.shapes())
    axes = data.draw(st.permutations(range(len(shape))))
    back = [axes.index(i) for i in range(len(shape))]
    check_adjoint(lambda a: autograd.transpose(a, axes), lambda b: autograd.transpose(b, back), shape)
    order = data.draw(st.sampled_from("CF"))
    check_adjoint(lambda a: autograd.ravel(a, order), lambda b: autograd.reshape(b, shape, order), shape)


@given(st.data())
@pytest.mark.parametrize("name", ["flip", "cumsum", "roll", "tril", "diagonal", "repeat", "tile", "copy", "sum"])
def test_what_reverse_mode_makes_of_a_linear_operation(name: str, data: st.DataObject) -> None:
    """The pullback is the adjoint, exactly, not only within differences."""
    shape = data.draw(draw.shapes(min_dims=2, max_dims=3))
    extra: tuple[Any, ...] = {"cumsum": (1,), "roll": (2, 0), "repeat": (2, 1), "tile": ((2, 1),)}.get(name, ())
    check_adjoint(
        lambda a: getattr(np, name)(a, *extra), lambda b: pulled(getattr(autograd, name), shape, b, *extra), shape
    )


def pulled(f: Any, shape: tuple[int, ...], b: Any, *extra: Any) -> Any:
    """The pullback of b through a linear f, whose derivative is the same everywhere."""
    _, pull = autograd.vjp(lambda x: f(x, *extra), np.zeros(shape, b.dtype))
    return pull(b)[0]
