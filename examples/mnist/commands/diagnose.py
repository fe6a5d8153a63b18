"""The command `diagnose`: what may be wrong with a training, and what to do about it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from examples.mnist.data import load
from examples.mnist.diagnosis import Finding, Problem, checks
from examples.mnist.diagnosis.data import NO_DATA
from examples.mnist.diagnosis.outcome import check_outcome
from examples.mnist.diagnosis.rates import check_rates, plot_rates, range_test
from examples.mnist.display import console, say
from examples.mnist.failures import told_plainly
from examples.mnist.options import settings_of, settings_options
from examples.mnist.runs import Run
from examples.mnist.settings import Settings
from examples.mnist.training import computing
from tapegrad.autograd.files import save_whole
from tapegrad.datasets import ChecksumError, MissingFilesError

__all__ = ["diagnose"]

PLOT = "learning-rates.png"
MARGIN = 9  # characters


@click.command()
@settings_options
@click.option("--run", type=click.Path(path_type=Path), help="Folder of a run, to be diagnosed with its settings.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the plot.  [default: the run's, or this one]")
def diagnose(preset: str | None, overrides: dict[str, Any], run: Path | None, out: Path | None) -> None:
    """Check a training before it is begun, or with --run after it has ended: takes some seconds.

    Data, memory, initial loss, dead units, gradients, whether one batch can be learnt by heart, and learning rates,
    with a plot of the loss over them (learning-rates.png).
    """
    if run is not None and preset is not None:
        raise click.UsageError("--run has settings of its own; leave --preset out")
    with told_plainly(), computing():
        opened = Run.open(run) if run else None
        problem = stated(opened, Settings.of(overrides, opened.settings) if opened else settings_of(preset, overrides))
        say(f"{problem.settings.model}, {problem.settings.optimizer}, learning rate {problem.settings.lr:g}\n")
        findings = [shown(check_outcome(opened.history))] if opened else []
        findings += [shown(finding) for finding in checks(problem)]
        test = range_test(problem)
        findings.append(shown(check_rates(problem, test)))
        plot = (out or run or Path()) / PLOT
        plot.parent.mkdir(parents=True, exist_ok=True)
        save_whole(plot, plot_rates(problem, test), "the plot")
    warnings = sum(not finding.ok for finding in findings)
    verdict = f"{warnings} of {len(findings)} checks found something" if warnings else "nothing to worry about"
    say(f"\n{verdict}")
    say(f"loss over learning rates: {plot}")


def stated(run: Run | None, settings: Settings) -> Problem:
    """The problem, with its data.

    Raises:
        ClickException: there are no data; the message says what to do.
    """
    try:
        data = load(settings)
    except (MissingFilesError, ChecksumError) as error:
        raise click.ClickException(f"{error}\nwhat to do: {NO_DATA}") from error
    return Problem(settings, data, run.model if run else None)


def shown(finding: Finding) -> Finding:
    """Print a finding, and give it back."""
    screen = console()
    mark, style = ("ok", "green") if finding.ok else ("warning", "bold yellow")
    screen.print(f"{mark:<{MARGIN}}", style=style, end="")
    screen.print(f"{finding.check}: {finding.says}", markup=False, soft_wrap=True)
    for detail in finding.details:
        screen.print(f"{'':{MARGIN}}{detail}", markup=False, soft_wrap=True, style="dim")
    if finding.advice:
        screen.print(f"{'':{MARGIN}}what to do: {finding.advice}", markup=False, soft_wrap=True)
    return finding
