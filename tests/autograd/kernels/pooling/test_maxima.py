"""Each way to pool against the definition: the reference, vectors of channels, planes turned, one number at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from tapegrad.autograd.kernels import layout
from tapegrad.autograd.kernels.jit import enabled
from tapegrad.autograd.kernels.pooling import Regions, launching, maxima, places, put, reference, take
from tapegrad.autograd.kernels.pooling.regions import adaptive, side_by_side, sliding
from tapegrad.autograd.sliding.pooling import window_regions
from tapegrad.autograd.testing import strategies as draw

from . import definitions
from .drawing import Drawn, images, pools, regions_of, winners_of

many = settings(max_examples=settings().max_examples * 4)
WAYS = {"reference": reference, "kernels": launching} if enabled() else {"reference": reference}
every_way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


@every_way
@given(pools(), st.booleans())
@many
def test_pool(way: Any, drawn: Drawn, relu: bool) -> None:
    x, regions = drawn
    before = x.tobytes()

    y, winners = way.pool(x, regions, relu)

    expected, expected_winners = definitions.pool(x, regions, relu)
    assert (y.dtype, winners.dtype) == (x.dtype, regions.dtype)
    np.testing.assert_array_equal(y, expected)
    np.testing.assert_array_equal(winners, expected_winners)
    assert x.tobytes() == before


@every_way
@given(st.data())
@many
def test_put(way: Any, data: st.DataObject) -> None:
    """Gradients and winners may lie in memory in different ways."""
    regions = data.draw(regions_of())
    leading = data.draw(st.integers(1, 3)), data.draw(st.sampled_from((1, 3, 16, 17, 33, 40)))
    winners = data.draw(winners_of(leading, regions))
    if data.draw(st.booleans()):
        winners = layout.channels_last(winners)
    g = data.draw(images(winners.shape, data.draw(draw.dtypes())))

    with np.errstate(invalid="ignore"):
        gx, expected = way.put(g, winners, regions), definitions.put(g, winners, regions)

    assert gx.dtype == g.dtype
    np.testing.assert_allclose(gx, expected, rtol=1e-5 if g.dtype == np.float32 else 1e-13, atol=1e-5)


@every_way
@pytest.mark.parametrize(
    "regions",
    [
        window_regions("", 2, (1, 10, 2), (5, 1), 1, (2, 0), 2, False),
        window_regions("", 2, (1, 12, 3), (4, 2), 1, (2, 1), (3, 1), False),
        window_regions("", 2, (1, 9, 7), 2, 2, 0, 2, False),
        window_regions("", 2, (1, 5, 9), 2, 3, 1, 1, True),
    ],
    ids=str,
)
def test_put_with_gaps(way: Any, regions: Regions) -> None:
    """Windows whose elements interleave: neither in order, nor tiles though they begin where the last one's end is."""
    rng = np.random.default_rng(0)
    for channels in (1, 20, 40):
        x = rng.normal(size=(20, channels, *regions.spatial)).astype(np.float32)
        for arrange in (layout.channels_first, layout.channels_last):
            y, winners = way.pool(arrange(x), regions, False)
            np.testing.assert_allclose(way.put(y, winners, regions), definitions.put(y, winners, regions), 1e-6)


@given(st.data())
def test_take(data: st.DataObject) -> None:
    regions = data.draw(regions_of())
    winners = data.draw(winners_of((2, 3), regions))
    x = data.draw(images((2, 3, *regions.spatial), "float64"))
    np.testing.assert_array_equal(take(x, winners, regions), definitions.take(x, winners, regions))


@given(pools(widths=(3,)))
def test_places_are_in_the_raveled_image(drawn: Drawn) -> None:
    x, regions = drawn
    y, winners = maxima.pool(x, regions)
    flat = x.reshape(*x.shape[:2], -1)
    at = places(winners, regions)
    assert at.dtype == np.int64
    np.testing.assert_array_equal(np.take_along_axis(flat, at.reshape(*x.shape[:2], -1), -1).reshape(y.shape), y)


PLAIN = side_by_side((40, 30))


@every_way
@pytest.mark.parametrize("shape", [(2, 33), (33,), (3, 5), (), (2, 1, 17)])
@pytest.mark.parametrize(
    "regions", [PLAIN, *(adaptive((40, 30), output) for output in ((1, 1), (7, 4), (24, 18)))], ids=str
)
def test_any_number_of_axes_may_come_before_space(way: Any, shape: tuple[int, ...], regions: Regions) -> None:
    x = np.random.default_rng(0).normal(size=(*shape, 40, 30)).astype(np.float32)

    y, winners = way.pool(x, regions, False)
    gx = way.put(y, winners, regions)

    expected, expected_winners = reference.pool(x, regions, False)
    np.testing.assert_array_equal(y, expected)
    np.testing.assert_array_equal(winners, expected_winners)
    np.testing.assert_allclose(gx, reference.put(y, winners, regions), rtol=1e-6)


@every_way
@given(
    space=st.tuples(st.integers(2, 7), st.integers(2, 7)),
    channels=st.sampled_from((8, 16, 17, 31, 32, 40)),
    relu=st.booleans(),
    dtype=st.sampled_from(("float32", "float64")),
    seed=st.integers(0, 99),
)
def test_squares_side_by_side(
    way: Any, space: tuple[int, int], channels: int, relu: bool, dtype: str, seed: int
) -> None:
    """The most common pooling has kernels of its own. Of an odd side the last row or column is in no square."""
    regions = side_by_side(space)
    assert regions.squares
    values = np.array([-1, 0, -0.0, 1, 2, np.inf, -np.inf, np.nan], dtype)
    x = layout.channels_last(np.random.default_rng(seed).choice(values, (2, channels, *space)))

    y, winners = way.pool(x, regions, relu)
    gx = way.put(y, winners, regions)

    expected, expected_winners = definitions.pool(x, regions, relu)
    np.testing.assert_array_equal(y, expected)
    np.testing.assert_array_equal(winners, expected_winners)
    np.testing.assert_array_equal(gx, definitions.put(y, winners, regions))


@every_way
@pytest.mark.parametrize("size", [(1, 16), (16, 16)])
def test_winners_of_large_regions_take_more_than_a_byte(way: Any, size: tuple[int, int]) -> None:
    """Of 255 positions a byte holds all, and nobody; 256 are too many."""
    for width, dtype in ((size[1] - 1, np.uint8), (size[1], np.uint8 if size[0] == 1 else np.int32)):
        regions = adaptive((size[0], width), (1, 1))
        x = np.zeros((2, 20, size[0], width))
        x[..., -1, -1] = 1
        for arrange in (layout.channels_first, layout.channels_last):
            y, winners = way.pool(arrange(x), regions, False)
            assert winners.dtype == dtype
            assert (winners == size[0] * width - 1).all()
            np.testing.assert_array_equal(way.put(y, winners, regions), x)


@pytest.mark.parametrize("channels", [16, 20, 64])
def test_results_lie_in_memory_as_images_do(channels: int) -> None:
    x = np.random.default_rng(0).normal(size=(2, channels, 40, 30)).astype(np.float32)

    for arrange, lies_so in (
        (layout.channels_last, layout.is_channels_last),
        (layout.channels_first, lambda y: y.flags.c_contiguous),
    ):
        y, winners = maxima.pool(arrange(x), PLAIN)
        other = layout.channels_first if arrange is layout.channels_last else layout.channels_last
        gx, same = (put(g, winners, PLAIN) for g in (y, other(y)))
        if enabled():
            assert all(map(lies_so, (y, winners, gx, same)))
        np.testing.assert_array_equal(gx, same)


@pytest.mark.parametrize("make", [lambda x: x, lambda x: x.astype(np.float16), lambda x: x.astype(">f4")])
@pytest.mark.parametrize("shape", [(2, 3, 4, 6), (2, 40, 8, 6)])
def test_other_dtypes(make: Callable[[Any], Any], shape: tuple[int, ...]) -> None:
    """Small and large, integers, halves, and bytes in the other order."""
    x = make(np.random.default_rng(0).integers(-9, 9, shape))
    regions = sliding(shape[2:], (shape[2] // 2, 2), (2, 3), (2, 3), (0, 0), (1, 1))

    y, winners = maxima.pool(x, regions)

    expected, expected_winners = definitions.pool(x, regions)
    assert y.dtype == x.dtype
    np.testing.assert_array_equal(y, expected)
    np.testing.assert_array_equal(winners, expected_winners)
    np.testing.assert_array_equal(put(y, winners, regions), definitions.put(y, winners, regions))
