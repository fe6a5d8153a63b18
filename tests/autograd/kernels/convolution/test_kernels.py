"""Each way to compute a convolution against the reference, on everything that it takes."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings, strategies as st

from tapegrad.autograd.kernels import convolution, pooling
from tapegrad.autograd.kernels.convolution import Geometry, depthwise, direct, reference, winograd
from tapegrad.autograd.kernels.layout import channels_last, pixels, planes
from tapegrad.autograd.kernels.pooling.regions import sliding

from .drawing import Drawn, convolutions, images

many = settings(max_examples=settings().max_examples * 8)
WIDTHS = (1, 2, 3, 7, 8, 16, 17, 31, 32, 33, 64, 70)
EPS = {"e": 2e-3, "f": 2e-5, "d": 2e-13}


def assert_close(got: Any, expected: Any) -> None:
    """Equal up to rounding of sums as large as the largest."""
    assert (got.shape, got.dtype) == (expected.shape, expected.dtype)
    scale = np.abs(expected).max(initial=1)
    np.testing.assert_allclose(got / scale, expected / scale, rtol=0, atol=EPS[expected.dtype.char])


def last(x: Any) -> Any:
    return pixels(channels_last(x))


def assert_agrees(route: ModuleType, drawn: Drawn) -> None:
    """Forward, with and without relu, and both gradients of one way to compute are the reference's."""
    x, w, b, geometry, g = drawn
    y = reference.convolve(x, w, b, geometry)
    made, _ = route.convolve(last(x), w, b, geometry, False, False)
    rectified, _ = route.convolve(last(x), w, b, geometry, True, False)
    gx = route.input_gradient(last(g), w, drawn.spatial, geometry)
    gw = route.weight_gradient(last(x), last(g), drawn.kernel, geometry)

    assert_close(planes(made), y)
    assert_close(planes(rectified), np.maximum(y, 0))
    assert_close(planes(gx), reference.input_gradient(g, w, drawn.spatial, geometry))
    assert_close(gw, reference.weight_gradient(x, g, drawn.kernel, geometry))


@given(convolutions(widths=WIDTHS, samples=(1, 2, 3)))
@many
def test_direct(drawn: Drawn) -> None:
    assume(drawn.x.size and drawn.g.size)
    assert_agrees(direct, drawn)


@st.composite
def windows_of_three(call: st.DrawFn) -> Drawn:
    """3×3 kernels without stride, dilation or groups, of images as small as can be and larger."""
    width = st.sampled_from((0, 0, 1, 1, 2, 9))  # so wide that whole patches hold nothing else
    padding = tuple(call(st.tuples(width, width)) for _ in range(2))
    room = call(st.sampled_from(((11, 11), (11, 11), (80, 2), (40, 9), (2, 40))))  # tall ones are cut into strips
    spatial = tuple(max(1, 3 - sum(p)) + call(st.integers(0, most)) for p, most in zip(padding, room, strict=True))
    geometry = Geometry((1, 1), padding, (1, 1))
    count, into, out = call(st.integers(1, 4)), call(st.sampled_from(WIDTHS)), call(st.sampled_from(WIDTHS))
    return Drawn(
        call(images(count, into, spatial, "float32")),
        call(images(out, into, (3, 3), "float32")),
        call(st.none() | st.just(np.linspace(-1, 1, out, dtype=np.float32))),
        geometry,
        call(images(count, out, geometry.output(spatial, (3, 3)), "float32")),
    )


@given(windows_of_three())
@many
def test_winograd(drawn: Drawn) -> None:
    assert_agrees(winograd, drawn)


@st.composite
def each_channel_alone(call: st.DrawFn) -> Drawn:
    drawn = call(convolutions(widths=(1,), samples=(1, 2, 3), max_groups=40))
    return drawn


@given(each_channel_alone())
@many
def test_depthwise(drawn: Drawn) -> None:
    assume(drawn.x.size and drawn.g.size)
    assert_agrees(depthwise, drawn)


@given(convolutions(dtypes=("float16", "float32", "float64"), widths=WIDTHS))
@many
def test_what_is_chosen(drawn: Drawn) -> None:
    x, w, b, geometry, g = drawn
    assert_close(convolution.convolve(x, w, b, geometry), reference.convolve(x, w, b, geometry))
    assert_close(
        convolution.input_gradient(g, w, drawn.spatial, geometry),
        reference.input_gradient(g, w, drawn.spatial, geometry),
    )
    assert_close(
        convolution.weight_gradient(x, g, drawn.kernel, geometry),
        reference.weight_gradient(x, g, drawn.kernel, geometry),
    )


@given(convolutions(axes=(2,), widths=WIDTHS, samples=(1, 2, 3)) | windows_of_three(), st.booleans())
@many
def test_pooled(drawn: Drawn, relu: bool) -> None:
    x, w, b, geometry, _ = drawn
    y = convolution.convolve(x, w, b, geometry)
    H, W = y.shape[2:]
    assume(x.size and H > 1 and W > 1)

    values, winners = convolution.convolve_pooled(x, w, b, geometry, relu)

    regions = sliding((H, W), (H // 2, W // 2), (2, 2), (2, 2), (0, 0), (1, 1))
    expected, expected_winners = pooling.reference.pool(y, regions, relu)
    assert_close(values, expected)
    differs = winners != expected_winners  # where rounding decides between two
    assert winners.dtype == expected_winners.dtype
    assert differs.mean() < 0.01 or not np.abs(y).max() > 0


@pytest.mark.parametrize("route", [direct, winograd])
def test_nan_goes_through_relu_and_pooling(route: ModuleType) -> None:
    x = np.zeros((1, 6, 6, 3), np.float32)
    x[0, 5, 5, 0] = np.nan
    w = np.ones((32, 3, 3, 3), np.float32)
    geometry = Geometry((1, 1), ((0, 0), (0, 0)), (1, 1))

    y, winners = route.convolve(x, w, None, geometry, True, True)

    assert np.isnan(y[0, 1, 1]).all()
    assert (winners[0, 1, 1] == 4).all()  # relu lets no gradient through to NaN
    assert not np.isnan(y[0, 0, 0]).any() or route is winograd  # a tile of Winograd's is computed as a whole
