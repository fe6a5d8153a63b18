from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from hypothesis import given, strategies as st
from numpy.typing import NDArray
from scipy import ndimage

from tapegrad.datasets.transforms.resampling import memory, pixel_grid, resample


def places(count: int, height: int, width: int, seed: int) -> NDArray[np.float32]:
    """Positions in images, on their borders and outside of them, (2, n, H W)."""
    rng = np.random.default_rng(seed)
    within = np.array([width, height]).reshape(2, 1, 1) * rng.uniform(-0.5, 1.5, (2, count, height * width))
    return np.where(rng.random(within.shape) < 0.2, within.round(), within).astype(np.float32)


def at(positions: NDArray[np.float32], block: slice) -> NDArray[np.float32]:
    return positions[:, block].copy()


@given(
    count=st.integers(1, 4),
    channels=st.integers(1, 3),
    height=st.integers(1, 9),
    width=st.integers(1, 9),
    fill=st.sampled_from([0.0, 1.0, -0.5]),
    seed=st.integers(0, 2**32),
)
def test_against_scipy(count: int, channels: int, height: int, width: int, fill: float, seed: int) -> None:
    images = np.random.default_rng(seed).random((count, channels, height, width), dtype=np.float32)
    positions = places(count, height, width, seed)

    resampled = resample(images, lambda block: at(positions, block), fill)

    for image in range(count):
        for channel in range(channels):
            expected = ndimage.map_coordinates(
                images[image, channel].astype(np.float64),
                positions[::-1, image].astype(np.float64),
                order=1,
                mode="grid-constant",
                cval=fill,
            )
            np.testing.assert_allclose(resampled[image, channel].ravel(), expected, atol=1e-5)


@pytest.mark.parametrize("shape", [(3, 2, 5, 8), (200, 1, 10, 10), (2, 1, 270, 250)], ids=["one", "many", "large"])
def test_against_torch_in_one_block_and_in_many(shape: tuple[int, int, int, int]) -> None:
    count, _, height, width = shape
    images = np.random.default_rng(1).random(shape, dtype=np.float32)
    positions = places(count, height, width, 2)

    resampled = resample(images, lambda block: at(positions, block), 0.0)

    size = torch.tensor([width, height])
    grid = (2 * torch.from_numpy(positions).permute(1, 2, 0) + 1) / size - 1
    expected = torch.nn.functional.grid_sample(
        torch.from_numpy(images), grid.reshape(count, height, width, 2), align_corners=False
    )
    np.testing.assert_allclose(resampled, expected.numpy(), atol=2e-5)


def test_threads_do_not_share_their_memory() -> None:
    ours = memory.array("upper", (2, 3))
    with ThreadPoolExecutor(1) as thread:
        theirs = thread.submit(memory.array, "upper", (2, 3)).result()

    assert np.shares_memory(ours, memory.array("upper", (6,)))
    assert not np.shares_memory(ours, theirs)


def test_far_outside_all_is_fill() -> None:
    images = np.ones((1, 1, 4, 4), dtype=np.float32)
    far = np.full((2, 1, 16), -1e30, dtype=np.float32)
    far[:, :, 8:] = 1e30

    assert (resample(images, lambda _: far, 0.25) == 0.25).all()


def test_positions_on_pixels_give_them_exactly() -> None:
    images = np.random.default_rng(0).standard_normal((2, 3, 5, 4), dtype=np.float32)
    turned = pixel_grid(5, 4)[:2, np.newaxis, ::-1].repeat(2, axis=1)

    np.testing.assert_array_equal(resample(images, lambda _: turned.copy(), 0.0), images[:, :, ::-1, ::-1])
