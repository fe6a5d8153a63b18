"""Trainer: it learns, counts, clips, averages, accumulates, stops early, and says what went wrong."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import tapegrad as tg
from tapegrad import nn
from tapegrad.nn import functional as F
from tapegrad.nn.optim import SGD, lr_scheduler
from tapegrad.nn.training import (
    Callback,
    CheckpointError,
    DivergedError,
    EarlyStopping,
    ExponentialMovingAverage,
    History,
    Trainer,
    accuracy,
    clip_grad_norm_,
    clip_grad_value_,
)

from .problems import loaders, model, trainer


def test_it_learns_and_keeps_a_history(tmp_path: Path) -> None:
    t = trainer(tmp_path)
    history = t.fit(*loaders(), epochs=15)
    assert history is t.history
    assert [epoch["epoch"] for epoch in history.epochs] == list(range(1, 16))
    assert len(history.steps) == t.step == 15 * 9
    assert history["loss"][-1] < 0.6 * history["loss"][0]
    assert history.last["val_accuracy"] > 0.8
    assert set(history.last) == {"epoch", "step", "seconds", "lr", "loss", "accuracy", "val_loss", "val_accuracy"}
    assert history.best("val_loss")["val_loss"] == min(history["val_loss"])
    assert history.best("val_accuracy")["val_accuracy"] == max(history["val_accuracy"])
    assert {path.name for path in tmp_path.iterdir()} == {"last.safetensors", "best.safetensors"}
    assert History.from_json(history.to_json()) == history
    with pytest.raises(KeyError, match="no epoch has a figure 'f1'; there are: epoch, step, seconds, lr, loss"):
        history.best("f1")


def test_gradients_of_several_batches_are_those_of_one() -> None:
    x, y = np.random.default_rng(0).normal(size=(8, 2)).astype(np.float32), np.arange(8) % 2
    weights = []
    for batches, accumulate in (([(x, y)], 1), ([(x[i : i + 2], y[i : i + 2]) for i in (0, 2, 4, 6)], 4)):
        net = nn.Linear(2, 2, rng=np.random.default_rng(0))
        Trainer(net, SGD(net.parameters(), 0.5), F.cross_entropy, accumulate=accumulate).fit(batches, epochs=3)
        weights.append(net.weight.numpy())
    np.testing.assert_allclose(weights[0], weights[1], 1e-5)


@pytest.mark.parametrize("norm", [1.0, 2.0, math.inf])
def test_clipping_is_pytorchs(norm: float) -> None:
    gradients = [np.random.default_rng(i).normal(size=shape) for i, shape in enumerate([(3, 2), (4,)])]
    ours = [nn.Parameter(np.zeros(g.shape), dtype=np.float64) for g in gradients]
    theirs = [torch.nn.Parameter(torch.zeros(g.shape, dtype=torch.float64)) for g in gradients]
    for p, q, g in zip(ours, theirs, gradients, strict=True):
        p.grad, q.grad = tg.tensor(g), torch.tensor(g)
    total = torch.nn.utils.clip_grad_norm_(theirs, 0.7, norm)
    assert clip_grad_norm_(ours, 0.7, norm) == pytest.approx(total.item(), rel=1e-12)
    for p, q in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(p.grad.numpy(), q.grad.numpy(), 1e-12)  # type: ignore[union-attr]
    clip_grad_value_(ours, 0.1)
    assert max(abs(p.grad.numpy()).max() for p in ours if p.grad is not None) <= 0.1


def test_a_norm_that_is_not_finite() -> None:
    p = nn.Parameter([1.0])
    p.grad = tg.tensor([np.float32(np.inf)])
    with pytest.raises(FloatingPointError, match="the norm of the gradients is inf"):
        clip_grad_norm_([p], 1.0, error_if_nonfinite=True)
    with pytest.raises(ValueError, match="max_norm must not be negative"):
        clip_grad_norm_([p], -1)


def test_the_average_of_weights() -> None:
    net = nn.Linear(2, 1, rng=np.random.default_rng(0))
    average = ExponentialMovingAverage(net, 0.5)
    start = net.weight.numpy()
    net.weight.data = start + 1
    average.update()
    decay = min(0.5, 2 / 11)
    np.testing.assert_allclose(average.average["weight"], decay * start + (1 - decay) * (start + 1), 1e-6)
    with average.applied():
        np.testing.assert_allclose(net.weight.numpy(), average.average["weight"])
    np.testing.assert_array_equal(net.weight.numpy(), start + 1)
    with pytest.raises(ValueError, match=r"decay must lie in \[0, 1\)"):
        ExponentialMovingAverage(net, 1.0)


class Scripted(Callback):
    """Puts figures of its own into the history's epochs."""

    def __init__(self, figures: list[float]) -> None:
        self.figures = figures

    def on_epoch_end(self, trainer: Trainer, figures: dict[str, float]) -> None:
        figures["val_loss"] = self.figures[trainer.epoch]


def test_early_stopping_restores_the_best_weights() -> None:
    t = trainer(ema=None, callbacks=[Scripted([3, 1, 2, 2, 0.999, 5, 5]), EarlyStopping(patience=2, min_delta=0.01)])
    seen = []

    class Watch(Callback):
        def on_epoch_end(self, trainer: Trainer, figures: dict[str, float]) -> None:
            seen.append(trainer.model.state_dict())

    t.callbacks.append(Watch())
    t.fit(loaders()[0], epochs=7)
    assert len(seen) == 4  # the best is the second, two more are not better
    assert t.stopped == "val_loss has not been better than 1 since epoch 2"
    for name, array in t.model.state_dict().items():
        np.testing.assert_array_equal(array, seen[1][name])


def test_early_stopping_restores_the_averaged_weights_too() -> None:
    """Validated were these, so these are what was best."""
    validation = loaders()[1]
    t = trainer(ema=0.5, callbacks=[EarlyStopping("loss", patience=1, smallest=False)])  # the first is the best
    t.fit(loaders()[0], validation, epochs=3)
    assert t.stopped is not None
    assert t.evaluate(validation)["loss"] == t.history["val_loss"][0]
    assert t.history["val_loss"][1] != t.history["val_loss"][0]


def test_a_figure_that_is_not_finite_is_never_the_best(tmp_path: Path) -> None:
    t = trainer(tmp_path, ema=None, callbacks=[Scripted([math.nan, 2, 3]), EarlyStopping(patience=2)])
    t.fit(loaders()[0], epochs=3)
    assert t.stopped == "val_loss is nan"
    assert t.best is None
    assert not (tmp_path / "best.safetensors").exists()
    t = trainer(tmp_path, ema=None, callbacks=[Scripted([math.nan, 2, 3])])
    t.fit(loaders()[0], epochs=3)
    assert t.best == 2
    assert t.history.best("val_loss")["epoch"] == 2
    assert t.history.best("val_loss", smallest=False)["epoch"] == 3
    nowhere = History([{"epoch": 1, "f1": math.nan}, {"epoch": 2, "f1": math.inf}])
    with pytest.raises(ValueError, match="'f1' is finite in none of the 2 epochs that have it"):
        nowhere.best("f1")


def test_a_state_that_fits_in_part_changes_nothing(tmp_path: Path) -> None:
    t = trainer()
    t.fit(*loaders(), epochs=1)
    wrong = t.state_dict()
    wrong["average"] = {"updates": 1}  # comes after model and optimizer
    wrong["model"] = {name: array + 1 for name, array in wrong["model"].items()}
    before = t.state_dict()
    with pytest.raises(KeyError, match="average"):
        t.load_state_dict(wrong)
    after = t.state_dict()
    for part in ("model", "place", "random", "history", "means"):
        assert repr(after[part]) == repr(before[part])


def test_early_stopping_needs_its_figure() -> None:
    with pytest.raises(ValueError, match="no figure 'val_f1'; an epoch has epoch, step, seconds, lr, loss, accuracy"):
        trainer(callbacks=[EarlyStopping("val_f1")]).fit(loaders()[0])
    with pytest.raises(ValueError, match="patience must be at least 1"):
        EarlyStopping(patience=0)


class TwoHeads(nn.Module):
    def __init__(self) -> None:
        self.body = nn.Linear(2, 4, rng=np.random.default_rng(0))
        self.left = nn.Linear(4, 2, rng=np.random.default_rng(1))
        self.right = nn.Linear(4, 3, rng=np.random.default_rng(2))

    def forward(self, x: Any) -> Any:
        h = F.relu(self.body(x))
        return {"left": self.left(h), "right": self.right(h)}


def test_a_loss_and_metrics_for_each_head() -> None:
    x = np.random.default_rng(0).normal(size=(12, 2)).astype(np.float32)
    batches = [(x, np.arange(12) % 2, np.arange(12) % 3)]
    net = TwoHeads()
    t = Trainer(
        net,
        SGD(net.parameters(), 0.1),
        {"left": F.cross_entropy, "right": F.cross_entropy},
        metrics={"right": {"accuracy": accuracy}},
        loss_weights={"right": 0.5},
    )
    figures = t.evaluate(batches)
    assert set(figures) == {"loss", "left/loss", "right/loss", "right/accuracy"}
    assert figures["loss"] == pytest.approx(figures["left/loss"] + 0.5 * figures["right/loss"], rel=1e-6)
    assert t.fit(batches, epochs=30)["loss"][-1] < figures["loss"]
    one = model()
    with pytest.raises(ValueError, match=r"losses for 2 heads .*the model returned Tensor, and a batch has 2 targets"):
        Trainer(one, SGD(one.parameters(), 0.1), [F.cross_entropy, F.cross_entropy]).fit(batches)
    with pytest.raises(ValueError, match="there is no head 'middle'; the losses are for left, right"):
        Trainer(net, t.optimizer, {"left": F.mse_loss, "right": F.mse_loss}, loss_weights={"middle": 1.0})


class Exploding(nn.Module):
    def forward(self, x: Any) -> Any:
        return np.exp(x * x * 1e4)


def test_nan_is_traced_to_a_module_and_changes_nothing() -> None:
    net = nn.Sequential(nn.Linear(2, 2, rng=np.random.default_rng(0)), Exploding(), nn.Linear(2, 2))
    before = net.state_dict()
    t = Trainer(net, SGD(net.parameters(), 0.1), F.cross_entropy)
    with (
        np.errstate(all="ignore"),
        pytest.raises(
            DivergedError, match=r"loss is nan in epoch 1, step 1; .* is that of Exploding '1'; .*rate below 0.1"
        ),
    ):
        t.fit([(np.ones((3, 2), np.float32) * 9, np.array([0, 1, 0]))])
    for name, array in net.state_dict().items():
        np.testing.assert_array_equal(array, before[name])
    alone = nn.Linear(2, 2)
    alone.weight.data = np.full((2, 2), 3e38)
    with np.errstate(all="ignore"), pytest.raises(DivergedError, match=r"is that of Linear \(the model itself\);"):
        Trainer(alone, SGD(alone.parameters(), 0.1), F.cross_entropy).fit(
            [(np.ones((1, 2), np.float32), np.array([0]))]
        )


def test_a_batch_that_is_not_finite_can_be_skipped() -> None:
    good, bad = (np.ones((4, 2), np.float32), np.zeros(4, int)), (np.full((4, 2), np.nan, np.float32), np.zeros(4, int))
    t = trainer(nonfinite="skip", callbacks=[])
    t.fit([good, bad, good])
    assert t.step == 2
    assert math.isfinite(t.history.last["loss"])
    with pytest.raises(DivergedError, match="the inputs are not finite"):
        trainer().fit([good, bad])


@pytest.mark.parametrize("nonfinite", ["skip", "stop"])
def test_running_statistics_forget_a_batch_that_is_not_finite(nonfinite: str) -> None:
    """With "stop" the good batch of the same update as well."""
    x = np.random.default_rng(0).normal(size=(8, 2)).astype(np.float32)
    good, bad = (x, np.arange(8) % 2), (x * np.float32(np.nan), np.arange(8) % 2)
    ends = []
    for batches in ([good, bad], [good] if nonfinite == "skip" else []):
        net = nn.Sequential(nn.BatchNorm1d(2), nn.Linear(2, 2, rng=np.random.default_rng(0)))
        t = Trainer(net, SGD(net.parameters(), 0.1), F.cross_entropy, accumulate=2, nonfinite=nonfinite)
        if nonfinite == "skip":
            t.fit(batches)
        elif batches:
            with pytest.raises(DivergedError, match=r"loss is nan in epoch 1, step 1; the inputs are not finite"):
                t.fit(batches)
        ends.append(net.state_dict())
    for name in ("0.running_mean", "0.running_var", "0.num_batches_tracked"):
        np.testing.assert_array_equal(ends[0][name], ends[1][name])


def test_an_epoch_without_any_finite_loss() -> None:
    bad = (np.full((4, 2), np.nan, np.float32), np.zeros(4, int))
    with pytest.raises(DivergedError, match="no loss of epoch 1 is finite: all its batches were skipped"):
        trainer(nonfinite="skip", callbacks=[]).fit([bad, bad])


def test_schedules_by_epoch_and_by_a_figure() -> None:
    net = model()
    optimizer = SGD(net.parameters(), 0.1)
    Trainer(net, optimizer, F.cross_entropy, schedule=lr_scheduler.StepLR(optimizer, 1, 0.5)).fit(
        loaders()[0], epochs=3
    )
    assert optimizer.lr == pytest.approx(0.1 / 8)
    plateau = lr_scheduler.ReduceLROnPlateau(optimizer, patience=0, threshold=1e9, threshold_mode="abs")
    Trainer(net, optimizer, F.cross_entropy, schedule=plateau).fit(*loaders(), epochs=3)
    assert optimizer.lr == pytest.approx(0.1 / 800)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"accumulate": 0}, "accumulate must be at least 1"),
        ({"checkpoint_every": 0}, "checkpoint_every must be at least 1"),
        ({"schedule_every": "batch"}, "schedule_every must be 'epoch' or 'step', got 'batch'"),
        ({"nonfinite": "ignore"}, "nonfinite must be 'stop' or 'skip'"),
    ],
)
def test_bad_options(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        trainer(**options)


def test_an_unknown_figure_to_monitor() -> None:
    with pytest.raises(ValueError, match="no figure 'val_acc' to monitor; an epoch has epoch, step, seconds"):
        trainer(monitor="val_acc").fit(*loaders())


def test_a_checkpoint_of_another_model_changes_nothing(tmp_path: Path) -> None:
    t = trainer(tmp_path)
    t.fit(*loaders(), epochs=1)
    net = nn.Sequential(nn.Linear(2, 5), nn.ReLU(), nn.Linear(5, 2))
    other = Trainer(net, SGD(net.parameters(), 0.1), F.cross_entropy, folder=tmp_path)
    before = net.state_dict()
    with pytest.raises(
        CheckpointError,
        match=r"last\.safetensors: not a checkpoint of this training \(its callbacks .* are EarlyStopping",
    ):
        other.fit(*loaders(), resume=True)
    t2 = trainer(tmp_path)
    t2.model = net
    with pytest.raises(CheckpointError, match=r"does not fit Sequential"):
        t2.load(tmp_path / "last.safetensors")
    for name, array in net.state_dict().items():
        np.testing.assert_array_equal(array, before[name])
    with pytest.raises(FileNotFoundError):
        t.load(tmp_path / "none.safetensors")
    nn.save(net, tmp_path / "weights.safetensors")
    with pytest.raises(CheckpointError, match="no checkpoint of a training"):
        t.load(tmp_path / "weights.safetensors")
