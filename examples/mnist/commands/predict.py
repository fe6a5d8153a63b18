"""The command `predict`: which digits image files show."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray
from rich.table import Table
from rich.text import Text

from examples.mnist.classifying import classify
from examples.mnist.data import preparation
from examples.mnist.display import console, percent, say
from examples.mnist.failures import told_plainly
from examples.mnist.images import ImageError, blocks, prepare
from examples.mnist.models import find
from examples.mnist.runs import Run, pretrained

__all__ = ["predict"]

HEIGHTS = " ▁▂▃▄▅▆▇█"


@click.command()
@click.argument("images", nargs=-1, required=True, metavar="IMAGE...", type=click.Path(path_type=Path))
@click.option("--run", type=click.Path(path_type=Path), help="Folder of a run.  [default: the shipped model]")
@click.option("--show", is_flag=True, help="Show what the model sees: each digit as in MNIST.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def predict(images: tuple[Path, ...], run: Path | None, show: bool, as_json: bool) -> None:
    """Tell which digit each IMAGE shows: a handwritten one of any size, dark on bright or bright on dark.

    An image that cannot be used is named with the reason, the others are still told; the exit status is then 1.
    """
    with told_plainly():
        answers = answered(images, Run.open(run) if run else pretrained())
    failures = [answer for answer in answers if isinstance(answer, ImageError)]
    if as_json:
        rows = zip(images, answers, strict=True)
        click.echo(json.dumps([{"image": str(path), **as_record(answer)} for path, answer in rows], indent=1))
    else:
        told([answer for answer in answers if isinstance(answer, Answer)], show)
    for failure in failures:
        click.echo(f"Error: {failure}", err=True)
    if failures:
        raise SystemExit(1)


@dataclass(frozen=True)
class Answer:
    """What a model makes of an image.

    Attributes:
        path: of the image.
        digit: (28, 28), as the model sees it.
        probabilities: of each class, (classes,).
    """

    path: Path
    digit: NDArray[np.float32]
    probabilities: NDArray[np.float64]

    @property
    def prediction(self) -> int:
        """The likeliest class."""
        return int(self.probabilities.argmax())

    @property
    def probability(self) -> float:
        """That of the likeliest class."""
        return float(self.probabilities.max())


def answered(images: Sequence[Path], run: Run) -> list[Answer | ImageError]:
    """For each image an answer, or why there is none."""
    if find(run.settings.model).heads:
        raise click.ClickException(
            f"{run.folder}: model {run.settings.model} reads images of two digits; predict needs one that reads one"
        )
    ready = preparation(run.settings)
    answers: list[Answer | ImageError] = []
    for path in images:
        try:
            digit = prepare(path)
        except ImageError as error:
            answers.append(error)
        else:
            answers.append(Answer(path, digit, classify(run.model, ready(digit[None, None]))[0, 0]))
    return answers


def as_record(answer: Answer | ImageError) -> dict[str, Any]:
    """An answer as JSON has it."""
    if isinstance(answer, ImageError):
        return {"error": str(answer)}
    return {
        "prediction": answer.prediction,
        "probability": answer.probability,
        "probabilities": answer.probabilities.tolist(),
    }


def told(answers: Sequence[Answer], show: bool) -> None:
    """Print a table, and where asked for what the model saw."""
    if not answers:
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("image", overflow="fold")
    table.add_column("digit", justify="right", style="bold")
    table.add_column("probability", justify="right")
    table.add_column("0 1 2 3 4 5 6 7 8 9", no_wrap=True, min_width=19)
    for answer in answers:
        chance = percent(answer.probability)
        table.add_row(Text(str(answer.path)), str(answer.prediction), chance, bars(answer.probabilities))
    screen = console()
    screen.print(table)
    for answer in answers if show else ():
        say(f"\n{answer.path}")
        screen.print(blocks(answer.digit, colours=screen.color_system is not None))


def bars(probabilities: NDArray[np.float64]) -> str:
    """A bar for each class, in eighths of a line; none for what is all but impossible."""
    eighths = np.ceil(probabilities * 8 - 0.02).astype(int)
    return " ".join(HEIGHTS[eighth] for eighth in eighths)
