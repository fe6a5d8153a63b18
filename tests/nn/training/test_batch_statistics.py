"""update_bn: statistics of the weights and the data that a model is used with, nothing else changed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

import tapegrad as tg
from tapegrad import nn
from tapegrad.nn import functional as F
from tapegrad.nn.optim import SGD
from tapegrad.nn.training import ExponentialMovingAverage, Trainer, update_bn

RNG = np.random.default_rng(0)
BATCHES = [(RNG.normal(2, 3, (size, 2, 5, 5)).astype(np.float32), np.arange(size) % 3) for size in (6, 6, 4)]


def network(dropout: float = 0.5) -> nn.Sequential:
    rng = np.random.default_rng(1)
    return nn.Sequential(
        nn.Conv2d(2, 4, 3, rng=rng), nn.BatchNorm2d(4), nn.ReLU(), nn.Dropout(dropout), nn.Flatten(),
        nn.Linear(36, 3, rng=rng), nn.BatchNorm1d(3),
    )  # fmt: skip


def test_without_dropout_it_is_pytorchs() -> None:
    ours = network(0.0)
    theirs = torch.nn.Sequential(
        torch.nn.Conv2d(2, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.ReLU(), torch.nn.Dropout(0.0), torch.nn.Flatten(),
        torch.nn.Linear(36, 3), torch.nn.BatchNorm1d(3),
    )  # fmt: skip
    theirs.load_state_dict({name: torch.tensor(array) for name, array in ours.state_dict().items()})

    update_bn(BATCHES, ours)

    torch.optim.swa_utils.update_bn([torch.from_numpy(images) for images, _ in BATCHES], theirs)
    for name, array in ours.state_dict().items():
        np.testing.assert_allclose(array, theirs.state_dict()[name].numpy(), 1e-5, 1e-6, err_msg=name)


def test_dropout_is_off_and_every_module_as_before() -> None:
    net = network(0.5)
    net[1].momentum = 0.25
    net[6].eval()
    modes = [module.training for module in net.modules()]

    update_bn([images for images, _ in BATCHES], net)

    with tg.no_grad():
        net.eval()
        scores = [net[5](net[4](F.relu(normalized(net[0](tg.tensor(images)))))).numpy() for images, _ in BATCHES]
    np.testing.assert_allclose(net[6].running_mean.numpy(), np.mean([y.mean(0) for y in scores], 0), 1e-4, 1e-5)
    np.testing.assert_allclose(net[6].running_var.numpy(), np.mean([y.var(0, ddof=1) for y in scores], 0), 1e-4)
    assert (net[1].momentum, net[6].momentum) == (0.25, 0.1)
    net.train()
    net[6].eval()
    assert [module.training for module in net.modules()] == modes


def normalized(y: tg.Tensor) -> tg.Tensor:
    """By the statistics of the batch itself, as a new batch norm in training does."""
    z: tg.Tensor = nn.BatchNorm2d(4)(y)
    return z


def test_of_an_average_the_average_has_them() -> None:
    net = network()
    average = ExponentialMovingAverage(net, 0.5)
    with tg.no_grad():
        net[0].weight.data *= 3
    average.update()
    own = {name: array.copy() for name, array in net.state_dict().items()}
    twin = network()
    twin.load_state_dict(average.average)

    update_bn(BATCHES, average)

    update_bn(BATCHES, twin)
    for name, array in twin.state_dict().items():
        np.testing.assert_array_equal(average.average[name], array, err_msg=name)
        np.testing.assert_array_equal(net.state_dict()[name], own[name], err_msg=name)


def test_an_average_stays_without_buffers_that_are_not_kept() -> None:
    net = network()
    net.register_buffer("seen", tg.tensor(np.zeros(2)), persistent=False)
    average = ExponentialMovingAverage(net, 0.5)
    names = set(average.average)

    update_bn(BATCHES, average)

    assert set(average.average) == names
    with average.applied():
        assert (net[1].running_mean.numpy() != 0).all()


def test_without_batch_norms_nothing_is_computed() -> None:
    update_bn(iter(()), nn.Linear(2, 3))
    update_bn(iter(()), nn.BatchNorm1d(2, track_running_stats=False))


def test_no_batches() -> None:
    net = network()
    net[1].running_mean.data = np.full(4, 7, np.float32)

    with pytest.raises(ValueError, match="update_bn: there are no batches; an iterator gives its own only once"):
        update_bn([], net)

    assert (net[1].running_mean.numpy() == 7).all()
    assert net[1].training


@pytest.mark.parametrize("ema", [None, 0.5])
def test_a_trainer_validates_and_keeps_them(ema: float | None, tmp_path: Any) -> None:
    varied = [(images * 2 + 1, labels) for images, labels in BATCHES]
    nn.manual_seed(0)
    net = network()
    trainer = Trainer(
        net, SGD(net.parameters(), 0.1), F.cross_entropy, ema=ema, update_bn=BATCHES, folder=tmp_path, progress=False
    )

    history = trainer.fit(varied, BATCHES, epochs=2)

    used = network()
    used.load_state_dict(net.state_dict() if trainer.average is None else trainer.average.average)
    before = {name: array.copy() for name, array in used.state_dict().items()}
    update_bn(BATCHES, used)
    for name, array in used.state_dict().items():
        np.testing.assert_array_equal(before[name], array, err_msg=name)
    assert history["val_loss"][-1] == pytest.approx(trainer.evaluate(BATCHES)["loss"])
    resumed = Trainer(
        twin := network(), SGD(twin.parameters(), 0.1), F.cross_entropy, ema=ema, update_bn=BATCHES, folder=tmp_path
    )
    resumed.fit(varied, BATCHES, epochs=2, resume=True)
    assert resumed.evaluate(BATCHES) == trainer.evaluate(BATCHES)
