"""NumPy's options of a universal function: where=, dtype=, casting=, several results; and SciPy's ufuncs."""

from __future__ import annotations

import subprocess
import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.special
from hypothesis import given, settings

from tapegrad import autograd, tensor
from tapegrad.autograd import MissingRuleError
from tapegrad.autograd.protocols.finding import found
from tapegrad.autograd.testing import check_grads, strategies as draw
from tapegrad.autograd.testing.strategies import POSITIVE, REAL

some = settings(max_examples=max(settings().max_examples // 4, 10))
X = np.array([[1.5, -2.0, 0.5], [3.0, 0.25, -1.0]])
V = np.array([2.0, 4.0, 0.5])


def leaf(x: Any) -> Any:  # for what NumPy's stubs do not know
    return tensor(x, requires_grad=True)


@given(draw.broadcasting_arrays(REAL, POSITIVE, REAL))
@some
def test_where_selects_what_is_computed(drawn: tuple[Any, ...]) -> None:
    """The value of NumPy where the mask holds, 0 elsewhere, and gradients to what went in."""
    x, y, z = drawn
    mask = z > 0
    full = np.broadcast_shapes(x.shape, y.shape, z.shape)
    expected = np.where(mask, np.divide(x, y), np.zeros(full, np.result_type(x, y)))
    got = np.divide(leaf(x), leaf(y), where=mask)
    assert got.dtype == expected.dtype
    np.testing.assert_array_equal(got.numpy(), expected)
    check_grads(lambda a, b: np.divide(a, b, where=mask), x, y)


def test_what_is_not_selected_warns_of_nothing() -> None:
    x = leaf([-1.0, 0.0, 4.0])
    with warnings.catch_warnings(action="error"):
        y = np.log(x, where=x > 0)
        y.sum().backward()
    assert y.numpy().tolist() == [0, 0, np.log(4)]
    assert x.grad is not None
    assert x.grad.numpy().tolist() == [0, 0, 0.25]


def test_where_keeps_python_numbers_weak_and_refuses_integers() -> None:
    x = leaf(np.array([1, 2], np.float32))
    assert np.multiply(x, 2.0, where=[True, False]).dtype == np.float32
    with pytest.raises(TypeError, match="safe"):
        np.exp(x, where=np.array([1, 0]))


def test_where_of_several_results_and_of_a_number() -> None:
    quotient, remainder = np.divmod(leaf(X), 2.0, where=X > 0)
    np.testing.assert_array_equal(quotient.numpy(), np.where(X > 0, X // 2, 0))
    np.testing.assert_array_equal(remainder.numpy(), np.where(X > 0, X % 2, 0))
    for mask in (True, False, np.array(True), np.array(False)):
        y = np.exp(leaf(2.0), where=mask)
        assert y.shape == ()
        assert y.item() == (np.exp(2.0) if mask else 0)


@pytest.mark.parametrize(
    ("call", "dtype"),
    [
        (lambda x: np.add(x, 1, dtype=np.float32), np.float32),
        (lambda x: np.exp(x, dtype=np.float32), np.float32),
        (lambda x: np.multiply(x, X, dtype=complex), np.complex128),
        (lambda x: np.add(x, np.arange(3), casting="safe"), np.float64),
        (lambda x: np.add(x, 1, order="F", subok=False), np.float64),
        (lambda x: np.matmul(x, X.T, dtype=np.float32), np.float32),
    ],
)
def test_dtype(call: Callable[[Any], Any], dtype: Any) -> None:
    y, expected = call(leaf(X)), call(X)
    assert y.dtype == expected.dtype == dtype
    np.testing.assert_array_equal(y.numpy(), expected)
    x = leaf(X)
    call(x).real.sum().backward()
    assert x.grad is not None
    assert x.grad.dtype == np.float64


def test_dtypes_that_numpy_refuses() -> None:
    with pytest.raises(TypeError, match="same_kind"):
        np.add(leaf(X), 1, dtype=np.int64)
    with pytest.raises(TypeError, match="safe"):
        np.add(leaf(X), 1, dtype=np.float32, casting="safe")
    with pytest.raises(MissingRuleError, match=r"np\.add with signature= has no derivative here"):
        np.add(leaf(X), 1, signature="dd->d")
    with pytest.raises(MissingRuleError, match=r"np\.matmul with axes= has no derivative here"):
        np.matmul(leaf(X), X.T, axes=[(0, 1), (0, 1), (0, 1)])
    vecdot: Any = np.vecdot
    assert vecdot(leaf(X), X, axis=0).shape == (3,)


def test_constants_take_all_options() -> None:
    x = leaf(X)
    out = np.zeros(X.shape, bool)
    assert np.greater(x, 0, out=out, where=X < 2) is out
    np.testing.assert_array_equal(out, (X > 0) & (X < 2))
    assert np.logical_and.reduce(x, axis=0).numpy().tolist() == [True] * 3
    assert np.equal.outer(V, x[0]).shape == (3, 3)
    assert not np.less(x, 1, dtype=bool).requires_grad


def test_integers_compute_as_numpy_does() -> None:
    n: Any = tensor([4, 6, 9])
    assert np.gcd(n, 6).numpy().tolist() == [2, 6, 3]
    assert np.add.reduce(n, dtype=np.int8).dtype == np.int8
    shifted: Any = np.left_shift.accumulate(n)
    assert shifted.numpy().tolist() == [4, 256, 131072]
    with pytest.raises(TypeError, match="gcd"):
        np.gcd(leaf([1.0]), 2)


def test_clip_of_an_array_between_tensors() -> None:
    low = leaf([0.0, 0.0, 0.0])
    y: Any = X.clip(low, 1.0)
    np.testing.assert_array_equal(y.numpy(), X.clip(0, 1))
    y.sum().backward()
    assert low.grad is not None
    assert low.grad.numpy().tolist() == [0, 1, 1]


def test_scipys_ufuncs_reach_ours() -> None:
    names = [name for name in autograd.special.__all__ if isinstance(getattr(scipy.special, name, None), np.ufunc)]
    assert len(names) > 50
    for name in names:
        assert found(getattr(scipy.special, name)) is getattr(autograd.special, name), name
    y = scipy.special.xlogy(leaf(0.0), leaf(0.0), where=True)
    assert y.requires_grad


def test_a_ufunc_of_scipy_that_we_lack() -> None:
    with pytest.raises(MissingRuleError, match=r"mathieu_a has no derivative here"):
        scipy.special.mathieu_a(1, leaf(0.5))


def test_modules_of_operations_are_imported_when_they_are_asked_for() -> None:
    program = """
import sys, numpy as np, tapegrad as tg
packages = {f"tapegrad.autograd.ops.{name}" for name in ("linalg", "fft", "special")}
loaded = lambda: sorted(packages & set(sys.modules))
before = loaded()
t = tg.tensor(np.eye(2), requires_grad=True)
np.linalg.det(t)
print(before, loaded(), "scipy" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] ['tapegrad.autograd.ops.linalg'] False"
