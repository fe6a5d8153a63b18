"""The command `train`: a model, the data, a folder for what comes of it, and a last line with the test accuracy."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import numpy as np
from threadpoolctl import threadpool_limits

from examples.mnist.checks import finite, known_model, without_a_run
from examples.mnist.data import Data, load
from examples.mnist.display import Display, percent
from examples.mnist.failures import told_plainly
from examples.mnist.folder import DEFAULT, LOG, WEIGHTS, make_folder
from examples.mnist.log import Log, versions
from examples.mnist.models import MODELS, find
from examples.mnist.stopping import ctrl_c_requests_stop
from examples.mnist.training import Settings, evaluate, train_epochs
from tapegrad import nn

__all__ = ["train"]

INTERRUPTED = 130  # the exit status by which a shell knows a program that Ctrl-C ended


@click.command()
@click.option("--model", default="mlp", callback=known_model, help=f"What to train: {', '.join(MODELS)}.")
@click.option("--epochs", default=10, type=click.IntRange(min=1), help="How often each image is seen.")
@click.option("--batch-size", default=128, type=click.IntRange(min=1), help="Images in a step.")
@click.option(
    "--lr",
    default=0.002,
    type=click.FloatRange(min=0, min_open=True),
    callback=finite,
    help="Learning rate of the first step; it falls to 0 along half a cosine.",
)
@click.option("--seed", default=0, type=click.IntRange(min=0), help="Of weights, validation split, order and shifts.")
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path),
    help="Folder with the four MNIST files, gzip or plain.  [default: $TAPEGRAD_DATA, else the cache, else a download]",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    callback=without_a_run,
    help=f"Folder for weights and log; no run in it may be there.  [default: a new one in {DEFAULT}]",
)
def train(
    model: str, epochs: int, batch_size: int, lr: float, seed: int, data_dir: Path | None, out: Path | None
) -> None:
    """Train a model, and print its accuracy on the test images.

    The weights (safetensors) and a log (JSON lines) go into the output folder, anew after each epoch. Ctrl-C ends the
    training early and keeps what was trained so far.
    """
    display = Display()
    with told_plainly():
        data = load(data_dir, seed)
        introduce(display, data)
        try:
            folder = make_folder(out, model)
        except OSError as error:
            raise click.ClickException(f"the output folder cannot be made: {error}") from error
        interrupted = run(display, data, folder, model, Settings(epochs, batch_size, lr, seed))
    if interrupted:
        raise SystemExit(INTERRUPTED)


def introduce(display: Display, data: Data) -> None:
    """Say what will be trained on, and why if it is not MNIST."""
    if data.not_mnist:
        display.say(f"MNIST is not at hand and could not be downloaded.\n  {data.not_mnist}")
        display.say("Training on Digits instead: smaller images of digits that come with scikit-learn.")
    display.say(
        f"{data.name}: {len(data.train):,} images for training, {len(data.validation):,} for validation, "
        f"{len(data.test):,} for the test"
    )


def run(display: Display, data: Data, folder: Path, name: str, settings: Settings) -> bool:
    """Train and test, keeping weights and log in the folder; say whether the training was interrupted."""
    nn.manual_seed(settings.seed)
    model = find(name)(data.shape, data.classes)
    parameters = sum(parameter.size for parameter in model.parameters())
    display.say(f"{name}: {parameters:,} parameters; weights and log go to {folder}")
    seconds = 0.0
    # One BLAS thread: with more they wait for each other at every product, which small ones gain little from, and take
    # many times as long when another program is busy. No warnings of overflows: the loss is watched, and tells of them.
    with threadpool_limits(1, "blas"), np.errstate(over="ignore", invalid="ignore"), Log(folder / LOG) as log:
        log.write(
            "start", model=name, parameters=parameters, **asdict(settings), **described(data), versions=versions()
        )
        nn.save(model, folder / WEIGHTS)  # what fails here fails before the training
        display.head()
        with ctrl_c_requests_stop() as stop, display.progress(settings.epochs * len(data.train)) as seen:
            for epoch in train_epochs(model, data, settings, seen=seen, stopped=lambda: stop.made):
                nn.save(model, folder / WEIGHTS)
                log.write("epoch", **asdict(epoch))
                display.row(epoch)
                seconds += epoch.seconds
        test = evaluate(model, data.test)
        log.write("end", test=asdict(test), seconds=seconds, interrupted=stop.made)
    if stop.made:
        display.say("\nstopped by Ctrl-C; what was trained so far is kept")
    which = f"{data.name}, not on MNIST" if data.not_mnist else data.name
    display.say(f"\ntest accuracy on {which}: {percent(test.accuracy)}, trained in {seconds:.1f} s")
    if data.not_mnist:
        display.say("To train on MNIST, name a folder with its four files: --data-dir FOLDER, or TAPEGRAD_DATA.")
    return stop.made


def described(data: Data) -> dict[str, Any]:
    """The data as the log tells them."""
    return {
        "data": data.name,
        "not_mnist": data.not_mnist,
        "images": {"train": len(data.train), "validation": len(data.validation), "test": len(data.test)},
    }
