"""The command `evaluate`: everything about a trained model, in one folder with one page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from examples.mnist.data import load
from examples.mnist.display import say
from examples.mnist.failures import told_plainly
from examples.mnist.report import Evaluation, write
from examples.mnist.report.text import as_text
from examples.mnist.runs import DEFAULT, PRETRAINED, Run, newest, pretrained
from examples.mnist.training import computing
from tapegrad.datasets import DataLoader

__all__ = ["evaluate"]

BATCH = 500


@click.command()
@click.argument("run", required=False, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write to.  [default: evaluation, in the run's]")
@click.option("--data-dir", help="Folder with the data's files, if they have moved since the training.")
def evaluate(run: Path | None, out: Path | None, data_dir: str | None) -> None:
    """Evaluate the model in the folder RUN on the test images; by default the newest run's, else the shipped one.

    Writes a page (report.html) that shows all of it, pictures (SVG), figures for machines (JSON) and text, over those
    of an earlier evaluation.
    """
    with told_plainly(), computing():
        opened = Run.open(run) if run else newest() or pretrained()
        evaluation = evaluated(opened, data_dir)
        page = write(evaluation, out or default_folder(opened))
    say(f"{as_text(evaluation)}\n\nthe page: {page}")


def evaluated(run: Run, data_dir: str | None = None) -> Evaluation:
    """Evaluate the model of a run on its test images."""
    settings = run.settings if data_dir is None else replace(run.settings, data_dir=data_dir)
    data = load(settings)
    warning = (
        f"These are not the images that the model is for: MNIST is not at hand ({data.not_mnist}), "
        f"so {data.name} stands in for it."
        if data.not_mnist
        else None
    )
    batches = DataLoader(data.test, BATCH)
    return Evaluation(
        settings.model, run.model, run.history, data.name, batches, data.shape, data.heads, data.classes, facts(run),
        warning,
    )  # fmt: skip


def facts(run: Run) -> dict[str, str]:
    """What a reader wants to know about the training."""
    epochs = run.history.epochs
    seconds = sum(epoch["seconds"] for epoch in epochs)
    told = {"epochs": f"{len(epochs)}", "trained in": f"{seconds:,.0f} s"} if epochs else {}
    return {**told, "optimizer": run.settings.optimizer}


def default_folder(run: Run) -> Path:
    """Inside the run's folder; for the shipped model, whose folder is the program's own, beside all runs."""
    return (DEFAULT.parent / "pretrained" if run.folder == PRETRAINED else run.folder) / "evaluation"
