"""reduce, accumulate, reduceat, outer and at, of every ufunc of two arguments that has a gradient."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from tapegrad import Tensor, tensor
from tapegrad.autograd import DetachError, GraphError, MissingRuleError
from tapegrad.autograd.testing import check_grads, strategies as draw
from tapegrad.autograd.testing.strategies import POSITIVE

some = settings(max_examples=max(settings().max_examples // 4, 10))
ANY_ORDER: list[Any] = [
    np.add,
    np.multiply,
    np.maximum,
    np.minimum,
    np.fmax,
    np.fmin,
    np.hypot,
    np.logaddexp,
    np.logaddexp2,
]
FROM_THE_LEFT: list[Any] = [np.subtract, np.divide, np.power, np.arctan2, np.copysign]
every_ufunc = pytest.mark.parametrize("ufunc", ANY_ORDER + FROM_THE_LEFT)


def leaf(x: Any) -> Any:  # for what NumPy's stubs do not know
    return tensor(x, requires_grad=True)


def assert_close(got: Tensor, expected: Any) -> None:
    assert got.shape == expected.shape
    assert got.dtype == expected.dtype
    np.testing.assert_allclose(got.numpy(), expected, rtol=1e-5 if expected.dtype == np.float32 else 1e-12)


@st.composite
def lines(call: st.DrawFn, min_side: int = 1) -> tuple[Any, int]:
    """Arrays of distinct positive numbers near 1, for maxima have kinks and powers grow, and an axis."""
    x = call(draw.distinct_arrays(draw.shapes(min_dims=1, max_dims=2, min_side=min_side), gap=0.01))
    return np.asarray(1.5 + x, x.dtype), call(st.integers(-x.ndim, x.ndim - 1))


@every_ufunc
@given(drawn=lines(), keepdims=st.booleans(), initial=st.none() | st.just(1.25))
@some
def test_reduce(ufunc: Any, drawn: tuple[Any, int], keepdims: bool, initial: float | None) -> None:
    x, axis = drawn
    options = {"axis": axis, "keepdims": keepdims} | ({} if initial is None else {"initial": initial})
    rows = np.moveaxis(x, axis, 0) if initial is None else [x.dtype.type(initial), *np.moveaxis(x, axis, 0)]
    expected = np.asarray(reduce(ufunc, rows))  # np.power.reduce itself loses elements in NumPy 2.4
    assert_close(ufunc.reduce(leaf(x), **options), np.expand_dims(expected, axis) if keepdims else expected)
    check_grads(lambda t: ufunc.reduce(t, **options), x)


@pytest.mark.parametrize("ufunc", ANY_ORDER)
def test_reduce_over_several_axes_and_where(ufunc: Any) -> None:
    x = np.random.default_rng(0).uniform(0.5, 2, (2, 3, 4))
    mask = x > 1
    for options in ({"axis": None}, {"axis": (0, -1)}, {"axis": (1,), "dtype": np.float32}, {"axis": ()}):
        assert_close(ufunc.reduce(leaf(x), **options), np.asarray(ufunc.reduce(x, **options)))
    options = {"axis": 1, "where": mask, "initial": 0.75}
    assert_close(ufunc.reduce(leaf(x), **options), ufunc.reduce(x, **options))
    check_grads(lambda t: ufunc.reduce(t, **options), x)


def test_what_a_reduction_starts_from_has_a_gradient() -> None:
    check_grads(lambda x, start: np.hypot.reduce(x, initial=start), np.array([3.0, 4.0]), np.array(2.0))


def test_reduce_without_options_takes_the_first_axis() -> None:
    x = np.arange(6.0).reshape(2, 3)
    assert np.add.reduce(leaf(x)).numpy().tolist() == [3, 5, 7]
    assert np.hypot.reduce(leaf(x), where=x > 2).numpy().tolist() == [3, 4, 5]


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda t: np.fmax.reduce(t[:0]), ValueError),
        (lambda t: np.subtract.reduce(t, axis=(0, 1)), ValueError),
        (lambda t: np.fmax.reduce(t, where=[True, False]), ValueError),
        (lambda t: np.divide.reduce(t, where=[True, False], initial=1.0), MissingRuleError),
        (lambda t: np.hypot.reduce(t, axis=2), np.exceptions.AxisError),
        (lambda t: np.add.reduceat(t, [0, 2]), IndexError),
        (lambda t: np.sin.reduce(t), ValueError),
        (lambda t: np.divmod.reduce(t), ValueError),
    ],
)
def test_what_cannot_be_reduced(call: Any, error: Any) -> None:
    with pytest.raises(error):
        call(leaf([[1.0, 2.0], [3.0, 4.0]]))


def test_nothing_reduced_is_the_identity() -> None:
    assert np.logaddexp.reduce(leaf(np.zeros((0, 2)))).numpy().tolist() == [-np.inf, -np.inf]


def test_many_ones_share_a_maximum_equally() -> None:
    t = leaf(np.ones(4))
    np.maximum.reduce(t).backward()
    assert t.grad is not None
    assert t.grad.numpy().tolist() == [0.25] * 4


@every_ufunc
@given(drawn=lines(min_side=0))
@some
def test_accumulate(ufunc: Any, drawn: tuple[Any, int]) -> None:
    x, axis = drawn
    assert_close(ufunc.accumulate(leaf(x), axis), ufunc.accumulate(x, axis))
    check_grads(lambda t: ufunc.accumulate(t, axis), x)


@every_ufunc
@given(drawn=lines(), data=st.data())
@some
def test_reduceat(ufunc: Any, drawn: tuple[Any, int], data: st.DataObject) -> None:
    x, axis = drawn
    indices = data.draw(st.lists(st.integers(0, x.shape[axis] - 1), min_size=1, max_size=3))
    rows = np.moveaxis(x, axis, 0)
    stops = [*indices[1:], len(rows)]
    parts = [reduce(ufunc, rows[i:j] if i < j else rows[i : i + 1]) for i, j in zip(indices, stops, strict=True)]
    assert_close(ufunc.reduceat(leaf(x), indices, axis), np.moveaxis(np.stack(parts), 0, axis))
    check_grads(lambda t: ufunc.reduceat(t, indices, axis), x)


@every_ufunc
@given(a=draw.arrays(draw.shapes(max_dims=2), domain=POSITIVE), b=draw.arrays(draw.shapes(max_dims=2), domain=POSITIVE))
@some
def test_outer(ufunc: Any, a: Any, b: Any) -> None:
    assert_close(ufunc.outer(leaf(a), leaf(b)), ufunc.outer(a, b))
    assert_close(ufunc.outer(a, leaf(b), dtype=np.float32), np.asarray(ufunc.outer(a, b, dtype=np.float32)))
    if ufunc not in (np.maximum, np.minimum, np.fmax, np.fmin):
        check_grads(ufunc.outer, a, b)


@every_ufunc
@given(data=st.data())
@some
def test_at(ufunc: Any, data: st.DataObject) -> None:
    """One element after the other, also if one is named several times."""
    x = data.draw(draw.arrays(draw.shapes(min_dims=1, max_dims=2, min_side=1), "float64", POSITIVE))
    index = data.draw(st.lists(st.integers(-len(x), len(x) - 1), max_size=4))
    b = np.random.default_rng(0).uniform(2.9, 3.4, (len(index), *x.shape[1:]))
    expected = x.copy()
    ufunc.at(expected, index, b)

    def changed(t: Any, v: Any) -> Any:
        y = t * 1.0
        ufunc.at(y, index, v)
        return y

    assert_close(changed(leaf(x), leaf(b)), expected)
    check_grads(changed, x, b)


def test_at_with_slices_masks_and_one_argument() -> None:
    x = np.arange(6.0).reshape(2, 3)
    places: tuple[Any, ...] = ((0, slice(1, None)), x > 2, (slice(None), [0, 0]))
    for index in places:
        y, expected = leaf(x) * 1, x.copy()
        np.multiply.at(y, index, 3.0)
        np.multiply.at(expected, index, 3.0)
        np.testing.assert_array_equal(y.numpy(), expected)
        np.negative.at(y, index)
        np.negative.at(expected, index)
        np.testing.assert_array_equal(y.numpy(), expected)


def test_at_is_refused_where_the_gradient_would_be_lost() -> None:
    t = leaf([1.0, 2.0])
    with pytest.raises(DetachError, match=r"np\.add\.at"):
        np.add.at(np.ones(2), [0], t[:1])
    with pytest.raises(GraphError, match="leaf that requires a gradient"):
        np.add.at(t, [0], 1.0)
    x = np.ones(2)
    np.add.at(x, tensor([0, 0]), tensor([2.0, 3.0]))
    assert x.tolist() == [6, 1]
    for ufunc in (np.add, np.multiply):
        with pytest.raises(TypeError, match=r"\.at: cannot cast float64 to the int64"):
            ufunc.at(tensor([1, 2]), (tensor([0]),), 1.5)
