"""What the tables do not draw of creating, padding, editing and polynomials: options, edges, errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tapegrad import Tensor, autograd, tensor
from tapegrad.autograd import DTypeError, MissingRuleError, ShapeError
from tapegrad.autograd.testing import check_grads

anything: Any = np  # NumPy's stubs know only right arguments


def leaf(x: Any) -> Tensor:
    return tensor(x, requires_grad=True)


def test_nested_sequences_of_tensors_and_numbers_become_one() -> None:
    t = leaf(2.0)
    y = autograd.array([[t, 1.0], [0.0, t * t]])
    assert y.numpy().tolist() == [[2, 1], [0, 4]]
    (y * np.array([[1, 2], [3, 4]])).sum().backward()
    assert t.grad is not None
    assert t.grad.item() == 1 + 4 * 2 * 2


def test_asarray_returns_what_it_is_given() -> None:
    x, t = np.ones(2), leaf([1.0, 2.0])
    assert autograd.asarray(x) is x
    assert autograd.asarray(t) is t
    assert autograd.array(t) is not t
    assert autograd.asarray(t, np.float32).dtype == np.float32
    assert autograd.asarray([1, 2]).tolist() == [1, 2]


def test_tensors_of_different_shapes_are_no_array() -> None:
    with pytest.raises(ShapeError, match=r"stack: .*same shape.*\(\), \(2,\)"):
        autograd.array([leaf(1.0), leaf([1.0, 2.0])])


@pytest.mark.parametrize("dtype", [int, np.float32, complex])
@pytest.mark.parametrize("num", [0, 1, 7])
def test_linspace_in_other_dtypes(dtype: Any, num: int) -> None:
    y, step = autograd.linspace(tensor(-2), tensor([5, 9]), num, retstep=True, dtype=dtype)
    expected, wanted = np.linspace(-2, [5, 9], num, retstep=True, dtype=dtype)
    assert y.dtype == expected.dtype
    np.testing.assert_allclose(y.numpy(), expected, 1e-6)
    np.testing.assert_allclose(step.numpy(), wanted)


def test_the_ends_are_exact() -> None:
    y = autograd.linspace(leaf(0.1), leaf(0.7), 11)
    assert (y[0].item(), y[-1].item()) == (0.1, 0.7)


@pytest.mark.parametrize("base", [2.0, np.array([2.0, 3.0])])
def test_logspace_to_any_base(base: Any) -> None:
    def f(start: Any, stop: Any, base: Any) -> Any:
        return np.logspace(start, stop, 4, base=base)

    check_grads(f, 0.5, 1.5, base)
    np.testing.assert_allclose(f(leaf(0.5), leaf(1.5), base).numpy(), f(0.5, 1.5, base))


@pytest.mark.parametrize("mode", ["edge", "wrap", "reflect", "symmetric", "linear_ramp", "mean", "median", "maximum"])
@pytest.mark.parametrize("dtype", [int, np.uint8, np.float32, complex])
@pytest.mark.parametrize("widths", [1, (0, 11), {-1: 3}, ((1, 2), (9, 0))])
def test_pad_is_numpys(mode: str, dtype: Any, widths: Any) -> None:
    x = np.random.default_rng(0).integers(0, 9, (2, 3)).astype(dtype)
    if mode in ("median", "maximum") and dtype is complex:
        x = x.real.astype(complex)  # NumPy's order of complex numbers is not ours to follow
    if isinstance(widths, dict) and np.lib.NumpyVersion(np.__version__) < "2.2.0":
        widths = ((0, 0), (3, 3))
    expected = anything.pad(x, widths, mode)
    y = autograd.pad(tensor(x), widths, mode)
    assert y.dtype == expected.dtype
    np.testing.assert_allclose(y.numpy(), expected, 1e-6)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda t: anything.pad(t, 1, "edges"), ValueError, "pad: mode 'edges' is not one of constant, edge"),
        (lambda t: anything.pad(t, -1), ValueError, "pad: pad_width must not be negative, got -1"),
        (lambda t: anything.pad(t, 1.5), TypeError, "pad: pad_width must be of integers"),
        (
            lambda t: anything.pad(t, 1, "edge", end_values=1),
            TypeError,
            "'edge' has no option end_values; its options: none",
        ),
        (lambda t: anything.pad(t, 1, lambda *_: None), TypeError, "pad: a function as mode"),
        (lambda t: anything.pad(t[:0], 1, "edge"), ValueError, "pad: axis 0 is empty"),
        (lambda t: anything.pad(t, 1, constant_values=t[0]), MissingRuleError, "constant_values= is tracked"),
        (lambda t: anything.vander(t.reshape(1, -1)), ShapeError, "vander: expected a vector"),
        (lambda t: anything.linspace(t, 1, -1), ValueError, "linspace: the number of samples"),
        (lambda t: anything.geomspace(t * 0, 1), ValueError, "geomspace: .* zero"),
        (lambda t: anything.meshgrid(t, indexing="yx"), ValueError, "meshgrid: expected indexing 'xy' or 'ij'"),
        (lambda t: anything.trim_zeros(t, "x"), ValueError, "trim_zeros: expected 'f' and 'b'"),
        (lambda t: anything.block([[t], t]), ValueError, "block: expected lists nested to one depth"),
        (lambda t: anything.unstack(t[0]), ValueError, "unstack: expected an array with at least one axis"),
        (lambda t: anything.delete(t, 9), IndexError, "9"),
        (lambda t: anything.insert(t, 9, 0), IndexError, "9"),
        (lambda t: anything.polyder(t, -1), ValueError, "polyder: the order"),
        (lambda t: anything.polyint(t, -1), ValueError, "polyint: the order"),
        (lambda t: anything.polyint(t, 3, [1, 2]), ValueError, "polyint: expected one constant or 3, got 2"),
        (lambda t: anything.poly(t.reshape(1, -1)), ValueError, "poly: expected a vector of zeros or a square matrix"),
        (lambda t: anything.concatenate([t, t], dtype=int), DTypeError, "concatenate: float64 cannot become int64"),
        (lambda t: anything.take(t, [0], mode="near"), ValueError, "near|clipmode"),
        (lambda t: autograd.asarray_chkfinite(t * np.inf), ValueError, "infs or NaNs"),
        (
            lambda t: anything.apply_over_axes(lambda x, _: x.sum(), t.reshape(1, 1, -1), 0),
            ValueError,
            "apply_over_axes",
        ),
        (lambda t: anything.apply_along_axis(np.sum, 0, t.reshape(3, 1)[:, :0]), ShapeError, "apply_along_axis"),
    ],
)
def test_errors(call: Callable[[Tensor], Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call(leaf([1.0, 2.0, 3.0]))


@pytest.mark.parametrize("trim", ["f", "b", "fb"])
@pytest.mark.parametrize("values", [[0, 0, 1, 0, 2, 0], [0, 0], [], [1, 2]])
def test_zeros_are_trimmed(trim: str, values: list[float]) -> None:
    x = np.array(values, float)
    assert anything.trim_zeros(leaf(x), trim).numpy().tolist() == anything.trim_zeros(x, trim).tolist()


def test_zeros_are_trimmed_in_several_axes() -> None:
    x = np.zeros((4, 5))
    x[1, 2:4] = 1, 2
    assert np.trim_zeros(leaf(x)).numpy().tolist() == [[1, 2]]


def test_functions_along_axes() -> None:
    x = np.random.default_rng(0).normal(size=(2, 3, 4))
    for axis in (0, 1, -1):
        for f in (np.sum, lambda v: np.outer(v, v), np.cumsum):
            expected = np.apply_along_axis(f, axis, x)
            np.testing.assert_allclose(anything.apply_along_axis(f, axis, leaf(x)).numpy(), expected)
            check_grads(lambda t, f=f, axis=axis: np.apply_along_axis(f, axis, t), x)
    over = anything.apply_over_axes(np.sum, leaf(x), [0, 2])
    np.testing.assert_allclose(over.numpy(), np.apply_over_axes(np.sum, x, [0, 2]))


@pytest.mark.parametrize("mode", ["wrap", "clip"])
def test_taking_outside(mode: Any) -> None:
    x = np.arange(3.0)
    assert anything.take(leaf(x), [-4, 5, 1], mode=mode).numpy().tolist() == np.take(x, [-4, 5, 1], mode=mode).tolist()
    with pytest.raises(IndexError):
        anything.take(leaf(x), [5])


def test_constants_of_integration() -> None:
    p, k = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    np.testing.assert_array_equal(anything.polyint(leaf(p), 2, k).numpy(), np.polyint(p, 2, k))
    np.testing.assert_array_equal(anything.polyint(leaf(p), 2, 5).numpy(), np.polyint(p, 2, 5))
    check_grads(lambda p, k: np.polyint(p, 2, k), p, k)


def test_polynomials_are_those_of_their_zeros() -> None:
    zeros = np.array([1.0, -2.0, 0.5])
    np.testing.assert_allclose(anything.polyval(anything.poly(leaf(zeros)), zeros).numpy(), np.zeros(3), atol=1e-12)
