from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tapegrad.datasets.transforms import (
    AnyTransform,
    Contrast,
    Gamma,
    Invert,
    Normalize,
    RandomContrast,
    RandomGamma,
    apply,
)


def test_gamma(images: NDArray[np.float32]) -> None:
    np.testing.assert_allclose(Gamma(1.7)(images), images.astype(np.float64) ** 1.7, rtol=1e-5)


def test_contrast(images: NDArray[np.float32]) -> None:
    exact = images.astype(np.float64)
    mean = exact.mean(axis=(1, 2, 3), keepdims=True)

    np.testing.assert_allclose(Contrast(0.6)(images), 0.6 * exact + 0.4 * mean, atol=1e-6)
    np.testing.assert_allclose(Contrast(3)(images), np.clip(3 * exact - 2 * mean, 0, 1), atol=1e-6)
    np.testing.assert_allclose(Contrast(0)(images), np.broadcast_to(mean, images.shape), atol=1e-6)


def test_invert(images: NDArray[np.float32]) -> None:
    np.testing.assert_array_equal(Invert()(images), 1 - images)


def test_random_gamma_reaches_both_ends() -> None:
    half = np.full((2000, 1, 2, 2), 0.5, dtype=np.float32)

    changed = RandomGamma((0.5, 2))(half, np.random.default_rng(0))

    gamma = np.log2(1 / changed)
    assert 0.5 <= gamma.min() < 0.51
    assert 1.99 < gamma.max() <= 2.001
    assert (gamma == gamma[:, :, :1, :1]).all()  # one an image


def test_random_contrast_reaches_both_ends() -> None:
    checked = np.broadcast_to(np.array([0.25, 0.75], dtype=np.float32), (2000, 1, 3, 2)).copy()

    changed = RandomContrast((0.5, 1.5))(checked, np.random.default_rng(0))

    factor = 2 * (changed[:, 0, 0, 1] - changed[:, 0, 0, 0])
    assert 0.499 < factor.min() < 0.51
    assert 1.49 < factor.max() < 1.501


@pytest.mark.parametrize(
    "transform", [Gamma(2), RandomGamma((1, 2)), Contrast(2), RandomContrast((1, 2)), Invert()], ids=repr
)
def test_only_pixels_from_0_to_1(transform: AnyTransform, images: NDArray[np.float32]) -> None:
    with pytest.raises(ValueError, match=r"expected pixels from 0 to 1; got .* this goes before Normalize"):
        apply(transform, Normalize(0.5, 0.5)(images), np.random.default_rng(0))
    with pytest.raises(ValueError, match="got nan to nan"):
        apply(transform, images * np.float32(np.nan), np.random.default_rng(0))


def test_wrong_arguments() -> None:
    with pytest.raises(ValueError, match="gamma: expected a positive number"):
        Gamma(0)
    with pytest.raises(ValueError, match="factor: expected a number >= 0; got -1"):
        Contrast(-1)
    with pytest.raises(TypeError, match=r"gamma: expected a range \(low, high\) around 1"):
        RandomGamma(1.2)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="with low <= high"):
        RandomContrast((2, 1))
