"""The cross-entropy kernels beside the NumPy formulas, which take over for small arrays and other layouts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tapegrad.autograd.kernels import crossentropy

KERNELS = [crossentropy.cross_entropy, crossentropy.excess]
ROWS, CLASSES = 100, 10
LABELS = np.random.default_rng(1).integers(0, CLASSES, ROWS)


def logits(dtype: Any, scale: float = 1.0) -> NDArray[Any]:
    """Enough of them for a kernel."""
    return (scale * np.random.default_rng(0).normal(size=(ROWS, CLASSES))).astype(dtype)


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize(("dtype", "rtol"), [(np.float32, 1e-5), (np.float64, 1e-13)])
@pytest.mark.parametrize("scale", [1.0, 1e4])
@pytest.mark.parametrize("labels", [LABELS, LABELS.astype(np.uint8), LABELS.astype(np.int32)])
def test_kernel_and_numpy_agree(kernel: Callable[..., Any], dtype: Any, rtol: float, scale: float, labels: Any) -> None:
    x = logits(dtype, scale)
    x.setflags(write=False)

    by_kernel = kernel(x, labels)
    by_numpy = kernel(np.asfortranarray(x), labels)

    assert by_kernel.dtype == by_numpy.dtype == dtype
    np.testing.assert_allclose(by_kernel, by_numpy, rtol=rtol, atol=rtol)


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("layout", [np.ascontiguousarray, np.asfortranarray])
def test_a_nan_stays_in_its_row(kernel: Callable[..., Any], layout: Callable[[Any], Any]) -> None:
    for column in (0, CLASSES - 1):
        x = logits(np.float64)
        x[3, column] = np.nan

        out = kernel(layout(x), LABELS).reshape(ROWS, -1)

        assert np.isnan(out[3]).all()
        assert np.isfinite(np.delete(out, 3, axis=0)).all()


@pytest.mark.parametrize("layout", [np.ascontiguousarray, np.asfortranarray])
def test_the_excess_sums_to_nothing(layout: Callable[[Any], Any]) -> None:
    np.testing.assert_allclose(crossentropy.excess(layout(logits(np.float64)), LABELS).sum(axis=1), 0, atol=1e-14)
