"""`tune`: a search for good settings, which goes on where it was stopped."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.table import Table

from examples.mnist.commands.train import accuracies
from examples.mnist.display import console, percent, say
from examples.mnist.failures import INTERRUPTED, told_plainly
from examples.mnist.models import find
from examples.mnist.options import settings_of, settings_options
from examples.mnist.training import Result
from examples.mnist.tuning import (
    SEARCHED,
    Search,
    StorageError,
    best_run,
    finished,
    opened,
    remaining,
    storage_errors,
)
from examples.mnist.tuning_picture import save_picture

if TYPE_CHECKING:
    import optuna

__all__ = ["tune"]

DEFAULT = Path("runs/tune")
SHOWN = 5  # trials in the table


@click.command()
@click.option("--trials", default=20, show_default=True, type=click.IntRange(min=1), help="How many there are to be.")
@click.option("--storage", metavar="URL", help="Where the study is kept.  [default: study.db in the folder of --out]")
@click.option("--study", "name", default="mnist", show_default=True, help="Its name there.")
@click.option("--out", default=DEFAULT, show_default=True, type=click.Path(file_okay=False, path_type=Path))
@settings_options
def tune(trials: int, storage: str | None, name: str, out: Path, preset: str | None, overrides: dict[str, Any]) -> None:
    """Search for the settings with the best accuracy on the validation images.

    Learning rate, batch size, momentum, activation and hidden sizes vary, as far as the model has them; a setting that
    is given stays as it is. Trials that are worse than others at the same epoch are ended early. The study is kept in
    an SQLite file, or wherever an URL of SQLAlchemy's or `journal:FILE` says. The same command again goes on with it.
    """
    with told_plainly():
        settings = settings_of(preset, overrides)
        out.mkdir(parents=True, exist_ok=True)
        storage = storage or f"sqlite:///{out / 'study.db'}"
        search = Search(preset, overrides, out)
        interrupted = False
        try:
            study = opened(storage, name, settings.seed)
            _introduce(study, trials, storage)
            with storage_errors(storage):
                _search(study, search, remaining(study, trials))
        except StorageError as error:
            raise click.ClickException(str(error)) from error
        except KeyboardInterrupt:
            interrupted = True
            say("\nstopped by Ctrl-C; the same command again goes on")
        if any(trial.state.name == "COMPLETE" for trial in study.trials):
            _conclude(study, search)
    if interrupted:
        raise SystemExit(INTERRUPTED)


def _introduce(study: optuna.study.Study, trials: int, storage: str) -> None:
    done = finished(study)
    begun = f", {done} of them done before" if done else ""
    say(f"study {study.study_name} in {storage}: {trials} trials{begun}")


def _search(study: optuna.study.Study, search: Search, trials: int) -> None:
    """Make so many trials, and tell of each."""

    def tell(_: optuna.study.Study, trial: optuna.trial.FrozenTrial) -> None:
        what = ", ".join(f"{name} {_shown(value)}" for name, value in trial.params.items())
        came = percent(trial.value) if trial.state.name == "COMPLETE" and trial.value is not None else "pruned"
        say(f"trial {trial.number}: {what}: {came}")

    if trials:
        study.optimize(search, n_trials=trials, callbacks=[tell])


def _conclude(study: optuna.study.Study, search: Search) -> None:
    """Show the best trials, keep the best settings, and draw."""
    best = best_run(study, search)
    complete = [trial for trial in study.trials if trial.value is not None and trial.state.name == "COMPLETE"]
    table = Table("trial", *(name for name in SEARCHED if name in study.best_params))
    table.add_column("validation", justify="right")
    for trial in sorted(complete, key=lambda trial: trial.value or 0, reverse=True)[:SHOWN]:
        table.add_row(str(trial.number), *map(_shown, trial.params.values()), percent(trial.value or 0))
    console().print(table)
    if not best.settings_file.exists():
        say(f"the best trial is not in {search.folder}: it was made elsewhere")
        return
    preset = search.folder / "best.toml"
    preset.write_text(best.settings.to_toml(), encoding="utf-8")
    result = Result.read(best)
    say(f"best: trial {study.best_trial.number}, in {best.folder}; to train so: --preset {preset}")
    say(f"its test accuracy: {accuracies(result.test, find(result.model).heads)}")
    picture = search.folder / "search.png"
    save_picture(study, picture)
    say(f"drawn: {picture}")


def _shown(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
