"""choose, select and piecewise: what no table says of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from tapegrad import tensor
from tapegrad.autograd.testing import strategies as draw

some = settings(max_examples=max(settings().max_examples // 4, 10))


def leaf(x: Any) -> Any:  # for what NumPy's stubs do not know
    return tensor(x, requires_grad=True)


@given(st.data())
@some
def test_choose_reads_numbers_as_numpy_does(data: st.DataObject) -> None:
    choices = data.draw(draw.broadcasting_arrays(*[draw.REAL] * 3))
    a = np.array([[0, 1], [2, -1]])[:, :, None, None, None]
    for mode in ("wrap", "clip"):
        got: Any = np.choose(a, [leaf(x) for x in choices], mode=mode)
        np.testing.assert_array_equal(got.numpy(), np.choose(a, choices, mode=mode))
    with pytest.raises(ValueError, match="invalid entry in choice array"):
        np.choose(a, [leaf(x) for x in choices])


def test_select_and_piecewise_have_numpys_dtypes_and_errors() -> None:
    x = leaf(np.array([1, -2, 3], np.float32))
    y: Any = np.select([x > 2, x > 0], [x, 1], 0)
    assert y.dtype == np.float32
    assert y.numpy().tolist() == [1, 0, 3]
    z: Any = np.piecewise(x, [x > 2, x < 0], [lambda v, scale: v * scale, 7.5], 2)
    assert z.dtype == np.float32
    assert z.numpy().tolist() == [0, 7.5, 6]
    z = np.piecewise(x, x > 0, [1.0, np.square])
    assert z.numpy().tolist() == [1, 4, 1]
    z = np.piecewise(leaf(2.0), True, [np.square])
    assert z.requires_grad
    with pytest.raises(ValueError, match="2 conditions need as many functions or one more, got 4"):
        np.piecewise(x, [x > 2, x < 0], [1, 2, 3, 4])
    with pytest.raises(ValueError, match="expected a condition for each choice, got 1 and 2"):
        np.select([x > 2], [x, x])
    with pytest.raises(ValueError, match="either both or neither"):
        np.where(x > 0, x)
