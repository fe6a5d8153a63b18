"""reset: a training that begins again is the one that it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tapegrad import nn
from tapegrad.nn import functional as F
from tapegrad.nn.optim import SGD, lr_scheduler
from tapegrad.nn.training import Curves, History, Trainer

from .problems import loaders, trainer


def test_a_seed_repeats_the_training(tmp_path: Path) -> None:
    t = trainer(tmp_path)
    ends: list[Any] = []
    for seed in (3, 3, 4):
        t.reset(seed)
        assert (t.epoch, t.step, t.batch, t.best, t.stopped) == (0, 0, 0, None, None)
        assert t.history == History()
        assert t.optimizer.lr == 0.01
        assert t.callbacks[0].state_dict() == {"best": None, "best_epoch": -1, "weights": {}, "average": {}}
        assert all(not array.any() for state in t.optimizer.states for array in state.values())
        history = t.fit(*loaders(), epochs=2)
        assert len(history.steps) == t.step == 18
        state = t.callbacks[0].state_dict()
        ends.append(
            (t.predict(np.eye(2, dtype=np.float32)), history["loss"], state["best"], state["weights"]["0.bias"])
        )
    for one, other, third in zip(*ends, strict=True):
        np.testing.assert_array_equal(one, other)
        assert np.all(one != third)


def test_without_a_seed_weights_are_others_each_time() -> None:
    t = trainer()
    before = t.model.state_dict()["0.weight"]
    t.reset()
    once = t.model.state_dict()["0.weight"]
    t.reset()
    assert (before != once).all()
    assert (once != t.model.state_dict()["0.weight"]).all()
    assert t.average is not None
    np.testing.assert_array_equal(t.average.average["0.weight"], t.model.state_dict()["0.weight"])


def test_options_are_those_of_the_beginning() -> None:
    """Those that a schedule by figures, or the user, has changed."""
    net = nn.Linear(2, 2)
    optimizer = SGD([{"params": [net.weight], "lr": 0.5}, {"params": [net.bias]}], 0.1, momentum=0.9)
    plateau = lr_scheduler.ReduceLROnPlateau(optimizer, patience=0, threshold=1e9, threshold_mode="abs")
    t = Trainer(net, optimizer, F.cross_entropy, schedule=plateau)
    t.fit(loaders()[0], epochs=3)
    optimizer.param_groups[1]["momentum"] = 0.5
    assert [group["lr"] for group in optimizer.param_groups] == pytest.approx([0.005, 0.001])
    t.reset()
    assert [group["lr"] for group in optimizer.param_groups] == [0.5, 0.1]
    assert [group["momentum"] for group in optimizer.param_groups] == [0.9, 0.9]
    assert (plateau.last_epoch, plateau.bad_steps) == (0, 0)


class Own(nn.Module):
    def __init__(self) -> None:
        self.weight = nn.Parameter(np.ones(2))

    def forward(self, x: Any) -> Any:
        return x * self.weight


def test_a_module_that_cannot_be_drawn_changes_nothing() -> None:
    net = nn.Sequential(nn.Linear(2, 2), Own())
    t = Trainer(net, SGD(net.parameters(), 0.1), F.cross_entropy)
    t.fit(loaders()[0])
    before = net.state_dict()
    with pytest.raises(NotImplementedError, match=r"Own '1' has parameters, but no initialize\(rng\)"):
        t.reset(0)
    assert t.step == 9
    for name, array in net.state_dict().items():
        np.testing.assert_array_equal(array, before[name])


def test_callbacks_without_a_state_come_and_go(tmp_path: Path) -> None:
    t = trainer(tmp_path)
    t.fit(*loaders(), epochs=1)
    more = trainer(tmp_path)
    more.callbacks.insert(0, Curves(tmp_path / "curves.png"))
    more.fit(*loaders(), epochs=2, resume=True)
    assert more.step == 18
    fewer = trainer(tmp_path, callbacks=[])
    with pytest.raises(ValueError, match="its callbacks with a state are EarlyStopping, those of this training none"):
        fewer.fit(*loaders(), epochs=2, resume=True)
