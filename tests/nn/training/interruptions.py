"""A program: a training with everything in it, interrupted at places drawn at random, and finished each time.

`interruptions.py folder points` leaves the end of a training without an interruption in `folder/whole/end.safetensors`,
and those with one each in `folder/<i>/end.safetensors`; it prints how each was interrupted. Trainings run in children
of a process that has imported everything.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tapegrad import datasets, nn
from tapegrad.datasets.transforms import Random
from tapegrad.nn import functional as F
from tapegrad.nn.optim import AdamW, lr_scheduler
from tapegrad.nn.training import Callback, EarlyStopping, JSONLines, Trainer, accuracy

EPOCHS, UPDATES = 3, 5  # of each


class Noise(Random):
    """Augmentation: points that lie a little elsewhere each time."""

    def __call__(self, images: Any, rng: np.random.Generator) -> Any:
        return images + rng.normal(0, 0.1, images.shape).astype(images.dtype)


def loaders() -> tuple[Any, Any]:
    """Nine batches of an epoch, shuffled and augmented; and two of the validation."""
    rng = np.random.default_rng(0)
    points = rng.normal(size=(96, 2)).astype(np.float32)
    labels = (points[:, 0] * points[:, 1] > 0).astype(np.int64)
    train, validation = datasets.random_split(datasets.ArrayDataset(points, labels), [0.75, 0.25])
    return datasets.DataLoader(train, 8, shuffle=True, seed=3, transform=Noise()), datasets.DataLoader(validation, 16)


def make(folder: Path, *callbacks: Callback) -> Trainer:
    """A trainer with all that has a state."""
    nn.manual_seed(5)
    net = nn.Sequential(nn.Linear(2, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.2), nn.Linear(8, 2))
    optimizer = AdamW(net.parameters(), 0.02)
    return Trainer(
        net,
        optimizer,
        F.cross_entropy,
        metrics={"accuracy": accuracy},
        schedule=lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS * UPDATES),
        schedule_every="step",
        accumulate=2,
        clip_norm=0.5,
        ema=0.9,
        callbacks=[EarlyStopping(patience=50), JSONLines(folder / "log.jsonl", every=1), *callbacks],
        folder=folder,
        checkpoint_every=2,
    )


def train(folder: Path, *callbacks: Callback) -> None:
    """Train, or go on training, to the end; the state there goes into `end.safetensors`."""
    trainer = make(folder, *callbacks)
    trainer.fit(*loaders(), epochs=EPOCHS, resume=True)
    if not trainer.interrupted:
        trainer.save(folder / "end.safetensors")


class CtrlC(Callback):
    """The user's, after a step."""

    def __init__(self, step: int) -> None:
        self.step = step

    def on_step_end(self, trainer: Trainer, figures: dict[str, float]) -> None:
        if trainer.step == self.step:
            signal.raise_signal(signal.SIGINT)


class Told(Callback):
    """Tells a pipe that a step is reached, and waits for the end two steps later at the latest."""

    def __init__(self, step: int, pipe: int) -> None:
        self.step, self.pipe = step, pipe

    def on_step_end(self, trainer: Trainer, figures: dict[str, float]) -> None:
        if trainer.step == self.step:
            os.write(self.pipe, b".")
        if trainer.step == self.step + 2:
            time.sleep(600)

    def on_epoch_end(self, trainer: Trainer, figures: dict[str, float]) -> None:
        if trainer.epoch + 1 == EPOCHS:
            time.sleep(600)


def in_a_child(work: Callable[[], None]) -> int:
    """Run something in a process of its own, whose number is returned."""
    child = os.fork()
    if not child:
        status = 1
        try:
            work()
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    return child


def end_of(child: int) -> int:
    """How a child ended: 0, or minus the number of a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def kill_at_a_moment(folder: Path, draw: random.Random) -> str:
    """Somewhere in the two steps after one that is drawn."""
    step = draw.randint(1, EPOCHS * UPDATES - 1)
    listen, told = os.pipe()
    child = in_a_child(lambda: train(folder, Told(step, told)))
    os.read(listen, 1)
    time.sleep(draw.uniform(0, 0.01))
    os.kill(child, signal.SIGKILL)
    assert end_of(child) == -signal.SIGKILL
    return f"killed after step {step}"


def kill_in_a_write(folder: Path, draw: random.Random) -> str:
    """When a checkpoint is written in part, or whole but not yet in its place."""
    number, share = draw.randint(1, EPOCHS * UPDATES // 2), draw.choice([0.0, 0.3, 1.0])

    def work() -> None:
        synced, fsync = 0, os.fsync

        def cut(fd: Any) -> None:
            nonlocal synced
            synced += 1
            if synced == number:
                os.truncate(fd, int(os.fstat(fd).st_size * share))
                os.kill(os.getpid(), signal.SIGKILL)
            fsync(fd)

        os.fsync = cut
        train(folder)

    assert end_of(in_a_child(work)) == -signal.SIGKILL
    assert list(folder.glob(".*.part")), "no write was cut off"
    return f"killed in write {number}, {share:.0%} of it done"


def ctrl_c(folder: Path, draw: random.Random) -> str:
    """After a step that is drawn."""
    step = draw.randint(1, EPOCHS * UPDATES - 1)
    assert end_of(in_a_child(lambda: train(folder, CtrlC(step)))) == 0
    assert not (folder / "end.safetensors").exists()
    return f"Ctrl-C in step {step}"


def main(folder: Path, points: int) -> None:
    """Interrupt a training at each of so many points, and finish it."""
    draw = random.Random(20)
    assert end_of(in_a_child(lambda: train(folder / "whole"))) == 0
    how = []
    for i in range(points):
        interrupt = (ctrl_c, kill_at_a_moment, kill_in_a_write)[i % 3]
        how.append(interrupt(folder / str(i), draw))
        assert end_of(in_a_child(lambda i=i: train(folder / str(i)))) == 0  # type: ignore[misc]
    sys.stdout.write(json.dumps(how))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
