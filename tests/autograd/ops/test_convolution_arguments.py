"""What a wrong convolution is told: what was expected, what came, what to do; and before anything is computed."""

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
IMAGES, WEIGHT = (2, 4, 8, 9), (6, 4, 3, 3)
BACK = (4, 6, 3, 3)


def arrays(*shapes: tuple[int, ...]) -> list[Any]:
    return [np.zeros(shape) for shape in shapes]


@pytest.mark.parametrize(
    ("shapes", "options", "message"),
    [
        (
            ((28, 28), WEIGHT),
            {},
            "expected x of 4 axes (N, C, H, W) or 3 (C, H, W), got (28, 28); add the channel axis",
        ),
        (((2, 3, 4, 5, 6), WEIGHT), {}, "expected x of 4 axes (N, C, H, W) or 3 (C, H, W), got (2, 3, 4, 5, 6)"),
        ((IMAGES, (6, 36)), {}, "expected weight of 4 axes (O, C / groups, kH, kW), got (6, 36)"),
        ((IMAGES, (6, 3, 3, 3)), {}, "x (2, 4, 8, 9), weight (6, 3, 3, 3): x has 4 channels, but weight takes 3"),
        ((IMAGES, WEIGHT), {"groups": 2}, "x has 4 channels, but weight takes 2 groups of 4"),
        ((IMAGES, (5, 2, 3, 3)), {"groups": 2}, "weight (5, 2, 3, 3): its 5 kernels are not divisible by groups=2"),
        ((IMAGES, WEIGHT, (4,)), {}, "weight (6, 4, 3, 3) needs a bias of shape (6,), got (4,)"),
        ((IMAGES, WEIGHT, (6, 1, 1)), {}, "needs a bias of shape (6,), got (6, 1, 1)"),
        ((IMAGES, WEIGHT, ()), {}, "needs a bias of shape (6,), got ()"),
        ((IMAGES, (6, 4, 0, 3)), {}, "weight (6, 4, 0, 3): a kernel has at least one position along each axis"),
        (
            ((2, 4, 2, 9), WEIGHT),
            {},
            "x (2, 4, 2, 9), weight (6, 4, 3, 3): the kernel reaches over (3, 3), but the padded input has only (2, 9)",
        ),
        ((IMAGES, WEIGHT), {"dilation": (1, 6), "padding": (0, 1)}, "reaches over (3, 13), but the padded input has"),
        (((0, 4, 0, 9), WEIGHT), {}, "only (0, 9); pad more, or take a smaller kernel or dilation"),
    ],
)
def test_shapes_that_do_not_go_together(shapes: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ShapeError, match=re.escape(message)) as caught:
        autograd.conv2d(*arrays(*shapes), **options)
    assert str(caught.value).startswith("conv2d: ")
    assert f"called at {HERE}:" in str(caught.value)


OPTIONS = [
    ({"stride": 0}, ValueError, "stride must be at least 1, got 0"),
    ({"stride": (1, -1)}, ValueError, "stride must be at least 1, got (1, -1)"),
    ({"stride": (1, 1, 1)}, ValueError, "stride must be an int or a tuple of 2, got (1, 1, 1)"),
    ({"stride": ()}, ValueError, "stride must be an int or a tuple of 2, got ()"),
    ({"stride": ((1, 1), (1, 1))}, ValueError, "stride must be an int or a tuple of 2, got ((1, 1), (1, 1))"),
    ({"stride": 1.0}, TypeError, "stride must be an int or a tuple of ints, got 1.0"),
    ({"stride": (1, 1.0)}, TypeError, "stride must be an int or a tuple of ints, got 1.0"),
    ({"stride": None}, TypeError, "stride must be an int or a tuple of ints, got None"),
    ({"stride": np.array([1, 1])}, TypeError, "stride must be an int or a tuple of ints, got array([1, 1])"),
    ({"dilation": 0}, ValueError, "dilation must be at least 1, got 0"),
    ({"dilation": [2]}, ValueError, "dilation must be an int or a tuple of 2, got (2,)"),
    ({"dilation": {2}}, TypeError, "dilation must be an int or a tuple of ints, got {2}"),
    ({"padding": -1}, ValueError, "padding must be at least 0, got -1"),
    ({"padding": ((0, 1), (-1, 1))}, ValueError, "padding must be at least 0, got ((0, 1), (-1, 1))"),
    ({"padding": (1,)}, ValueError, "padding must be an int or a tuple of 2, each an int or a pair (before, after)"),
    ({"padding": ((1, 1, 1), 0)}, ValueError, "each an int or a pair (before, after), got ((1, 1, 1), 0)"),
    ({"padding": ((1, (2, 3)), 0)}, ValueError, "each an int or a pair (before, after), got ((1, (2, 3)), 0)"),
    ({"padding": 0.5}, TypeError, "padding must be an int or a tuple of ints, got 0.5"),
    ({"groups": 0}, ValueError, "groups must be at least 1, got 0"),
    ({"groups": -2}, ValueError, "groups must be at least 1, got -2"),
    ({"groups": (1, 1)}, TypeError, "groups must be an int, got (1, 1)"),
    ({"groups": "2"}, TypeError, "groups must be an int or a tuple of ints, got '2'"),
]


@pytest.mark.parametrize(("options", "kind", "message"), OPTIONS)
def test_options_that_are_no_way_to_move(options: dict[str, Any], kind: type[Exception], message: str) -> None:
    for name, weight in (("conv2d", WEIGHT), ("conv_transpose2d", BACK)):
        autograd.conv2d(np.zeros(IMAGES), np.zeros(WEIGHT), stride=1, dilation=(1, 1), groups=1)  # cached, and equal
        with pytest.raises(kind, match=re.escape(f"{name}: ") + ".*" + re.escape(message)) as caught:
            getattr(autograd, name)(*arrays(IMAGES, weight), **options)
        assert f"called at {HERE}:" in str(caught.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"padding": "full"}, "padding must be 'same', 'valid' or numbers, got 'full'"),
        ({"padding": "same", "stride": (1, 2)}, "padding='same' needs stride 1, got (1, 2)"),
    ],
)
def test_paddings_by_name(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        autograd.conv2d(*arrays(IMAGES, WEIGHT), **options)
    with pytest.raises(TypeError, match="conv_transpose2d: padding must be an int or a tuple of ints, got"):
        autograd.conv_transpose2d(np.zeros(IMAGES), np.zeros(BACK), padding=options["padding"])


@pytest.mark.parametrize(
    ("shapes", "options", "kind", "message"),
    [
        (((8, 9), BACK), {}, ShapeError, "expected x of 4 axes (N, C, H, W) or 3 (C, H, W), got (8, 9)"),
        ((IMAGES, (4, 6, 9)), {}, ShapeError, "expected weight of 4 axes (C, O / groups, kH, kW), got (4, 6, 9)"),
        ((IMAGES, (6, 4, 3, 3)), {}, ShapeError, "x has 4 channels, but weight takes 6"),
        ((IMAGES, BACK), {"groups": 3}, ShapeError, "the 4 channels of x are not divisible by groups=3"),
        ((IMAGES, BACK, (4,)), {}, ShapeError, "weight (4, 6, 3, 3) needs a bias of shape (6,), got (4,)"),
        ((IMAGES, BACK, (6,)), {"groups": 2}, ShapeError, "weight (4, 6, 3, 3) needs a bias of shape (12,), got (6,)"),
        (((2, 4, 0, 9), BACK), {}, ShapeError, "x has an axis without positions"),
        (((2, 4, 1, 9), BACK), {"padding": 2}, ShapeError, "padding 2 leaves nothing of the result, (-1, 7); pad less"),
        ((IMAGES, BACK), {"output_padding": -1}, ValueError, "output_padding must be at least 0, got -1"),
        (
            (IMAGES, BACK),
            {"output_padding": (1, 2), "stride": 2},
            ValueError,
            "output_padding must be less than stride or dilation, got (1, 2) with stride 2 and dilation 1",
        ),
    ],
)
def test_transposed(shapes: Any, options: dict[str, Any], kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=re.escape("conv_transpose2d: ") + ".*" + re.escape(message)):
        autograd.conv_transpose2d(*arrays(*shapes), **options)


@pytest.mark.parametrize(
    ("name", "x", "weight", "axes"),
    [
        ("conv1d", (5,), (1, 1, 1), "3 axes (N, C, L) or 2 (C, L), got (5,); add the channel axis, x[None]"),
        ("conv3d", (1, 1, 5), (1, 1, 1, 1, 1), "5 axes (N, C, D, H, W) or 4 (C, D, H, W), got (1, 1, 5)"),
        ("conv1d", (1, 5), (1, 1), "3 axes (O, C / groups, kL), got (1, 1)"),
        ("conv_transpose3d", (1, 1, 1, 5), (1, 1), "5 axes (C, O / groups, kD, kH, kW), got (1, 1)"),
    ],
)
def test_axes_have_their_names(name: str, x: Any, weight: Any, axes: str) -> None:
    with pytest.raises(ShapeError, match=re.escape(axes)):
        getattr(autograd, name)(*arrays(x, weight))


@pytest.mark.parametrize("dtypes", [("bool", "bool"), ("U1", "float64"), ("float64", "datetime64[s]"), ("O", "O")])
def test_what_is_no_number(dtypes: tuple[str, str]) -> None:
    x, weight = np.zeros(IMAGES, dtypes[0]), np.zeros(WEIGHT, dtypes[1])
    with pytest.raises(DTypeError, match=r"conv2d: expected numbers, got .*; convert them with \.astype"):
        autograd.conv2d(x, weight)


def test_a_layer_is_named() -> None:
    class Net(nn.Module):
        def __init__(self) -> None:
            self.kernels = [nn.Parameter(np.zeros(WEIGHT))]

        def forward(self, x: Any) -> Any:
            return F.conv2d(x, self.kernels[0])

    with pytest.raises(ShapeError, match=rf"weight takes 4; weight is kernels\.0, called at {HERE}:\d+$"):
        Net()(tensor(np.zeros((1, 3, 8, 8))))


def test_nothing_is_recorded_of_a_call_that_failed() -> None:
    x = tensor(np.zeros(IMAGES), requires_grad=True)
    with pytest.raises(ShapeError):
        autograd.conv2d(x, np.zeros((1, 1, 1, 1)))
    autograd.conv2d(x, np.ones(WEIGHT)).sum().backward()
    assert x.grad is not None


def test_numpys_integers_are_ints() -> None:
    x, weight = arrays(IMAGES, WEIGHT)
    y = autograd.conv2d(x, weight, stride=np.int64(2), padding=[np.int8(1), (1, 2)])
    assert y.shape == (2, 6, 4, 5)
