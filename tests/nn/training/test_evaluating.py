"""evaluate and predict: outputs and figures of the model as it is used, and the model afterwards as it was before."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tapegrad as tg
from tapegrad import nn
from tapegrad.nn import functional as F
from tapegrad.nn.optim import SGD
from tapegrad.nn.training import Callback, Trainer, accuracy

from .problems import loaders, model, trainer


class Heads(nn.Module):
    """Two outputs, as a tuple or as a dict."""

    def __init__(self, named: bool) -> None:
        self.named = named
        self.body = nn.Linear(2, 4, rng=np.random.default_rng(0))
        self.left = nn.Linear(4, 2, rng=np.random.default_rng(1))
        self.right = nn.Linear(4, 3, rng=np.random.default_rng(2))

    def forward(self, x: Any) -> Any:
        h = F.relu(self.body(x))
        left, right = self.left(h), self.right(h)
        return {"left": left, "right": right} if self.named else (left, right)


def two_headed(named: bool) -> Trainer:
    net = Heads(named)
    losses: Any = {"left": F.cross_entropy, "right": F.cross_entropy} if named else [F.cross_entropy, F.cross_entropy]
    return Trainer(net, SGD(net.parameters(), 0.1), losses, metrics={"accuracy": accuracy})


X = np.random.default_rng(0).normal(size=(50, 2)).astype(np.float32)


@pytest.mark.parametrize("batch_size", [1, 7, 50, 256])
def test_outputs_of_an_array_are_those_of_the_model(batch_size: int) -> None:
    t = trainer(ema=None)
    with tg.no_grad():
        expected = t.model.eval()(tg.tensor(X)).numpy()
    t.model.train()
    for inputs in (X, tg.tensor(X)):
        np.testing.assert_allclose(t.predict(inputs, batch_size), expected, 1e-6, strict=True)


def test_outputs_of_batches() -> None:
    t = trainer(ema=None)
    whole = t.predict(X)
    for batches in ([(X[:20], None), (X[20:], None)], [X[:20], X[20:]], iter([[X[:20]], [X[20:]]])):
        np.testing.assert_allclose(t.predict(batches), whole, 1e-6)
    validation = loaders()[1]
    labels = np.concatenate([labels for _, labels in validation])
    assert accuracy(t.predict(validation), labels) == pytest.approx(t.evaluate(validation)["accuracy"])
    assert t.predict(X[:0]).shape == (0, 2)


@pytest.mark.parametrize("named", [False, True])
def test_each_head_has_its_outputs_loss_and_metrics(named: bool) -> None:
    t = two_headed(named)
    batches = [(X[:20], np.arange(20) % 2, np.arange(20) % 3), (X[20:], np.arange(30) % 2, np.arange(30) % 3)]
    outputs = t.predict(batches)
    left, right = (outputs["left"], outputs["right"]) if named else outputs
    assert type(outputs) is (dict if named else tuple)
    assert (left.shape, right.shape) == ((50, 2), (50, 3))
    figures = t.evaluate(batches)
    a, b = ("left", "right") if named else ("0", "1")
    assert set(figures) == {"loss"} | {f"{head}/{name}" for head in (a, b) for name in ("loss", "accuracy")}
    for head, scores, target in ((a, left, 1), (b, right, 2)):
        labels = np.concatenate([batch[target] for batch in batches])
        assert figures[f"{head}/accuracy"] == pytest.approx(accuracy(scores, labels))
        assert figures[f"{head}/loss"] == pytest.approx(F.cross_entropy(tg.tensor(scores), labels).item(), rel=1e-5)
    assert figures["loss"] == pytest.approx(figures[f"{a}/loss"] + figures[f"{b}/loss"], rel=1e-6)
    history = t.fit(batches, batches, epochs=20)
    assert history[f"val_{b}/loss"][-1] < figures[f"{b}/loss"]
    assert len(history[f"val_{a}/accuracy"]) == 20


def test_modules_keep_their_modes() -> None:
    """Also when it fails, and each its own: one that was frozen in evaluation mode stays so."""
    t = trainer()
    t.model.get_submodule("2").eval()
    modes = [module.training for module in t.model.modules()]
    assert len(set(modes)) == 2
    t.evaluate(loaders()[1])
    t.predict(X)
    with pytest.raises(ValueError, match="3 != 2"):
        t.predict(np.zeros((1, 3), np.float32))
    assert [module.training for module in t.model.modules()] == modes


def test_training_of_a_model_that_was_in_use() -> None:
    t = trainer(callbacks=[])
    t.model.eval()
    t.fit(loaders()[0])
    assert t.model.training


def test_averaged_weights_are_those_that_are_used() -> None:
    t = trainer(ema=0.99, callbacks=[])
    t.fit(loaders()[0])
    assert t.average is not None
    own = t.model.state_dict()
    averaged = t.predict(X)
    with t.average.applied(), tg.no_grad():
        np.testing.assert_array_equal(averaged, t.model.eval()(tg.tensor(X)).numpy())
    for name, array in t.model.state_dict().items():
        np.testing.assert_array_equal(array, own[name])


class Counting(Callback):
    def __init__(self) -> None:
        self.told: list[Any] = []

    def on_evaluate_start(self, trainer: Trainer, batches: int | None) -> None:
        self.told.append(batches)

    def on_evaluate_batch(self, trainer: Trainer, done: int) -> None:
        self.told.append(done)

    def on_evaluate_end(self, trainer: Trainer) -> None:
        self.told.append("end")


def test_callbacks_hear_of_it() -> None:
    watch = Counting()
    t = trainer(callbacks=[watch])
    t.predict(X, 25)
    t.predict(iter([X]))
    with pytest.raises(ValueError, match="3 != 2"):
        t.predict(np.zeros((1, 3), np.float32))
    assert watch.told == [2, 1, 2, "end", None, 1, "end", 1, "end"]


def test_no_batches() -> None:
    t = trainer(callbacks=[])
    with pytest.raises(ValueError, match="evaluate: there are no batches; an iterator gives its own only once"):
        t.evaluate([])
    with pytest.raises(ValueError, match="predict: there are no batches"):
        t.predict([])
    batches = iter([(X, np.arange(50) % 2)])
    with pytest.raises(ValueError, match="fit: there are no batches; an iterator gives its own only once"):
        t.fit(batches, epochs=2)
    assert t.epoch == 1


def test_full_batches_and_single_samples() -> None:
    """The same model, once with one update an epoch and once with one for each sample."""
    steps = []
    for batch in (72, 1):
        net = model()
        t = Trainer(net, SGD(net.parameters(), 0.05, weight_decay=1e-3), F.cross_entropy)
        losses = t.fit(loaders(batch=batch)[0], epochs=5)["loss"]
        assert losses[-1] < losses[0]
        steps.append(t.step)
    assert steps == [5, 5 * 72]
