"""What is no anomaly, and whom the message of one blames."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tapegrad as tg
from tapegrad import nn, tensor
from tapegrad.autograd import AnomalyError


def test_masks_are_no_anomaly_but_what_comes_of_them_may_be() -> None:
    scores = tensor(np.ones((3, 3), np.float32), requires_grad=True, name="scores")
    future = np.triu(np.full((3, 3), -np.inf, np.float32), 1)
    with tg.detect_anomaly():
        nn.functional.softmax(scores + future).sum().backward()
        for see in (np.tri(3, dtype=bool), np.eye(3, k=-1, dtype=bool)):  # of the second, a query sees nothing
            nn.functional.scaled_dot_product_attention(scores, scores, scores, see).sum().backward()
        masked = np.where(np.zeros(3, bool), scores, -np.inf)
        with pytest.raises(AnomalyError, match=r"(?s)softmax gave 9 NaN.* comes from where \(3, 3\) at \S+$"):
            nn.functional.softmax(masked)
        with pytest.raises(AnomalyError, match="gave 3 NaN and 3 Inf"):
            scores + np.array([np.nan, -np.inf, 0])


def images() -> np.ndarray[Any, Any]:
    return np.ones((2, 2, 6, 6), np.float32)


@pytest.mark.parametrize("where", ["x", "0.weight", "0.bias"])
@pytest.mark.parametrize("recording", [True, False])
def test_what_was_bad_before_a_fused_convolution_is_named(where: str, recording: bool) -> None:
    net = nn.Sequential(nn.Conv2d(2, 3, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())
    given = {"x": images(), "0.weight": net[0].weight.data, "0.bias": net[0].bias.data}
    given[where].flat[0] = np.nan
    mode = tg.enable_grad() if recording else tg.no_grad()
    expected = pytest.raises(AnomalyError, match=r"^convolution was given bad numbers.*in 0 \(Conv2d\)")
    with expected as caught, mode, tg.detect_anomaly():
        net(tensor(given["x"]))
    assert f"{where} was bad before" in str(caught.value)
    assert str(caught.value).count("was bad before") == 1


def test_who_brought_a_bad_gradient_and_what_was_written() -> None:
    x = tensor([1.0, 2.0], requires_grad=True)
    with tg.detect_anomaly():
        with pytest.raises(AnomalyError, match="has 1 NaN of 2 elements: the walk began with it"):
            (x * 2).backward(np.array([np.nan, 1]))
        y = x * 2
        y.register_hook(lambda g: tensor([np.nan, 1.0]))
        with pytest.raises(AnomalyError, match="has 1 NaN of 2 elements: a hook gave it"):
            y.sum().backward()
        z = x * 1
        with pytest.raises(AnomalyError, match="gave 1 NaN") as caught:
            z[0] = np.nan
        assert "x was bad" not in str(caught.value)  # it is what it was written to that is bad now
        assert "value was bad before: it is a constant" in str(caught.value)
