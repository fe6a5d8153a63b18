"""Unfold and fold against PyTorch; as each other's adjoint; and as the other way to a convolution."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st

from tapegrad import autograd, tensor
from tapegrad.autograd import ShapeError
from tapegrad.autograd.testing import check_adjoint, check_grads

from ..kernels.convolution.drawing import images
from .calls import entries, of_each

many = settings(max_examples=settings().max_examples * 4)


@st.composite
def unfoldings(call: st.DrawFn, dtypes: tuple[str, ...] = ("float32", "float64")) -> tuple[Any, dict[str, Any]]:
    options = {
        "kernel_size": call(entries(2, 1, 3)),
        "dilation": call(entries(2, 1, 2)),
        "padding": call(entries(2, 0, 2)),
        "stride": call(entries(2, 1, 3)),
    }
    kernel, dilation, padding = (of_each(options[name], 2) for name in ("kernel_size", "dilation", "padding"))
    least = [max(d * (k - 1) + 1 - 2 * p, 1) for k, d, p in zip(kernel, dilation, padding, strict=True)]
    height, width = (size + call(st.integers(0, 4)) for size in least)
    samples, channels, dtype = call(st.integers(1, 3)), call(st.integers(1, 3)), call(st.sampled_from(dtypes))
    x = call(images(samples, channels, (height, width), dtype))
    return (x if call(st.booleans()) else x[0]), options


@given(unfoldings())
@many
def test_they_are_pytorchs(drawn: tuple[Any, dict[str, Any]]) -> None:
    x, options = drawn
    ours, theirs = tensor(x, requires_grad=True), torch.tensor(np.array(x, order="C"), requires_grad=True)

    columns, expected = autograd.unfold(ours, **options), torch.nn.functional.unfold(theirs, **options)
    size = x.shape[-2:]
    back = autograd.fold(columns, size, **options)
    expected_back = torch.nn.functional.fold(expected, size, **options)
    back.backward(x)
    expected_back.backward(torch.tensor(np.array(x, order="C")))  # type: ignore[no-untyped-call]

    assert ours.grad is not None
    assert theirs.grad is not None
    for got, other in ((columns, expected), (back, expected_back), (ours.grad, theirs.grad)):
        np.testing.assert_allclose(got.numpy(), other.detach().numpy(), 1e-5, 1e-5)
        assert got.dtype == x.dtype


@given(unfoldings(("float64",)))
def test_they_are_each_others_adjoint(drawn: tuple[Any, dict[str, Any]]) -> None:
    x, options = drawn

    def unfold(x: Any) -> Any:
        return autograd.unfold(x, **options)

    def fold(columns: Any) -> Any:
        return autograd.fold(columns, x.shape[-2:], **options)

    check_adjoint(unfold, fold, x)
    check_grads(unfold, x)
    check_grads(fold, unfold(x))


@given(unfoldings(("int64",)))
def test_the_adjoint_is_exact(drawn: tuple[Any, dict[str, Any]]) -> None:
    x, options = drawn
    columns = autograd.unfold(x, **options)
    y = np.arange(columns.size).reshape(columns.shape)
    assert np.vdot(columns, y) == np.vdot(x, autograd.fold(y, x.shape[-2:], **options))


@given(unfoldings(("float64",)))
def test_a_convolution_is_a_product_with_the_columns(drawn: tuple[Any, dict[str, Any]]) -> None:
    x, options = drawn
    kernel = of_each(options.pop("kernel_size"), 2)
    weight = np.random.default_rng(0).normal(size=(4, x.shape[-3], *kernel))

    by_columns = weight.reshape(4, -1) @ autograd.unfold(x, kernel_size=kernel, **options)

    y = autograd.conv2d(x, weight, **options)
    np.testing.assert_allclose(by_columns.reshape(y.shape), y, 1e-12, 1e-12)


@pytest.mark.parametrize("shape", [(0, 3, 5, 5), (2, 0, 5, 5)])
def test_of_nothing(shape: tuple[int, ...]) -> None:
    x = tensor(np.zeros(shape), requires_grad=True)
    columns = autograd.unfold(x, 3, padding=((0, 1), (2, 0)))
    assert columns.shape == (shape[0], 9 * shape[1], 20)
    back = autograd.fold(columns, 5, 3, padding=((0, 1), (2, 0)))
    assert back.shape == shape
    back.sum().backward()
    assert x.grad is not None
    assert x.grad.shape == shape


def test_halves_add_up_in_single_precision() -> None:
    tenths = np.full((1, 64, 64), 0.1, np.float16)  # 64 windows of 64, each one further
    middle = autograd.fold(tenths, (1, 127), (1, 64))[0, 0, 0, 63]
    assert middle == np.float16(64 * np.float32(np.float16(0.1)))


IMAGES, COLUMNS = (2, 3, 5, 5), (2, 27, 9)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda x, _: autograd.unfold(x[0, 0], 3), ShapeError, "unfold: expected x of 4 axes (N, C, H, W) or 3"),
        (lambda x, _: autograd.unfold(x, 6), ShapeError, "unfold: x (2, 3, 5, 5): the kernel reaches over (6, 6)"),
        (lambda x, _: autograd.unfold(x, 0), ValueError, "unfold: kernel_size must be at least 1, got 0"),
        (lambda x, _: autograd.unfold(x, (3,)), ValueError, "unfold: kernel_size must be an int or a tuple of 2"),
        (lambda x, _: autograd.unfold(x, 3, stride=0), ValueError, "unfold: stride must be at least 1, got 0"),
        (lambda x, _: autograd.unfold(x, 3, padding=-1), ValueError, "unfold: padding must be at least 0, got -1"),
        (lambda x, _: autograd.unfold(x, 3, 1.5), TypeError, "unfold: dilation must be an int or a tuple of ints"),
        (lambda _, c: autograd.fold(c[0, 0], 5, 3), ShapeError, "fold: expected x of 3 axes (N, C kH kW, L) or 2"),
        (lambda _, c: autograd.fold(c, 5, 2), ShapeError, "fold: x (2, 27, 9): 27 rows are not divisible by the 4"),
        (
            lambda _, c: autograd.fold(c, (5, 6), 3),
            ShapeError,
            "fold: x (2, 27, 9): a result of (5, 6) has (3, 4) windows, 12, but x 9",
        ),
        (lambda _, c: autograd.fold(c, (5, 5, 5), 3), ValueError, "fold: output_size must be an int or a tuple of 2"),
        (lambda _, c: autograd.fold(c, 0, 3), ValueError, "fold: output_size must be at least 1, got 0"),
        (lambda _, c: autograd.fold(c, 2, 3), ShapeError, "fold: output_size (2, 2): the kernel reaches over (3, 3)"),
    ],
)
def test_what_is_wrong_is_said(call: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=re.escape(message)) as caught:
        call(np.zeros(IMAGES), np.zeros(COLUMNS))
    assert "called at test_windows.py:" in str(caught.value)
