"""A search for settings with Optuna: what may vary, what a trial is, and where the study is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from examples.mnist import training
from examples.mnist.data import load
from examples.mnist.models import find
from examples.mnist.presets import chosen
from examples.mnist.runs import Run, new_run
from examples.mnist.settings import Settings
from tapegrad.nn.training import Callback, DivergedError, Trainer

if TYPE_CHECKING:
    import optuna

__all__ = [
    "SEARCHED", "Search", "StorageError", "best_run", "finished", "opened", "remaining", "storage_errors",
]  # fmt: skip

ACTIVATIONS = ("relu", "leaky-relu", "tanh", "gelu", "silu")
HIDDEN = ("32", "64", "128", "256", "128x64", "256x128")
SEARCHED = ("lr", "batch_size", "momentum", "activation", "hidden")


class StorageError(RuntimeError):
    """The place where a study is kept cannot be used; what is there is as it was."""


@dataclass(frozen=True)
class Search:
    """A search: the settings that are fixed, and a folder in which each trial has one of its own.

    Attributes:
        preset: where all trials begin; None for the preset of the model.
        fixed: settings that do not vary; what is searched otherwise is `SEARCHED`, as far as the model has it.
        folder: for the trials.
    """

    preset: str | None
    fixed: Mapping[str, Any]
    folder: Path

    def settings(self, trial: optuna.trial.Trial) -> Settings:
        """The settings of a trial."""
        model = chosen(self.preset, self.fixed).model
        ask: dict[str, Callable[[], Any]] = {
            "lr": lambda: trial.suggest_float("lr", 1e-4, 0.3, log=True),
            "batch_size": lambda: trial.suggest_categorical("batch_size", [32, 64, 128, 256, 512]),
            "momentum": lambda: trial.suggest_float("momentum", 0.5, 0.99),
            "activation": lambda: trial.suggest_categorical("activation", ACTIVATIONS),
            "hidden": lambda: trial.suggest_categorical("hidden", HIDDEN),
        }
        lacking = {"activation", "hidden"} - set(find(model).options)
        asked = {name: ask[name]() for name in SEARCHED if name not in self.fixed and name not in lacking}
        return chosen(self.preset, {**asked, **self.fixed})

    def __call__(self, trial: optuna.trial.Trial) -> float:
        """Train as a trial says; the accuracy on the validation images.

        Raises:
            TrialPruned: it was worse than others at the same epoch, or diverged.
            KeyboardInterrupt: Ctrl-C.
        """
        import optuna

        settings = self.settings(trial)
        run = new_run(self.folder / f"trial-{trial.number}", settings.model)
        for path in run.files:
            path.unlink(missing_ok=True)
        pruning = Pruning(trial)
        try:
            result = training.train(settings, load(settings), run, callbacks=[pruning])
        except DivergedError as error:
            raise optuna.TrialPruned(str(error)) from error
        if result.interrupted:
            raise KeyboardInterrupt
        if pruning.pruned:
            raise optuna.TrialPruned(result.stopped)
        return training.mean_accuracy(result.validation)


class Pruning(Callback):
    """End a training that is worse than the other trials were at the same epoch."""

    def __init__(self, trial: optuna.trial.Trial) -> None:
        self.trial = trial
        self.pruned = False

    def on_epoch_end(self, trainer: Trainer, figures: dict[str, float]) -> None:
        found = {name.removeprefix("val_"): value for name, value in figures.items() if name.startswith("val_")}
        self.trial.report(training.mean_accuracy(found), trainer.epoch + 1)
        if self.trial.should_prune():
            self.pruned = True
            trainer.stop(f"pruned after epoch {trainer.epoch + 1}")


@contextmanager
def storage_errors(url: str, *others: type[Exception]) -> Iterator[None]:
    """Tell plainly that a study cannot be read or written: by errors of the storage's own, and by others."""
    import optuna
    from sqlalchemy.exc import SQLAlchemyError

    failures: tuple[type[Exception], ...] = (SQLAlchemyError, optuna.exceptions.StorageInternalError, *others)
    try:
        yield
    except failures as error:
        reason = str(error.__cause__ or error).splitlines()[0]
        raise StorageError(
            f"the study in {url} cannot be opened: {reason}. It was left as it is; name another place with --storage, "
            "or move it away"
        ) from error


def opened(storage: str, name: str, seed: int) -> optuna.study.Study:
    """The study of this name, new if there is none.

    Args:
        storage: an URL of SQLAlchemy's, or `journal:PATH` for a file of Optuna's own.
        seed: of what is tried next. It is another one for each trial that there is already.

    Raises:
        StorageError: the storage is damaged, is something else, or cannot be reached.
        ImportError: Optuna is not installed.
    """
    try:
        import optuna
    except ModuleNotFoundError as error:
        raise ImportError('tune needs optuna, which is not installed: pip install "tapegrad[tune]"') from error
    optuna.logging.set_verbosity(optuna.logging.ERROR)  # it warns of what Ctrl-C ended, with a traceback
    with storage_errors(storage, RuntimeError, ImportError, ValueError, OSError):
        kept: Any = storage
        if storage.startswith("journal:"):
            from optuna.storages.journal import JournalFileBackend

            kept = optuna.storages.JournalStorage(JournalFileBackend(storage.removeprefix("journal:")))
        study = optuna.create_study(storage=kept, study_name=name, direction="maximize", load_if_exists=True)
        study.sampler = optuna.samplers.TPESampler(seed=seed + len(study.trials))
        study.pruner = optuna.pruners.MedianPruner(n_startup_trials=4, n_warmup_steps=2)
        return study


def finished(study: optuna.study.Study) -> int:
    """How many trials have come to an end, pruned ones among them."""
    return sum(trial.state.name in ("COMPLETE", "PRUNED") for trial in study.get_trials(deepcopy=False))


def remaining(study: optuna.study.Study, wanted: int) -> int:
    """How many trials are to be made until there are `wanted`."""
    return max(0, wanted - finished(study))


def best_run(study: optuna.study.Study, search: Search) -> Run:
    """The run of the best trial."""
    return Run(search.folder / f"trial-{study.best_trial.number}")
