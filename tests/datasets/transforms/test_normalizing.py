from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tapegrad.datasets.transforms import Normalize


def test_normalize() -> None:
    images = np.array([0, 0.5, 1], dtype=np.float32).reshape(3, 1, 1, 1)

    changed = Normalize(0.5, 0.25)(images)

    assert changed.ravel().tolist() == [-2, 0, 2]
    assert changed.dtype == np.float32
    assert images.ravel().tolist() == [0, 0.5, 1]


def test_a_number_for_each_channel(images: NDArray[np.float32]) -> None:
    changed = Normalize([0.1, 0.2, 0.3], (1, 2, 4))(images)

    for channel, (mean, std) in enumerate([(0.1, 1), (0.2, 2), (0.3, 4)]):
        np.testing.assert_allclose(changed[:, channel], (images[:, channel] - mean) / std, atol=1e-6)
    np.testing.assert_array_equal(Normalize((0.1307,), (0.3081,))(images), Normalize(0.1307, 0.3081)(images))
    with pytest.raises(ValueError, match=r"one for each channel of \(5, 3, 9, 12\); got 2 and 1"):
        Normalize([0.1, 0.2], 1)(images)


@pytest.mark.parametrize(("mean", "std"), [(0, 0), (0, -1), (float("nan"), 1), (0, float("inf")), (0, float("nan"))])
def test_figures_that_cannot_be(mean: float, std: float) -> None:
    with pytest.raises(ValueError, match="expected a finite mean and a positive std"):
        Normalize(mean, std)
    with pytest.raises(ValueError, match="expected a finite mean and a positive std"):
        Normalize([0, mean], [1, std])
