"""Several configurations, trained one after the other, each in a folder of its own."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from examples.mnist import training
from examples.mnist.data import load
from examples.mnist.presets import chosen
from examples.mnist.runs import Run, RunError, new_run
from examples.mnist.settings import Settings
from examples.mnist.training import Result
from tapegrad.nn.training import DivergedError

__all__ = ["Configuration", "Outcome", "configurations", "product", "sweep", "to_json"]


@dataclass(frozen=True)
class Configuration:
    """Settings, and the few among them by which they differ from the others of a sweep."""

    varied: dict[str, Any]
    settings: Settings

    @property
    def name(self) -> str:
        """What the varied settings are, fit for a folder: `lr=0.1,hidden=256x128`."""
        return ",".join(f"{name}={_word(value)}" for name, value in self.varied.items()) or self.settings.model


@dataclass(frozen=True)
class Outcome:
    """What came of a configuration: a result, or the reason why there is none."""

    configuration: Configuration
    folder: Path
    result: Result | None
    failure: str | None = None

    @property
    def accuracy(self) -> float:
        """By which configurations are compared: that on the validation images, the mean over heads; -1 for none."""
        return -1.0 if self.result is None else training.mean_accuracy(self.result.validation)

    def to_dict(self) -> dict[str, Any]:
        """All of it, for JSON."""
        return {
            "settings": self.configuration.varied, "folder": str(self.folder), "failure": self.failure,
            "result": None if self.result is None else asdict(self.result),
        }  # fmt: skip


def product(varied: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    """Every combination of values: `{"lr": [0.1, 0.01]}` gives `{"lr": 0.1}` and `{"lr": 0.01}`."""
    for values in itertools.product(*varied.values()):
        yield dict(zip(varied, values, strict=True))


def configurations(
    varied: Sequence[Mapping[str, Any]], preset: str | None, fixed: Mapping[str, Any]
) -> list[Configuration]:
    """The configurations of a sweep, each once.

    Args:
        varied: what is set in each.
        preset: where all of them begin; None for the preset of each one's model.
        fixed: what is set in all of them.

    Raises:
        SettingsError: a setting or a value that there is not, in any of them.
    """
    found = {}
    for each in varied:
        settings = chosen(preset, {**fixed, **each})
        configuration = Configuration({name: getattr(settings, name) for name in each}, settings)
        found[configuration.name] = configuration
    return list(found.values())


def sweep(each: Sequence[Configuration], folder: Path) -> Iterator[Outcome]:
    """Train the configurations, each in `folder/<its name>`; what is done is not done again, what was begun goes on.

    Raises:
        RunError: a folder holds a run with other settings; then nothing is trained.
        OSError: a folder cannot be written.
    """
    runs = [Run(folder / configuration.name) for configuration in each]
    for run, configuration in zip(runs, each, strict=True):
        if run.settings_file.exists() and run.settings != configuration.settings:
            raise RunError(f"{run.folder} holds a run with other settings; name another folder with --out")
    for run, configuration in zip(runs, each, strict=True):
        yield _outcome(configuration, run)


def _outcome(configuration: Configuration, run: Run) -> Outcome:
    if run.result_file.exists():
        result = Result.read(run)
        if not result.interrupted:
            return Outcome(configuration, run.folder, result)
    data = load(configuration.settings)
    try:
        result = training.train(configuration.settings, data, new_run(run.folder, ""), resume=True)
    except DivergedError as error:
        return Outcome(configuration, run.folder, None, str(error))
    return Outcome(configuration, run.folder, result)


def _word(value: Any) -> str:
    if isinstance(value, tuple):
        return "x".join(map(str, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value).replace("/", "_")


def to_json(outcomes: Sequence[Outcome]) -> str:
    """What came of all of them, the best first."""
    return json.dumps([outcome.to_dict() for outcome in outcomes], indent=2)
