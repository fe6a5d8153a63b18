"""A run: the folder of one training, and the model that came of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from examples.mnist.building import build
from examples.mnist.data import Data, load
from examples.mnist.settings import Settings
from examples.mnist.weights import load_weights
from tapegrad import nn
from tapegrad.nn.training import History, load_checkpoint

__all__ = ["DEFAULT", "PRETRAINED", "Run", "RunError", "new_run", "newest", "pretrained"]

DEFAULT = Path("runs/mnist")
PRETRAINED = Path(__file__).with_name("pretrained")


class RunError(ValueError):
    """A folder that holds no run, or cannot be made."""


@dataclass(frozen=True)
class Run:
    """The folder of a training, and where everything lies in it."""

    folder: Path

    @property
    def settings_file(self) -> Path:
        """How it was trained."""
        return self.folder / "settings.toml"

    @property
    def history_file(self) -> Path:
        """All figures, for `History.from_json`."""
        return self.folder / "history.json"

    @property
    def log_file(self) -> Path:
        """A line an epoch, in JSON, written while training."""
        return self.folder / "log.jsonl"

    @property
    def result_file(self) -> Path:
        """What came of it, in JSON, written at the end."""
        return self.folder / "result.json"

    @property
    def weights_file(self) -> Path:
        """The weights alone, written at the end."""
        return self.folder / "weights.safetensors"

    @property
    def best_file(self) -> Path:
        """The checkpoint of the epoch that was best on the validation images."""
        return self.folder / "best.safetensors"

    @property
    def last_file(self) -> Path:
        """The checkpoint to go on from."""
        return self.folder / "last.safetensors"

    @property
    def files(self) -> tuple[Path, ...]:
        """All of these."""
        return (
            self.settings_file, self.history_file, self.log_file, self.result_file, self.weights_file, self.best_file,
            self.last_file,
        )  # fmt: skip

    @property
    def exists(self) -> bool:
        """Whether a run has written into this folder."""
        return any(path.exists() for path in self.files)

    @classmethod
    def open(cls, folder: str | Path) -> Run:
        """The run in a folder, with its model built and its weights loaded.

        Raises:
            RunError: there is no run in it.
            ForeignWeightsError: its weights are those of another model.
            SettingsError: settings.toml has been changed to something that is none.
        """
        run = cls(Path(folder))
        if not run.settings_file.exists():
            raise RunError(f"{folder} holds no run: there is no {run.settings_file.name} in it")
        assert run.model
        return run

    @cached_property
    def settings(self) -> Settings:
        """How it was trained."""
        return Settings.read(self.settings_file)

    @cached_property
    def model(self) -> nn.Module:
        """The model in evaluation mode, with the weights of the best epoch; as trained so far if none has ended."""
        model = build(self.settings)
        path = next((path for path in (self.best_file, self.last_file, self.weights_file) if path.exists()), None)
        if path is None:
            raise RunError(f"{self.folder} holds no weights: its training was ended before there were any")
        load_weights(model, self.settings.model, path)
        return model.eval()

    @cached_property
    def history(self) -> History:
        """The figures of its training, as far as it came.

        Raises:
            RunError: the file is damaged.
        """
        if not self.history_file.exists():
            return History.from_json(load_checkpoint(self.last_file)["history"])
        try:
            return History.from_json(self.history_file.read_text(encoding="utf-8"))
        except (ValueError, TypeError, KeyError) as error:
            raise RunError(f"{self.history_file}: not the history of a training ({error})") from error

    def data(self) -> Data:
        """What it was trained, validated and tested on."""
        return load(self.settings)


def pretrained() -> Run:
    """The small model that comes with the program."""
    return Run.open(PRETRAINED)


def newest(model: str | None = None) -> Run | None:
    """The run in runs/mnist that was written to last, of any model or of one; None if there is none."""
    runs = [Run(path.parent) for path in DEFAULT.glob("*/settings.toml")]
    return max(
        (run for run in runs if model is None or run.settings.model == model),
        key=lambda run: max(path.stat().st_mtime for path in run.files if path.exists()),
        default=None,
    )


def new_run(chosen: Path | None, model: str) -> Run:
    """A run in the folder that was chosen, or else in the first of runs/mnist/<model>-1, -2, ... that is not there yet.

    Raises:
        RunError: the folder cannot be made.
    """
    try:
        if chosen is not None:
            chosen.mkdir(parents=True, exist_ok=True)
            return Run(chosen)
        DEFAULT.mkdir(parents=True, exist_ok=True)
        number = 1
        while True:
            folder = DEFAULT / f"{model}-{number}"
            try:
                folder.mkdir()
            except FileExistsError:
                number += 1
            else:
                return Run(folder)
    except OSError as error:
        raise RunError(f"the output folder cannot be made: {error}") from error
