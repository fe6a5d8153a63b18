from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray


@pytest.fixture
def images() -> NDArray[np.float32]:
    """Five images of three channels, of odd height and even width, with pixels from 0 to 1."""
    return np.random.default_rng(0).random((5, 3, 9, 12), dtype=np.float32)
