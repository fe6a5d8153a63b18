"""lint: each mistake is found, with its place, and a model without one is not accused."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

import tapegrad as tg
from tapegrad import nn, tensor
from tapegrad.autograd import GraphError
from tapegrad.nn import functional as F

RNG = np.random.default_rng(0)
X = tensor(RNG.standard_normal((32, 5)).astype(np.float32))
T = RNG.integers(0, 3, 32)


def found(loss: Any, model: Any = None) -> dict[str, str]:
    """Places by check, of a loss with one finding of each."""
    return {finding.check: f"{finding.where}: {finding.message}" for finding in tg.lint(loss, model)}


def net() -> nn.Sequential:
    nn.manual_seed(0)
    return nn.Sequential(nn.Linear(5, 16), nn.ReLU(), nn.Linear(16, 3))


class Forgetful(nn.Module):
    """A model with a layer that it does not call, and a factor that is no parameter."""

    def __init__(self) -> None:
        self.layers = net()
        self.forgotten = nn.Linear(2, 2)
        self.forgotten.freeze()
        self.forgotten.weight.requires_grad = True
        self.scale = tensor(np.ones(3, np.float32))

    def forward(self, x: Any) -> Any:
        return self.layers(x) * self.scale


def test_a_good_model_is_not_accused_and_nothing_is_changed() -> None:
    model = net()
    loss = F.cross_entropy(model(X), T)
    report = tg.lint(loss, model)
    assert not report
    assert len(report) == 0
    assert str(report) == "nothing found"
    assert all(p.grad is None for p in model.parameters())
    loss.backward()  # the graph is still there
    convolutions = nn.Sequential(nn.Conv2d(2, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(32, 3))
    images = tensor(RNG.standard_normal((32, 2, 6, 6)).astype(np.float32))
    assert not tg.lint(F.cross_entropy(convolutions(images), T), convolutions)


def test_parameters_without_a_path() -> None:
    model = Forgetful()
    report = tg.lint(F.cross_entropy(model(X), T), model)
    assert [(each.check, each.where) for each in report] == [("unreached", "forgotten.weight"), ("untracked", "scale")]


def test_constants_that_were_meant_to_be_trained() -> None:
    forgetful = Forgetful()
    assert found(F.cross_entropy(forgetful(X), T), forgetful)["untracked"].startswith("scale: a plain tensor")
    model = net()
    weight = model[0].weight
    loss = F.cross_entropy(
        model[2](tg.autograd.linear(F.relu(X @ weight.T) @ np.ones((16, 5), np.float32), weight.detach())), T
    )
    assert found(loss, model)["untracked"].startswith("0.weight: its values are used as a constant by linear")


def test_dead_units() -> None:
    model = net()
    model[0].bias.data[:8] = -100
    message = found(F.cross_entropy(model(X), T), model)["dead"]
    assert message.startswith("relu at test_linting.py:")
    assert "in 1 (ReLU): 8 of 16 units are 0 for all 32 samples" in message
    assert "dead" not in found(F.cross_entropy(model(X[:4]), T[:4]), model)  # too few to tell


def test_dead_channels_of_fused_convolutions() -> None:
    model = nn.Sequential(nn.Conv2d(2, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(16, 3))
    model[0].bias.data[:3] = -100
    images = tensor(RNG.standard_normal((32, 2, 6, 6)).astype(np.float32))
    assert "3 of 4 units" in found(F.cross_entropy(model(images), T), model)["dead"]


@pytest.mark.parametrize("f", [F.sigmoid, np.tanh])
def test_saturated_units(f: Any) -> None:
    model = net()
    loss = F.cross_entropy(model[2](f(model[0](X) * 100)), T)
    message = found(loss, model)["saturated"]
    assert message.startswith(f"{f.__name__} at test_linting.py:{sys._getframe().f_lineno - 2}: 9")


def test_gradients_that_vanish_explode_or_are_no_numbers() -> None:
    model = net()
    loss = F.cross_entropy(model[2](F.relu(model[0](X)) * 1e-7 + np.ones(16, np.float32)), T)
    assert found(loss, model)["gradient"].startswith("0.weight: its gradient vanishes")
    assert found(F.cross_entropy(model(X), T) * 1e5, model)["gradient"].startswith("2.weight: its gradient explodes")
    assert "0.bias: its gradient has 16 NaN of 16 elements" in str(tg.lint(model(X).sum() * np.nan, model))
    assert "is 0 everywhere" in found((model(X) * 0).sum(), model)["gradient"]


def test_float64_and_its_line() -> None:
    model = net()
    loss = F.cross_entropy(model(X) * np.array([2.0]), T)
    message = found(loss, model)["float64"]
    assert message.startswith(f"multiply at test_linting.py:{sys._getframe().f_lineno - 2}: float32 becomes float64")
    wide = net().to(np.float64)
    assert not tg.lint(F.cross_entropy(wide(tensor(X.numpy().astype(float))), T), wide)


def test_float64_that_was_asked_for_is_none() -> None:
    model = net()
    loss = F.mse_loss(model(X).astype(np.float64), np.zeros((32, 3)))
    assert not tg.lint(loss, model)


def test_losses_that_are_sums_and_rectified_scalars_are_no_mistake() -> None:
    model = net()
    assert not tg.lint(F.cross_entropy(model(X), T, reduction="sum"), model)
    assert not tg.lint(F.relu(model(X).mean() + 3), model)


def test_dead_units_of_sequences() -> None:
    model = net()
    model[0].bias.data[:8] = -100
    x = tensor(RNG.standard_normal((16, 7, 5)).astype(np.float32))
    assert "8 of 16 units" in found(model(x).sum() / 100, model)["dead"]


def test_broadcasts_that_smell() -> None:
    model = nn.Linear(5, 1)
    assert found(np.mean((model(X) - np.zeros(32, np.float32)) ** 2))["broadcast"].startswith(
        "subtract at test_linting.py"
    )
    a, b = tensor(np.ones(4), requires_grad=True), tensor(np.ones((4, 1)), requires_grad=True)
    assert "(4,)" in found((a * b).sum())["broadcast"]
    assert not tg.lint((b * np.ones((4, 4))).sum())  # a mask
    assert "(4,)" in found((b * np.ones(4)).sum())["broadcast"]
    assert not tg.lint((tensor(np.ones((0, 3)), requires_grad=True) * 2).sum())
    square = tensor(np.ones((4, 4)), requires_grad=True)
    assert not tg.lint((square - square.max(1, keepdims=True)).sum() + (square * a).sum())


def test_losses_that_cannot_be_looked_at() -> None:
    with pytest.raises(GraphError, match="lint: this loss is not tracked"):
        tg.lint(tensor(1.0))
    with pytest.raises(TypeError, match=r"got Sequential; write lint\(loss, model\)"):
        tg.lint(net(), tensor(1.0))  # type: ignore[arg-type]
    with pytest.raises(GraphError):
        tg.lint(tensor(np.ones(3), requires_grad=True) * 2)
    x = tensor(1.0, requires_grad=True)
    y = x * 2
    y.backward()
    with pytest.raises(GraphError, match="was freed"):
        tg.lint(y)
