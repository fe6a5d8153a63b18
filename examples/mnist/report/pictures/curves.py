"""Loss and accuracy while the model was trained."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from examples.mnist.report.pictures.picture import Picture
from examples.mnist.report.theme import TRAINING, VALIDATION, figure, svg
from tapegrad.nn.training import History

__all__ = ["curves"]

SMOOTHED = 50  # stretches of steps, of which the line shows the means
MOST = 2000  # points of single steps that a picture shows


def curves(history: History) -> list[Picture]:
    """Loss and accuracies by epoch, then by step, as far as the history has them."""
    names = sorted({name for row in (*history.epochs, *history.steps) for name in row if _is_figure(name)}, key=_rank)
    return [*_by_epoch(history, names), *_by_step(history, names)]


def _by_epoch(history: History, names: Sequence[str]) -> Iterator[Picture]:
    for name in names:
        with figure() as (drawn, axes):
            lines = [
                _line(axes, history.epochs, key, colour, label)
                for key, colour, label in ((name, TRAINING, "training"), (f"val_{name}", VALIDATION, "validation"))
            ]
            if not any(lines):
                continue
            axes.set(xlabel="epoch", ylabel=name)
            axes.xaxis.get_major_locator().set_params(integer=True)
            _scale(axes, name)
            axes.legend()
            last = ", ".join(line for line in lines if line)
            yield Picture(_file(name, "epoch"), f"{_title(name)} by epoch", f"In the end: {last}.", svg(drawn))


def _by_step(history: History, names: Sequence[str]) -> Iterator[Picture]:
    for name in names:
        steps = np.array([[row["step"], row[name]] for row in history.steps if name in row])  # (steps, 2)
        if len(steps) < 2:
            continue
        with figure() as (drawn, axes):
            shown = steps[:: -(-len(steps) // MOST)]
            axes.plot(*shown.T, ".", color=TRAINING, alpha=0.35, markersize=3, markeredgewidth=0, label="one batch")
            parts = np.array_split(steps, min(SMOOTHED, len(steps)))
            axes.plot(*np.array([part.mean(axis=0) for part in parts]).T, color=TRAINING, label="mean")
            axes.set(xlabel="iteration", ylabel=name)
            _scale(axes, name)
            axes.legend(markerscale=3)
            caption = f"Each of {len(steps):,} updates of the weights, and the mean over about {len(parts[0])} of them."
            yield Picture(_file(name, "iteration"), f"{_title(name)} by iteration", caption, svg(drawn))


def _line(axes: Any, epochs: Sequence[dict[str, float]], name: str, colour: str, label: str) -> str:
    """Draw a figure by epoch, and say what it was in the end."""
    points = np.array([[row["epoch"], row[name]] for row in epochs if name in row])
    if not len(points):
        return ""
    axes.plot(*points.T, "o-", color=colour, markersize=4, label=label)
    value = points[-1, 1]
    return f"{label} {100 * value:.2f} %" if name.endswith("accuracy") else f"{label} {value:.4f}"


def _scale(axes: Any, name: str) -> None:
    """Accuracies from 0 to 1 as percentages; losses, which fall by orders of magnitude, on a logarithmic axis."""
    if name.endswith("accuracy"):
        axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:g} %")
    elif all((line.get_ydata() > 0).all() for line in axes.lines):
        axes.set_yscale("log", subs=())
        axes.yaxis.get_major_locator().set_params(subs=(1, 2, 5))
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")


def _is_figure(name: str) -> bool:
    return name.endswith(("loss", "accuracy")) and not name.startswith("val_")


def _rank(name: str) -> tuple[int, str, bool]:
    """The figures of the whole model first, then those of each head; the loss before the accuracy."""
    head, _, figure_ = name.rpartition("/")
    return bool(head), head, figure_ != "loss"


def _title(name: str) -> str:
    head, _, last = name.rpartition("/")
    return f"{last.capitalize()} of {head}" if head else last.capitalize()


def _file(name: str, by: str) -> str:
    return f"{name.replace('/', '-')}-by-{by}"
