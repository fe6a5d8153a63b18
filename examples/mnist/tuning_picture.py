"""A search in one picture: how it went, trial by trial and epoch by epoch, and what each setting did."""

from __future__ import annotations

import math
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import optuna

__all__ = ["save_picture"]

TELLING = 8  # complete trials from which on the importance of a setting can be told
COMPLETE, PRUNED, BEST = "tab:blue", "silver", "tab:orange"


def save_picture(study: optuna.study.Study, path: Path) -> None:
    """Draw a study that has a complete trial.

    Raises:
        ImportError: matplotlib is not installed.
        OSError: the picture cannot be written.
    """
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        raise ImportError('the picture needs matplotlib: pip install "tapegrad[viz]"', name="matplotlib") from error

    trials = [trial for trial in study.trials if trial.intermediate_values]
    names = sorted(study.best_params)
    figure = Figure(figsize=(max(10, 2.6 * len(names)), 7), layout="constrained")
    best = study.best_trial.number
    figure.suptitle(f"{len(trials)} trials; the best is number {best}, {100 * study.best_value:.2f} %")
    upper, lower = figure.subfigures(2, 1, squeeze=False)[:, 0]
    left, right = upper.subplots(1, 2)
    _draw_trials(left, trials)
    _draw_epochs(right, trials, best)
    importances = _importances(study)
    for axes, name in zip(lower.subplots(1, len(names), sharey=True, squeeze=False)[0], names, strict=True):
        _draw_setting(axes, trials, name)
        axes.set_title(name if name not in importances else f"{name}\nimportance {importances[name]:.2f}")
    lower.axes[0].set_ylabel("validation accuracy, %")
    figure.savefig(path, dpi=110)


def _draw_trials(axes: Any, trials: list[optuna.trial.FrozenTrial]) -> None:
    for state, colour in (("COMPLETE", COMPLETE), ("PRUNED", PRUNED)):
        of_state = [trial for trial in trials if trial.state.name == state]
        axes.scatter(
            [trial.number for trial in of_state], [_reached(trial) for trial in of_state], c=colour, label=state.lower()
        )
    complete = [trial for trial in trials if trial.state.name == "COMPLETE"]
    best = list(accumulate((_reached(trial) for trial in complete), max))
    axes.step([trial.number for trial in complete], best, where="post", c=BEST, label="best so far")
    axes.set(xlabel="trial", ylabel="validation accuracy, %")
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.legend()


def _draw_epochs(axes: Any, trials: list[optuna.trial.FrozenTrial], best: int) -> None:
    for trial in sorted(trials, key=lambda trial: trial.number == best):
        colour = BEST if trial.number == best else COMPLETE if trial.state.name == "COMPLETE" else PRUNED
        epochs, values = zip(*sorted(trial.intermediate_values.items()), strict=True)
        axes.plot(epochs, [100 * value for value in values], ".-", c=colour, alpha=1 if trial.number == best else 0.6)
    axes.set(xlabel="epoch", ylabel="validation accuracy, %")
    axes.xaxis.get_major_locator().set_params(integer=True)


def _draw_setting(axes: Any, trials: list[optuna.trial.FrozenTrial], name: str) -> None:
    having = [trial for trial in trials if name in trial.params]
    distribution = having[0].distributions[name]
    places: dict[Any, int] | None = None
    if hasattr(distribution, "choices"):
        places = {choice: place for place, choice in enumerate(distribution.choices)}
        axes.set_xticks(range(len(places)), [str(choice) for choice in places], rotation=60)
    elif getattr(distribution, "log", False):
        axes.set_xscale("log")
    for trial in having:
        value = trial.params[name]
        colour = COMPLETE if trial.state.name == "COMPLETE" else PRUNED
        axes.scatter(value if places is None else places[value], _reached(trial), c=colour)


def _reached(trial: optuna.trial.FrozenTrial) -> float:
    """A trial's accuracy in per cent; that of its last epoch if it was pruned."""
    value = trial.value if trial.state.name == "COMPLETE" else None
    last = trial.intermediate_values[max(trial.intermediate_values)]
    return 100 * (last if value is None or not math.isfinite(value) else value)


def _importances(study: optuna.study.Study) -> dict[str, float]:
    """How much of the differences each setting explains, by name; nothing where that cannot be told."""
    import optuna

    if sum(trial.state.name == "COMPLETE" for trial in study.trials) < TELLING:
        return {}
    try:
        return dict(optuna.importance.get_param_importances(study))
    except (ValueError, RuntimeError, ImportError):  # all alike, or scikit-learn is not installed
        return {}
