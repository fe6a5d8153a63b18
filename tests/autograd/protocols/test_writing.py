"""out=, and NumPy's functions that write into their argument: values of NumPy, and gradients to what was written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tapegrad import no_grad, tensor
from tapegrad.autograd import DetachError, GraphError, ShapeError
from tapegrad.autograd.testing import check_grads

X = np.array([[1.5, 2.0, 0.5], [3.0, 0.25, 1.0]])
V = np.array([2.0, 4.0, 0.5])
MASK = X > 0.75


def constant(x: Any) -> Any:
    return tensor(x)


def leaf(x: Any) -> Any:  # for what NumPy's stubs do not know
    return tensor(x, requires_grad=True)


OUT: dict[str, Callable[..., Any]] = {
    "ufunc": lambda x, v, out: np.multiply(x, v, out=out),
    "out by position": lambda x, v, out: np.multiply(x, v, out),
    "where": lambda x, v, out: np.multiply(x, v, out=out, where=MASK),
    "broadcast": lambda x, v, out: np.exp(v, out=out),
    "broadcast where": lambda x, v, out: np.exp(v, out=out, where=MASK),
    "its own argument": lambda x, v, out: np.multiply(out, v, out=out),
    "constant": lambda x, v, out: np.add(X, 1.0, out=out),
    "reduce": lambda x, v, out: np.add.reduce(x[..., None] * v, 2, out=out),
    "accumulate": lambda x, v, out: np.multiply.accumulate(x * v, 1, out=out),
    "function": lambda x, v, out: np.sum(x[..., None] * v, axis=2, out=out),
    "function, out by position": lambda x, v, out: np.clip(x * v, 0.6, 4.1, out),
    "cumsum": lambda x, v, out: np.cumsum(x * v, 0, None, out),
}


@pytest.mark.parametrize("name", OUT)
def test_out_is_written_and_returned(name: str) -> None:
    def f(x: Any, v: Any, before: Any) -> Any:
        out = before * 1.0
        assert OUT[name](x, v, out) is out
        return out * out

    expected = f(X, V, X + 7)
    np.testing.assert_allclose(f(leaf(X), leaf(V), leaf(X + 7)).numpy(), expected, rtol=1e-6)
    assert not f(constant(X), constant(V), constant(X + 7)).requires_grad
    check_grads(f, X, V, X + 7)


def test_several_results_go_where_they_are_told() -> None:
    x = leaf(X)
    out = x * 0
    divmod: Any = np.divmod
    quotient, remainder = divmod(x, 0.4, out=(None, out))
    assert remainder is out
    np.testing.assert_array_equal(quotient.numpy(), X // 0.4)
    np.testing.assert_array_equal(out.numpy(), X % 0.4)


def test_a_view_of_out_sees_it() -> None:
    y = leaf(X) * 1.0
    row = y[0]
    np.exp(leaf(V), out=row)
    np.testing.assert_array_equal(y.numpy(), [np.exp(V), X[1]])


def test_an_array_takes_plain_values_alone() -> None:
    out = np.zeros(3)
    assert np.exp(constant(V), out=out) is out
    np.testing.assert_array_equal(out, np.exp(V))
    assert np.sum(constant(X), axis=0, out=out) is out
    out += constant(V)
    np.testing.assert_array_equal(out, X.sum(axis=0) + V)
    for call in (
        lambda t: np.exp(t, out=out),
        lambda t: np.sum(t[None], axis=0, out=out),
        lambda t: np.add.reduce(t[None], out=out),
        lambda t: np.copyto(out, t),
        lambda t: np.put(out, [0], t[:1]),
    ):
        with pytest.raises(DetachError, match=r"np\.\S+: out= is an array, which cannot hold the gradient"):
            call(leaf(V))
    np.testing.assert_array_equal(out, X.sum(axis=0) + V)


def test_positions_go_into_integers() -> None:
    out = np.zeros(2, int)
    assert np.argmax(leaf(X), axis=1, out=out) is out
    assert out.tolist() == [1, 0]
    whole = constant(np.zeros(2, int))
    assert np.argmin(leaf(X), axis=1, out=whole) is whole
    assert whole.numpy().tolist() == [2, 1]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda t, y: np.exp(t, out=t), GraphError, r"np\.exp: .*leaf that requires a gradient"),
        (lambda t, y: np.exp(t, out=y[:1]), ShapeError, r"np\.exp: out= has shape \(1, 3\), the result .* \(2, 3\)"),
        (lambda t, y: np.sum(t, axis=0, out=y), ShapeError, r"np\.sum: out= has shape \(2, 3\), the result .* \(3,\)"),
        (
            lambda t, y: np.exp(t, out=constant(np.zeros(X.shape, int))),
            TypeError,
            "cannot cast float64 to the int64 of what is written to",
        ),
        (lambda t, y: np.add(t, 1j, out=y), TypeError, "cannot cast complex128 to the float64"),
        (lambda t, y: np.copyto(y, X[0, :2]), ShapeError, r"np\.copyto"),
        (lambda t, y: np.put(y, [17], 1.0), IndexError, "17"),
    ],
)
def test_what_does_not_fit_changes_nothing(call: Callable[..., Any], error: Any, message: str) -> None:
    t = leaf(X)
    y = t * 1.0
    with pytest.raises(error, match=message):
        call(t, y)
    np.testing.assert_array_equal(y.numpy(), X)
    np.testing.assert_array_equal(t.numpy(), X)


def test_a_leaf_takes_values_where_nothing_is_recorded() -> None:
    t = leaf(X)
    with no_grad():
        np.multiply(t, 2.0, out=t)
    np.testing.assert_array_equal(t.numpy(), 2 * X)
    assert t.is_leaf
    assert t.requires_grad


WRITERS: dict[str, Callable[[Any, Any], None]] = {
    "copyto": lambda y, v: np.copyto(y, v),
    "copyto where": lambda y, v: np.copyto(y, v, where=MASK),
    "put": lambda y, v: np.put(y, [0, -1, 0], v),
    "put repeats": lambda y, v: np.put(y, [0, 7, 2, 9], v, mode="wrap"),
    "place": lambda y, v: np.place(y, MASK, v),
    "putmask": lambda y, v: np.putmask(y, MASK, v),
    "put_along_axis": lambda y, v: np.put_along_axis(y, np.array([[2], [0]]), v[:1], 1),
    "fill_diagonal": lambda y, v: np.fill_diagonal(y, v[:2]),
    "fill_diagonal, by name": lambda y, v: np.fill_diagonal(a=y, val=v[0], wrap=True),
}


@pytest.mark.parametrize("name", WRITERS)
def test_functions_that_write(name: str) -> None:
    def f(before: Any, v: Any) -> Any:
        y = before * 1.0
        assert WRITERS[name](y, v) is None
        return y * y

    np.testing.assert_array_equal(f(leaf(X), leaf(V)).numpy(), f(X, V))
    check_grads(f, X, V)
    plain = X.copy()
    WRITERS[name](plain, constant(V))
    np.testing.assert_array_equal(plain**2, f(X, V))
