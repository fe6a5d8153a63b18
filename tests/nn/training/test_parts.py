"""What does not belong together is refused before anything is trained, and what has ended has ended."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tapegrad import nn
from tapegrad.nn import functional as F
from tapegrad.nn.optim import SGD, Adam, lr_scheduler
from tapegrad.nn.training import (
    Callback,
    CheckpointError,
    DivergedError,
    EarlyStopping,
    Trainer,
    accuracy,
    load_checkpoint,
)

from .problems import loaders, model, trainer


def sgd(net: nn.Module) -> SGD:
    return SGD(net.parameters(), 0.1)


MISTAKES: list[tuple[Callable[[nn.Module], Any], type[Exception], str]] = [
    (lambda net: Trainer(net, sgd(model()), F.cross_entropy), ValueError, "the SGD trains no parameter of this Seq"),
    (
        lambda net: Trainer(net, sgd(net), F.cross_entropy, schedule=lr_scheduler.StepLR(sgd(net), 1)),
        ValueError,
        "the StepLR sets the rates of another optimizer",
    ),
    (
        lambda net: Trainer(net, sgd(net), F.cross_entropy, callbacks=[EarlyStopping]),  # type: ignore[list-item]
        TypeError,
        r"callbacks must be Callback objects, got <class .*; write EarlyStopping\(\.\.\.\)",
    ),
    (lambda net: Trainer(net, sgd(net), "mse"), TypeError, r"loss: expected a function .*, got 'mse'"),  # type: ignore[arg-type]
    (
        lambda net: Trainer(net, sgd(net), F.cross_entropy, metrics=[accuracy]),  # type: ignore[arg-type]
        TypeError,
        "metrics: expected functions by name",
    ),
    (
        lambda net: Trainer(net, sgd(net), F.cross_entropy).fit(np.ones((4, 2)), epochs=1),
        TypeError,
        r"a batch must be a tuple of arrays, .*, got ndarray; arrays make batches as DataLoader\(ArrayDataset",
    ),
    (
        lambda net: Trainer(net, sgd(net), F.cross_entropy).fit([(np.ones((4, 2)),)]),
        ValueError,
        "there is one loss, which takes one target; a batch has 0",
    ),
    (
        lambda net: Trainer(net, sgd(net), F.cross_entropy).fit([], resume=True),
        ValueError,
        "fit: resume=True looks for last.safetensors in the trainer's folder",
    ),
]


@pytest.mark.parametrize(("mistake", "error", "message"), MISTAKES)
def test_mistakes(mistake: Callable[[nn.Module], Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        mistake(model())


def test_a_checkpoint_of_another_optimizer_changes_nothing(tmp_path: Path) -> None:
    trainer(tmp_path, callbacks=[], schedule=None).fit(*loaders(), epochs=1)
    net = model()
    other = Trainer(net, sgd(net), F.cross_entropy, ema=0.9, folder=tmp_path)
    with pytest.raises(CheckpointError, match="SGD: the state is that of Adam"):
        other.fit(*loaders(), resume=True)
    assert other.optimizer.lr == 0.1


class Root(nn.Module):
    """Its value is finite, its derivative is not: 0 times infinity."""

    def forward(self, x: Any) -> Any:
        return np.sqrt(x * 0) + x


@pytest.mark.parametrize("nonfinite", ["stop", "skip"])
@pytest.mark.parametrize("clip_norm", [None, 1.0])
def test_a_gradient_that_is_not_finite_changes_nothing(nonfinite: str, clip_norm: float | None) -> None:
    """Though the loss is: the weights would all be lost before anybody sees it."""
    net = nn.Sequential(nn.Linear(2, 2, bias=False), nn.BatchNorm1d(2), Root())
    before = net.state_dict()
    t = Trainer(net, Adam(net.parameters()), F.mse_loss, nonfinite=nonfinite, clip_norm=clip_norm, progress=False)
    batches = [(np.arange(8, dtype=np.float32).reshape(4, 2), np.ones((4, 2), np.float32))]
    message = r"the gradient of 0\.weight is not finite, but the loss is, in epoch 1, step 1; .*detect_anomaly"
    with np.errstate(all="ignore"), pytest.raises(DivergedError, match=message if nonfinite == "stop" else "skipped"):
        t.fit(batches)
    for name, array in net.state_dict().items():
        np.testing.assert_array_equal(array, before[name])


def test_gradients_with_infinite_squares_are_finite() -> None:
    net = nn.Linear(1, 1, bias=False)
    t = Trainer(net, SGD(net.parameters(), 1e-30), lambda y, _: (y * 1e25).sum(), progress=False)
    t.fit([(np.ones((1, 1), np.float32), np.ones(1))])
    assert t.step == 1


class Scripted(Callback):
    def __init__(self, *figures: float) -> None:
        self.figures = figures

    def on_epoch_end(self, trainer: Trainer, figures: dict[str, float]) -> None:
        figures["val_loss"] = self.figures[trainer.epoch]


@pytest.mark.parametrize("figures", [(1.0, 2.0, 2.0, 0.5), (1.0, 2.0, float("nan"), 0.5)])
def test_a_training_that_was_stopped_stays_so_when_it_is_resumed(tmp_path: Path, figures: tuple[float, ...]) -> None:
    """A process that was killed just before it knew would otherwise end with other weights than one that was not."""
    ends = []
    for _ in range(2):
        t = trainer(tmp_path, callbacks=[Scripted(*figures), EarlyStopping(patience=2)])
        t.fit(loaders()[0], epochs=4, resume=True)
        assert t.epoch == 3
        assert t.stopped is not None
        ends.append(t.model.state_dict())
    for name, array in ends[0].items():
        np.testing.assert_array_equal(array, ends[1][name])


def test_a_checkpoint_is_no_state_dict_but_holds_one(tmp_path: Path) -> None:
    t = trainer(tmp_path)
    t.fit(*loaders(), epochs=1)
    path, net = tmp_path / "best.safetensors", model(9)
    with pytest.raises(
        nn.StateDictError, match=r"it is a whole checkpoint: its weights are tapegrad\.nn\.training\.load"
    ):
        net.load_state_dict(nn.load(path))
    net.load_state_dict(load_checkpoint(path)["model"])
    for name, array in t.model.state_dict().items():
        np.testing.assert_array_equal(net.state_dict()[name], array)
