from __future__ import annotations

import numpy as np
import pytest

from tapegrad.datasets.transforms import Normalize


def test_normalize() -> None:
    images = np.array([0, 0.5, 1], dtype=np.float32).reshape(3, 1, 1, 1)

    changed = Normalize(0.5, 0.25)(images)

    assert changed.ravel().tolist() == [-2, 0, 2]
    assert changed.dtype == np.float32
    assert images.ravel().tolist() == [0, 0.5, 1]


@pytest.mark.parametrize(("mean", "std"), [(0, 0), (0, -1), (float("nan"), 1), (0, float("inf")), (0, float("nan"))])
def test_figures_that_cannot_be(mean: float, std: float) -> None:
    with pytest.raises(ValueError, match="expected a finite mean and a positive std"):
        Normalize(mean, std)
