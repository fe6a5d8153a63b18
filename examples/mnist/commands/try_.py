"""The command `try`: samples of the test images, and what the model makes of them."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np
from rich.table import Table
from rich.text import Text

from examples.mnist.display import console, percent, say
from examples.mnist.failures import told_plainly
from examples.mnist.images import blocks
from examples.mnist.report.predictions import Predictions, predict
from examples.mnist.runs import Run, pretrained
from tapegrad.datasets import DataLoader, Subset

__all__ = ["try_"]

BAR = 20  # characters, for all heads together


@click.command("try")
@click.option("--run", type=click.Path(path_type=Path), help="Folder of a run.  [default: the shipped model]")
@click.option("--count", default=5, show_default=True, type=click.IntRange(1, 100), help="How many images.")
@click.option("--seed", type=click.IntRange(min=0), help="Which images.  [default: others each time]")
@click.option("--wrong", is_flag=True, help="Only misclassified images.")
def try_(run: Path | None, count: int, seed: int | None, wrong: bool) -> None:
    """Show some of the test images, with the probability that the model gives each digit."""
    with told_plainly():
        opened = Run.open(run) if run else pretrained()
        data = opened.data()
    if data.not_mnist:
        say(f"MNIST is not at hand ({data.not_mnist}); these images are of {data.name}.")
    order = np.random.default_rng(seed).permutation(len(data.test))
    asked = Subset(data.test, order if wrong else order[:count])
    heads = predict(opened.model, DataLoader(asked, 500), data.heads, data.classes)
    mistaken = ~np.all([head.right for head in heads], axis=0)
    shown = np.flatnonzero(mistaken)[:count] if wrong else np.arange(len(asked))
    for row in shown:
        show(heads, int(row), int(order[row]))
    right = len(asked) - int(mistaken.sum())
    say(f"\n{right:,} of {len(asked):,} images are recognised")


def show(heads: list[Predictions], row: int, number: int) -> None:
    """An image, and beside it the probabilities of each head."""
    screen = console()
    picture = blocks(heads[0].images[row], colours=screen.color_system is not None)
    grid = Table.grid(padding=(0, 2))
    for _ in (picture, *heads):
        grid.add_column(no_wrap=True)
    grid.add_row(picture, *(probabilities(head, row, BAR // len(heads)) for head in heads))
    screen.print(f"\ntest image {number}", style="bold")
    screen.print(grid)


def probabilities(head: Predictions, row: int, longest: int) -> Text:
    """A bar for each class, the likeliest marked as right or wrong."""
    label, said = head.labels[row], head.predicted[row]
    width = max(len(head.name(i)) for i in range(head.classes))
    verdict = f"{head.head} {'right' if said == label else 'wrong'}".strip()
    text = Text(f"label {head.name(label)}, predicted {head.name(said)}\n{verdict}\n\n")
    for i, share in enumerate(head.probabilities[row]):
        style = "" if i != said else "bold green" if said == label else "bold red"
        text.append(f"{head.name(i):<{width}} {bar(share, longest):<{longest}} {percent(share):>9}\n", style)
    return text


def bar(share: float, longest: int) -> str:
    """A length that stands for a probability."""
    return "█" * round(longest * share) or ("▏" if share > 0.0005 else "")
