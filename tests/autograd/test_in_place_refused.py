"""What cannot be written: dtypes, shapes and indices, as in NumPy; the error tells, and nothing has changed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tapegrad import Tensor, tensor
from tapegrad.autograd import DTypeError, ShapeError, pullback

X = np.array([[1.5, 2.0], [3.0, 0.5]])


def leaf(x: Any, **options: Any) -> Tensor:
    return tensor(x, requires_grad=True, **options)


def test_values_are_converted_and_gradients_back() -> None:
    for dtype in (np.float32, np.complex64):
        x, y = leaf([1.0, 2.0]), leaf(np.ones(3, dtype)) * 1
        y[:2] = x
        assert y.dtype == dtype
        (g,) = pullback([y.real.sum()], [x], retain_graph=True)
        assert g.dtype == np.float64
        assert g.numpy().tolist() == [1, 1]
        y *= x[0]  # x₀², x₀ x₁, x₀
        assert y.dtype == dtype
        assert pullback([y.real.sum()], [x])[0].numpy().tolist() == [5, 1]


def test_integers_are_written_to_as_in_numpy() -> None:
    t = tensor([1, 2, 3])
    t[0] = 2.7
    t += np.array([1, 2, 3], np.int8)
    assert t.numpy().tolist() == [3, 4, 6]
    for wrong in (1.5, np.array([1.5, 2, 3]), leaf([1.0, 2.0, 3.0])):
        with pytest.raises(
            TypeError, match=r"Cannot cast ufunc 'add' output from .*float64.* to .*int64.* 'same_kind'"
        ):
            t += wrong
    with pytest.raises(TypeError, match="Cannot cast ufunc 'divide'"):
        t /= 2
    with pytest.raises(OverflowError, match="300"):
        tensor([1], dtype=np.int8)[0] = 300
    with pytest.raises(DTypeError, match=r"tensor \(3,\) of int64 has no gradient, .* write value\.detach\(\)"):
        t[0] = leaf(1.0)
    assert t.numpy().tolist() == [3, 4, 6]


@pytest.mark.parametrize("value", [1j, [1j, 2], np.ones(2, complex), leaf([1j, 2])])
def test_complex_values_do_not_go_into_real_tensors(value: Any) -> None:
    t = leaf([1.0, 2.0]) * 1
    with pytest.raises(DTypeError, match=r"tensor \(2,\) of float64 cannot take complex values; write their \.real"):
        t[:] = value
    with pytest.raises(TypeError, match="Cannot cast ufunc 'multiply' output"):
        t *= value
    assert t.numpy().tolist() == [1, 2]


def test_a_mistake_names_the_call_and_changes_nothing() -> None:
    t, seen = leaf(X) * 1, leaf(X) * 1
    seen = t.T
    w = leaf(np.ones(3), name="w")
    with pytest.raises(
        ShapeError, match=r"setitem: tensor \(2, 2\)\[0\] = value \(3,\): .*value is w.*test_in_place_refused.py"
    ):
        t[0] = w
    with pytest.raises(
        ShapeError, match=r"setitem: tensor \(2, 2\).* = value \(5,\): .*called at test_in_place_refused"
    ):
        seen[[0, 1, 1], 0] = np.ones(5)
    with pytest.raises(ShapeError, match=r"in-place add: tensor \(2, 2\) cannot take a result of shape \(3, 2, 2\)"):
        t += np.ones((3, 1, 1))
    with pytest.raises(ShapeError, match=r"add: .* 2 != 3; .*called at test_in_place_refused"):
        t += w
    for index in (2, (0, 0, 0), [[5]], "a"):
        with pytest.raises(IndexError) as caught:
            t[index] = 1.0
        assert any(
            "setitem: tensor (2, 2)" in note and "test_in_place_refused" in note for note in caught.value.__notes__
        )
    np.testing.assert_array_equal(t.numpy(), X)
    np.testing.assert_array_equal(seen.numpy(), X.T)
    assert t.node is not None
    assert t.node.inputs[0] is not None
