"""`train`: a model, the data, a folder for what comes of it, and a last line with the test accuracy."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from examples.mnist import training
from examples.mnist.building import build, shape_of
from examples.mnist.data import Data, load
from examples.mnist.display import percent, say
from examples.mnist.failures import INTERRUPTED, told_plainly
from examples.mnist.models import find
from examples.mnist.options import settings_of, settings_options
from examples.mnist.runs import DEFAULT, Run, new_run, newest
from examples.mnist.settings import Settings
from examples.mnist.training import Result

__all__ = ["accuracies", "introduce", "perform", "train"]

CHANGEABLE = ("epochs", "log_every", "live_curves", "tensorboard", "data_dir")  # when a training is resumed


@click.command()
@settings_options
@click.option("--resume", is_flag=True, help="Go on with the training in the folder of --out, or with the newest.")
@click.option(
    "--reset", is_flag=True, help="Forget the training in the folder of --out, and begin anew with fresh weights."
)
@click.option("--summary", is_flag=True, help="Show what each layer makes of an image, and what it costs.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help=f"Folder for weights, figures and log.  [default: a new one in {DEFAULT}]",
)
def train(
    preset: str | None, overrides: dict[str, Any], resume: bool, reset: bool, summary: bool, out: Path | None
) -> None:
    """Train a model, and print its accuracy on the test images.

    Settings, figures, log and checkpoints (safetensors) go into the output folder, anew after each epoch. Ctrl-C ends
    the training early and keeps what was trained so far; --resume goes on.
    """
    with told_plainly():
        if resume:
            run, settings = _resumed(out, preset, overrides, reset)
            out = run.folder
        else:
            settings = _begun(out, preset, overrides, reset)
        if summary:
            say(f"{build(settings).summary((1, *shape_of(settings)))}\n")
        result = perform(settings, out, resume=resume)
    if result.interrupted:
        raise SystemExit(INTERRUPTED)


def perform(settings: Settings, folder: Path | None = None, *, resume: bool = False) -> Result:
    """Train, and say what is done and what came of it; by default in a new folder."""
    data = load(settings)
    introduce(data)
    run = new_run(folder, settings.model)
    parameters = sum(parameter.size for parameter in build(settings).parameters())
    say(f"{settings.model}: {find(settings.model).summary} {parameters:,} parameters")
    say(f"everything about this training goes to {run.folder}")
    if not resume:
        for path in run.files:
            path.unlink(missing_ok=True)
    result = training.train(settings, data, run, resume=resume, progress=True)
    _conclude(result, data, run)
    return result


def accuracies(figures: Mapping[str, float], heads: tuple[str, ...]) -> str:
    """The accuracy, or that of each head: `98.77 %`, or `upper 99.10 %, lower 98.93 %`."""
    if not heads:
        return percent(figures["accuracy"])
    return ", ".join(f"{head} {percent(figures[f'{head}/accuracy'])}" for head in heads)


def _begun(out: Path | None, preset: str | None, overrides: dict[str, Any], reset: bool) -> Settings:
    """A new training, or the one in a folder from its beginning."""
    if reset and out is None:
        raise click.UsageError("--reset: say with --out which training is to be forgotten")
    run = None if out is None else Run(out)
    if run is not None and run.exists and not reset:
        raise click.UsageError(
            f"Invalid value for '--out': {out} holds a run already; name another folder, or say --resume to go on with "
            "it or --reset to begin it anew"
        )
    if run is not None and run.settings_file.exists() and preset is None and "model" not in overrides:
        return Settings.of(overrides, run.settings)
    return settings_of(preset, overrides)


def _resumed(out: Path | None, preset: str | None, overrides: dict[str, Any], reset: bool) -> tuple[Run, Settings]:
    """The training to go on with."""
    if reset:
        raise click.UsageError("--resume goes on with a training and --reset forgets it; choose one")
    fixed = [name for name in overrides if name not in CHANGEABLE] + (["preset"] if preset else [])
    if fixed:
        options = ", ".join(f"--{name.replace('_', '-')}" for name in fixed)
        may = ", ".join(f"--{name.replace('_', '-')}" for name in CHANGEABLE)
        raise click.UsageError(f"{options}: a training is resumed as it was begun; only {may} may change")
    run = newest() if out is None else Run(out)
    if run is None or not run.last_file.exists():
        raise click.UsageError(f"there is nothing to resume in {out or DEFAULT}: no checkpoint")
    return run, Settings.of(overrides, run.settings)


def introduce(data: Data) -> None:
    """Say what will be trained on, and why if it is not what was asked for."""
    if data.not_mnist:
        say(f"MNIST is not at hand and could not be downloaded.\n  {data.not_mnist}")
        say("Training on Digits instead: smaller images of digits that come with scikit-learn.")
    say(
        f"{data.name}: {len(data.train):,} images for training, {len(data.validation):,} for validation, "
        f"{len(data.test):,} for the test"
    )


def _conclude(result: Result, data: Data, run: Run) -> None:
    if result.interrupted:
        say("\nstopped by Ctrl-C; what was trained so far is kept, and to go on with it:")
        say(f"  python -m examples.mnist train --resume --out {run.folder}")
    if result.stopped is not None:
        say(f"\nstopped early: {result.stopped}")
    which = f"{data.name}, not on MNIST" if data.not_mnist else data.name
    say(f"\nvalidation accuracy: {accuracies(result.validation, data.heads)}")
    say(f"test accuracy on {which}: {accuracies(result.test, data.heads)}, trained in {result.seconds:.1f} s")
    if data.not_mnist:
        say("To train on MNIST, name a folder with its four files: --data-dir FOLDER, or TAPEGRAD_DATA.")
