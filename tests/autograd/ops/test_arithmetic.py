"""Numbers taken apart, and those that are special: what no table says of frexp, modf, real_if_close, nan_to_num."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from tapegrad import autograd, tensor
from tapegrad.autograd.testing import check_grads, strategies as draw

some = settings(max_examples=max(settings().max_examples // 4, 10))
SPECIAL = np.array([0.0, -0.0, 1.0, -1.5, 0.75, 5e-324, -1e-310, 1.7e308, np.inf, -np.inf, np.nan])


def leaf(x: Any) -> Any:  # for what NumPy's stubs do not know
    return tensor(x, requires_grad=True)


@given(draw.arrays(domain=draw.NONZERO))
@some
def test_frexp(x: Any) -> None:
    """Powers of two keep their exponents nearby, so the mantissa is linear there."""
    mantissa, exponent = np.frexp(leaf(x))
    expected = np.frexp(x)
    np.testing.assert_array_equal(mantissa.numpy(), expected[0])
    np.testing.assert_array_equal(exponent.numpy(), expected[1])
    assert mantissa.dtype == x.dtype
    assert mantissa.requires_grad
    assert not exponent.requires_grad
    if (np.abs(np.abs(expected[0]) - 0.75) < 0.24).all():
        check_grads(lambda t: autograd.frexp(t)[0], x)


@pytest.mark.parametrize("name", ["frexp", "modf", "divmod", "spacing", "nan_to_num", "copysign", "nextafter"])
def test_special_numbers_are_numpys(name: str) -> None:
    rest = (-0.3,) if name in ("divmod", "copysign", "nextafter") else ()
    with np.errstate(all="ignore"):
        got, expected = getattr(np, name)(leaf(SPECIAL), *rest), getattr(np, name)(SPECIAL, *rest)
    for one, other in zip(got, expected, strict=True) if isinstance(expected, tuple) else [(got, expected)]:
        np.testing.assert_array_equal(one.numpy(), other)
        np.testing.assert_array_equal(np.signbit(one.numpy()), np.signbit(other))


@pytest.mark.parametrize(
    ("x", "tol", "kind"),
    [([1 + 1e-15j, 2.0], 100, "f"), ([1 + 1e-10j], 100, "c"), ([1 + 1e-10j], 1e-9, "f"), ([1.5, 2.0], 100, "f")],
)
def test_real_if_close(x: Any, tol: float, kind: str) -> None:
    t = leaf(x)
    y: Any = np.real_if_close(t, tol)
    assert y.dtype.kind == kind == np.real_if_close(np.array(x), tol).dtype.kind
    np.testing.assert_array_equal(y.numpy(), np.real_if_close(np.array(x), tol))
    assert y.requires_grad


def test_nan_to_num_replaces_the_parts_of_complex_numbers() -> None:
    x = np.array([complex(np.nan, 2), complex(3, np.inf), 1 + 1j])
    t = leaf(x)
    y: Any = np.nan_to_num(t, nan=-1.0, posinf=9.0)
    np.testing.assert_array_equal(y.numpy(), np.nan_to_num(x, nan=-1.0, posinf=9.0))
    (y.real + y.imag).sum().backward()
    assert t.grad is not None
    assert t.grad.numpy().tolist() == [1j, 1, 1 + 1j]


def test_nan_to_num_in_place() -> None:
    t = leaf([np.nan, 2.0])
    y = t * 3
    assert np.nan_to_num(y, copy=False, nan=5.0) is y
    assert y.numpy().tolist() == [5, 6]
    y.sum().backward()
    assert t.grad is not None
    assert t.grad.numpy().tolist() == [0, 3]
