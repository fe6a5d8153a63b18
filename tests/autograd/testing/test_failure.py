from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from tapegrad.autograd.testing import GradientError
from tapegrad.autograd.testing.failure import LARGE, as_code
from tapegrad.autograd.testing.strategies import arrays, dtypes, shapes


@given(arrays(shapes(max_dims=2), dtypes(complex=True)))
def test_code_makes_the_same_array(array: np.ndarray) -> None:
    again = eval(as_code(array), {"np": np})  # noqa: S307 - that it is code is what we check
    assert again.dtype == array.dtype
    np.testing.assert_array_equal(again, array, strict=True)


def test_what_is_not_finite_is_code_too() -> None:
    array = np.array([np.nan, np.inf, -np.inf, 0.0])
    assert as_code(array) == "np.array([np.nan, np.inf, -np.inf, 0.0], np.float64)"


def test_large_arrays_are_described() -> None:
    assert as_code(np.zeros(LARGE)).startswith("np.array([0.0, ")
    assert as_code(np.zeros(LARGE + 1, np.float32)) == f"<np.float32 array of shape ({LARGE + 1},)>"


def test_a_failed_check_is_a_failed_assertion() -> None:
    with pytest.raises(AssertionError):
        raise GradientError("wrong")
