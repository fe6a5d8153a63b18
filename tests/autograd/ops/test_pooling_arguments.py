"""What a wrong pooling is told: what was expected, what came, what to do; and before anything is computed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tapegrad import autograd, nn, tensor
from tapegrad.autograd import DTypeError, ShapeError
from tapegrad.nn import functional as F

HERE = Path(__file__).name
IMAGES = (2, 3, 8, 9)
EVERY = ["max_pool2d", "avg_pool2d"]
ADAPTIVE = ["adaptive_max_pool2d", "adaptive_avg_pool2d"]


def assert_told(name: str, error: type[Exception], message: str, x: Any, *args: Any, **options: Any) -> None:
    """For arrays and tensors alike, with the user's line."""
    for made in (x, tensor(x, requires_grad=x.dtype.kind == "f")):
        with pytest.raises(error, match=f"^{name}: .*{re.escape(message)}.*; called at {HERE}") as caught:
            getattr(autograd, name)(made, *args, **options)
        assert type(caught.value) is error


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize(
    ("shape", "options", "error", "message"),
    [
        ((8, 9), {}, ShapeError, "expected x of 4 axes (N, C, H, W) or 3 (C, H, W), got (8, 9); add the channel axis"),
        ((1, 2, 3, 4, 5), {}, ShapeError, "expected x of 4 axes (N, C, H, W) or 3 (C, H, W), got (1, 2, 3, 4, 5)"),
        ((2, 3, 0, 9), {}, ShapeError, "x (2, 3, 0, 9) has an axis without positions"),
        (IMAGES, {"kernel_size": 0}, ValueError, "kernel_size must be at least 1, got 0"),
        (IMAGES, {"kernel_size": (2, -1)}, ValueError, "kernel_size must be at least 1, got (2, -1)"),
        (IMAGES, {"kernel_size": (2, 2, 2)}, ValueError, "kernel_size must be an int or a tuple of 2, got (2, 2, 2)"),
        (IMAGES, {"kernel_size": 2.0}, TypeError, "kernel_size must be an int or a tuple of ints, got 2.0"),
        (IMAGES, {"kernel_size": None}, TypeError, "kernel_size must be an int or a tuple of ints, got None"),
        (IMAGES, {"stride": 0}, ValueError, "stride must be at least 1, got 0"),
        (IMAGES, {"stride": (1,)}, ValueError, "stride must be an int or a tuple of 2, got (1,)"),
        (IMAGES, {"padding": -1}, ValueError, "padding must be at least 0, got -1"),
        (IMAGES, {"padding": 2}, ValueError, "padding must be at most half of kernel_size 3, got 2"),
        (IMAGES, {"padding": (1, 2)}, ValueError, "padding must be at most half of kernel_size 3, got (1, 2)"),
        (IMAGES, {"padding": ((1, 1), 1)}, ValueError, "padding must be an int or a tuple of 2, got ((1, 1), 1)"),
        (
            IMAGES,
            {"kernel_size": (9, 3), "padding": (0, 1)},
            ShapeError,
            "x (2, 3, 8, 9): the kernel reaches over (9, 3), but the padded input has only (8, 11)",
        ),
    ],
)
def test_what_is_no_pooling(name: str, shape: Any, options: Any, error: type[Exception], message: str) -> None:
    assert_told(name, error, message, np.zeros(shape), **{"kernel_size": 3, **options})


def test_what_dilation_adds() -> None:
    x = np.zeros(IMAGES)
    assert_told("max_pool2d", ValueError, "dilation must be at least 1, got 0", x, 2, dilation=0)
    assert_told("max_pool2d", ShapeError, "the kernel reaches over (9, 5), but the padded", x, 3, dilation=(4, 2))
    narrow = np.zeros((1, 1, 1, 9))
    assert_told(
        "max_pool2d", ShapeError, "a window sees padding alone", narrow, (2, 2), padding=(1, 0), dilation=(2, 1)
    )


@pytest.mark.parametrize("name", ADAPTIVE)
@pytest.mark.parametrize(
    ("shape", "size", "error", "message"),
    [
        ((8, 9), 2, ShapeError, "expected x of 4 axes (N, C, H, W) or 3 (C, H, W), got (8, 9)"),
        ((2, 3, 0, 9), 2, ShapeError, "x (2, 3, 0, 9) has an axis without positions"),
        (IMAGES, 0, ValueError, "output_size must be at least 1, got (0, 0)"),
        (IMAGES, (2, 2, 2), ValueError, "output_size must be an int or a tuple of 2, got (2, 2, 2)"),
        (IMAGES, (None,), ValueError, "output_size must be an int or a tuple of 2, got (None,)"),
        (IMAGES, (None, -1), ValueError, "output_size must be at least 1, got (8, -1)"),
        (IMAGES, "7", TypeError, "output_size must be an int or a tuple of ints, got '7'"),
    ],
)
def test_what_is_no_adaptive_pooling(name: str, shape: Any, size: Any, error: type[Exception], message: str) -> None:
    assert_told(name, error, message, np.zeros(shape), size)


def test_what_divides_by_zero() -> None:
    assert_told("avg_pool2d", ValueError, "divisor_override must not be 0", np.zeros(IMAGES), 2, divisor_override=0)
    assert_told("avg_pool2d", TypeError, "divisor_override must be an int", np.zeros(IMAGES), 2, divisor_override=0.5)


@pytest.mark.parametrize("name", ["max_pool2d", "adaptive_max_pool2d"])
def test_what_has_no_largest(name: str) -> None:
    assert_told(name, DTypeError, "expected real numbers, got complex128, which has no", np.zeros(IMAGES, complex), 2)


@pytest.mark.parametrize("name", [*EVERY, *ADAPTIVE])
def test_what_is_no_number(name: str) -> None:
    with pytest.raises(DTypeError, match=f"{name}: expected (real )?numbers, got <U1.*; called at {HERE}"):
        getattr(autograd, name)(np.full(IMAGES, "a"), 2)


def test_errors_name_the_tensor() -> None:
    class Net(nn.Module):
        def __init__(self) -> None:
            self.scale = nn.Parameter(np.zeros((2, 2)))

        def forward(self, x: Any) -> Any:
            return F.max_pool2d(self.scale, 2)

    with pytest.raises(ShapeError, match=f"x is scale, called at {HERE}"):
        Net()(tensor([1.0]))


def test_options_come_in_many_forms() -> None:
    x = np.random.default_rng(0).normal(size=IMAGES)
    options = (3, 2), (2, 1), (1, 0), (1, 2)
    expected = autograd.max_pool2d(x, *options)
    forms: tuple[Any, ...] = list, lambda pair: tuple(map(np.int8, pair))
    for form in forms:
        kernel_size, stride, padding, dilation = map(form, options)
        np.testing.assert_array_equal(autograd.max_pool2d(x, kernel_size, stride, padding, dilation), expected)
    np.testing.assert_array_equal(autograd.max_pool2d(x, np.int64(2)), autograd.max_pool2d(x, [2, 2]))
