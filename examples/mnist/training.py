"""Training a model as settings say, in a folder, and what comes of it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
from threadpoolctl import threadpool_limits

from examples.mnist.augmentation import AUGMENTATIONS
from examples.mnist.building import build
from examples.mnist.choices import LOSSES, OPTIMIZERS, SCHEDULES
from examples.mnist.data import Data
from examples.mnist.models import find
from examples.mnist.runs import Run, RunError
from examples.mnist.settings import Settings
from examples.mnist.versions import versions
from examples.mnist.weights import load_weights
from tapegrad import nn
from tapegrad.autograd.files import save_whole
from tapegrad.datasets import DataLoader, Dataset, Subset
from tapegrad.nn.training import (
    Callback,
    CheckpointError,
    Curves,
    EarlyStopping,
    JSONLines,
    TensorBoard,
    Trainer,
    accuracy,
)

__all__ = ["Result", "computing", "evaluate", "mean_accuracy", "train", "training_batches"]

STATISTICAL = 5000  # images for batch norm's statistics


@dataclass(frozen=True)
class Result:
    """What came of a training.

    Attributes:
        model: its name.
        parameters: how many it has.
        data: the name of the data.
        not_mnist: why they are not MNIST, though MNIST was asked for.
        images: how many there were for training, validation and test.
        epochs: how many were trained.
        seconds: how long that took, with the validations.
        validation, test: figures of the weights that were best on the validation images.
        interrupted: whether Ctrl-C ended it.
        stopped: why it ended early by itself.
        versions: what it was computed with.
    """

    model: str
    parameters: int
    data: str
    not_mnist: str | None
    images: dict[str, int]
    epochs: int
    seconds: float
    validation: dict[str, float]
    test: dict[str, float]
    interrupted: bool
    stopped: str | None
    versions: dict[str, str]

    def to_json(self) -> str:
        """All of it; what is not finite becomes null."""
        return json.dumps(_finite(asdict(self)), indent=2)

    @classmethod
    def read(cls, run: Run) -> Self:
        """What came of a run that has ended.

        Raises:
            OSError: there is no such file.
            RunError: the file is damaged.
        """
        try:
            return cls(**json.loads(run.result_file.read_text(encoding="utf-8")))
        except (ValueError, TypeError) as error:
            raise RunError(f"{run.result_file}: not the result of a training ({error})") from error


def train(
    settings: Settings,
    data: Data,
    run: Run,
    *,
    resume: bool = False,
    progress: bool | None = None,
    callbacks: Iterable[Callback] = (),
) -> Result:
    """Train a model, keep in the folder of the run what there is to keep, and test the best weights.

    Args:
        resume: go on from the run's last checkpoint.
        progress: whether to show how it goes; None for a terminal alone.
        callbacks: of the trainer, besides those that the settings ask for.

    Raises:
        DivergedError: a loss is not finite. The weights before that are kept.
        ForeignWeightsError: the last checkpoint is that of another model; it is left as it is.
        CheckpointError: it is that of another training.
        OSError: something cannot be written.
    """
    trainer = _trainer(settings, data, run, progress, callbacks)
    if resume and run.last_file.exists():
        _resume(trainer, settings, run)
    run.folder.mkdir(parents=True, exist_ok=True)
    save_whole(run.settings_file, settings.to_toml().encode(), "the settings")
    with computing():
        try:
            trainer.fit(training_batches(settings, data), _batches(data.validation), settings.epochs)
        finally:
            _keep(trainer, settings, run)
        return _result(trainer, settings, data, run)


@contextmanager
def computing() -> Iterator[None]:
    """One BLAS thread, and no warnings of overflows: the loss is watched, and tells of them.

    More BLAS threads wait for each other at every product, which small ones gain little from, and take many times as
    long when another program is busy.
    """
    with threadpool_limits(1, "blas"), np.errstate(over="ignore", invalid="ignore"):
        yield


def evaluate(model: nn.Module, dataset: Dataset, settings: Settings) -> dict[str, float]:
    """Loss and accuracy of a model on a data set, by name: "loss", "accuracy", "upper/accuracy" ..."""
    optimizer = OPTIMIZERS[settings.optimizer](model.parameters(), settings)
    with computing():
        return Trainer(model, optimizer, **_objective(settings), progress=False).evaluate(_batches(dataset))


def mean_accuracy(figures: Mapping[str, float]) -> float:
    """The accuracy among some figures; of several heads their mean."""
    found = [value for name, value in figures.items() if name.rpartition("/")[2] == "accuracy"]
    return sum(found) / len(found)


def _trainer(settings: Settings, data: Data, run: Run, progress: bool | None, callbacks: Iterable[Callback]) -> Trainer:
    model = build(settings)
    optimizer = OPTIMIZERS[settings.optimizer](model.parameters(), settings)
    updates = math.ceil(len(training_batches(settings, data)) / settings.accumulate)
    schedule, schedule_every = SCHEDULES[settings.schedule](optimizer, settings, updates * settings.epochs)
    # Of several heads none says which epoch is best; the sum of their losses does.
    monitor = "val_loss" if data.heads else f"val_{settings.monitor}"
    own: list[Callback] = [JSONLines(run.log_file, every=settings.log_every)]
    if settings.early_stopping is not None:
        own.append(EarlyStopping(monitor, settings.early_stopping, restore_best=False))
    if settings.live_curves:
        own.append(Curves())
    if settings.tensorboard:
        own.append(TensorBoard(run.folder / "tensorboard"))
    return Trainer(
        model, optimizer, **_objective(settings), schedule=schedule, schedule_every=schedule_every,
        accumulate=settings.accumulate, clip_norm=settings.clip_norm, ema=settings.ema,
        update_bn=None if settings.augment == "none" else _batches(_first(data.train)),
        callbacks=[*own, *callbacks], folder=run.folder, monitor=monitor, progress=progress,
        log_every=settings.log_every,
    )  # fmt: skip


def _resume(trainer: Trainer, settings: Settings, run: Run) -> None:
    """Put a training where its last checkpoint was written."""
    try:
        trainer.load(run.last_file)
    except CheckpointError:
        load_weights(build(settings), settings.model, run.last_file)  # says of which other model it is
        raise


def _objective(settings: Settings) -> dict[str, Any]:
    """A loss for each head, and the accuracies."""
    loss = LOSSES[settings.loss](settings)
    heads = find(settings.model).heads
    return {"loss": dict.fromkeys(heads, loss) if heads else loss, "metrics": {"accuracy": accuracy}}


def training_batches(settings: Settings, data: Data) -> DataLoader:
    """The batches of an epoch, each time in another order and varied in another way."""
    size = len(data.train) if isinstance(settings.batch_size, str) else settings.batch_size
    varied = AUGMENTATIONS[settings.augment](data.background)
    return DataLoader(data.train, size, shuffle=True, seed=settings.seed, transform=varied)


def _first(dataset: Dataset) -> Dataset:
    """So many images, not varied, that batch norm's statistics can be taken from them."""
    return Subset(dataset, np.arange(min(len(dataset), STATISTICAL)))


def _batches(dataset: Dataset) -> DataLoader:
    return DataLoader(dataset, batch_size=1000)


def _keep(trainer: Trainer, settings: Settings, run: Run) -> None:
    """Write what a training leaves behind, however it ended; the model gets the weights that were best."""
    if run.best_file.exists():
        load_weights(trainer.model, settings.model, run.best_file)
    elif trainer.average is not None:
        trainer.model.load_state_dict(trainer.average.average)
    nn.save(trainer.model, run.weights_file)
    save_whole(run.history_file, trainer.history.to_json().encode(), "the history")


def _result(trainer: Trainer, settings: Settings, data: Data, run: Run) -> Result:
    parts = {"train": data.train, "validation": data.validation, "test": data.test}
    result = Result(
        model=settings.model,
        parameters=sum(parameter.size for parameter in trainer.model.parameters()),
        data=data.name,
        not_mnist=data.not_mnist,
        images={name: len(part) for name, part in parts.items()},
        epochs=len(trainer.history.epochs),
        seconds=sum(trainer.history["seconds"]),
        validation=evaluate(trainer.model, data.validation, settings),
        test=evaluate(trainer.model, data.test, settings),
        interrupted=trainer.interrupted,
        stopped=trainer.stopped,
        versions=versions(),
    )
    save_whole(run.result_file, result.to_json().encode(), "the result")
    return result


def _finite(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: _finite(value) for key, value in tree.items()}
    return None if isinstance(tree, float) and not math.isfinite(tree) else tree
