"""Peak to peak, and ties along several axes."""

from __future__ import annotations

import numpy as np
import pytest

from tapegrad import autograd, tensor


def test_both_ends_of_peak_to_peak_share_their_ties() -> None:
    x = tensor([3.0, 1.0, 3.0, 1.0, 1.0], requires_grad=True)
    y = np.ptp(x)
    y.backward()
    assert y.item() == 2
    assert x.grad is not None
    assert x.grad.numpy().tolist() == pytest.approx([1 / 2, -1 / 3, 1 / 2, -1 / 3, -1 / 3])


def test_of_equal_elements_the_gradient_is_zero() -> None:
    x = tensor(np.ones((2, 3)), requires_grad=True)
    np.ptp(x, axis=1).sum().backward()
    assert x.grad is not None
    np.testing.assert_allclose(x.grad.numpy(), 0, atol=1e-16)


def test_amax_is_max() -> None:
    assert autograd.amax is autograd.max
    assert np.amax(tensor([1.0, 2.0], requires_grad=True)).requires_grad


@pytest.mark.parametrize("f", [np.max, np.min, np.ptp])
def test_nothing_has_no_extremum(f: object) -> None:
    with pytest.raises(ValueError, match="zero-size array"):
        f(tensor(np.ones((0, 3)), requires_grad=True))  # type: ignore[operator]
    assert f(tensor(np.ones((0, 3)), requires_grad=True), axis=1).shape == (0,)  # type: ignore[operator]
