"""What can be chosen about a training, in one place: the options of the command line, and the keys of TOML files."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Self

from examples.mnist.augmentation import AUGMENTATIONS
from examples.mnist.choices import LOSSES, OPTIMIZERS, SCHEDULES, SCHEMES, WITHOUT_MOMENTUM
from examples.mnist.fields import Kind, choice, flag, integer, integers, kind_of, number, optional, setting, text
from examples.mnist.models import ACTIVATIONS, MODELS, find
from examples.mnist.sources import SOURCES
from examples.mnist.suggestions import unknown

__all__ = ["KINDS", "SHAPING", "Settings", "SettingsError", "read_toml"]

SHAPING = ("activation", "hidden", "channels", "dropout", "batch_norm")  # what a model's builder may take
POSITIVE = number(0, open_below=True)
FIGURES = ("accuracy", "loss")


class SettingsError(ValueError):
    """A setting that there is not, or a value that it cannot have; the message names both and what is possible."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How a model is made and trained. Values are checked when a `Settings` is made.

    Raises:
        SettingsError: a value that its setting cannot have, or settings that do not go together.
    """

    model: str = setting("mlp", choice("model", MODELS), "What to train.")
    activation: str | None = setting(None, optional(choice("activation", ACTIVATIONS)), "Activation of hidden layers.")
    hidden: tuple[int, ...] | None = setting(None, optional(integers()), "Units of the hidden dense layers.")
    channels: tuple[int, ...] | None = setting(None, optional(integers()), "Channels of the convolutions.")
    dropout: float | None = setting(None, optional(number(0, 1)), "Share of hidden units that dropout drops.")
    batch_norm: bool | None = setting(None, optional(flag()), "Batch norm after hidden layers.")
    init: str | None = setting(None, optional(choice("scheme", SCHEMES)), "Scheme of the first weights.")

    data: str = setting("mnist", choice("data set", SOURCES), "What to train on; in pairs for models with two heads.")
    data_dir: str | None = setting(None, optional(text()), "Folder with the data's files.")
    pairs: int | None = setting(None, optional(integer(1)), "Two-digit training images that are composed of MNIST.")
    samples_per_class: int | None = setting(None, optional(integer(1)), "Training images of each class; all if none.")
    validation_fraction: float = setting(0.1, number(0, 1, open_below=True), "Share of images kept for validation.")
    pad: int = setting(0, integer(0), "Empty pixels added on each side of every image.")
    gamma: float = setting(1.0, POSITIVE, "Every pixel, from 0 to 1, to this power.")
    contrast: float = setting(1.0, number(0), "By what pixels are moved away from their image's mean.")
    stream: bool = setting(False, flag(), "Read images from disk as they are needed.")
    augment: str = setting("shift", choice("augmentation", AUGMENTATIONS), "How training images are varied.")

    epochs: int = setting(10, integer(1), "How often each image is seen.")
    batch_size: int | str = setting(128, integer(1, "full"), "Images in a step: 1, any number, or all of them.")
    loss: str = setting("cross-entropy", choice("loss", LOSSES), "What becomes small.")
    label_smoothing: float = setting(0.0, number(0, 1), "Share of a label that is spread over all classes.")
    optimizer: str = setting("adam", choice("optimizer", OPTIMIZERS), "How weights follow the gradient.")
    lr: float = setting(0.002, POSITIVE, "Learning rate.")
    momentum: float | None = setting(None, optional(number(0, 1)), "Of SGD, RMSprop; beta 1 of Adam, AdamW, Lion.")
    weight_decay: float = setting(0.0, number(0), "L2 penalty; decoupled in AdamW and Lion.")
    schedule: str = setting("cosine", choice("schedule", SCHEDULES), "How the learning rate changes.")
    decay_every: int = setting(1, integer(1), "Epochs between the decays of the schedule `step`.")
    decay: float = setting(0.5, number(0, 1, open_below=True), "By what the schedules `step` and `plateau` multiply.")
    accumulate: int = setting(1, integer(1), "Batches whose gradients are averaged for a step.")
    clip_norm: float | None = setting(None, optional(POSITIVE), "Largest norm of a gradient.")
    monitor: str = setting("accuracy", choice("figure", FIGURES), "Validation figure by which weights are chosen.")
    early_stopping: int | None = setting(None, optional(integer(1)), "Epochs without improvement that end a training.")
    ema: float | None = setting(None, optional(number(0, 1)), "Decay of an average of the weights, which is used.")
    seed: int = setting(0, integer(0), "Of weights, validation split, order and variations.")

    log_every: int | None = setting(None, optional(integer(1)), "Batches between lines about the epoch at hand.")
    live_curves: bool = setting(False, flag(), "Draw loss and accuracy while training.")
    tensorboard: bool = setting(False, flag(), "Write files for TensorBoard.")

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            try:
                object.__setattr__(self, each.name, kind_of(each).read(value))
            except ValueError as error:
                raise SettingsError(f"{each.name}: {error}") from error
        model = find(self.model)
        for name in self.shape_options:
            if name not in model.options:
                known = ", ".join(model.options) or "none"
                raise SettingsError(f"{name}: model {self.model} has no such option; those that shape it: {known}")
        if self.momentum is not None and self.optimizer in WITHOUT_MOMENTUM:
            raise SettingsError(f"momentum: optimizer {self.optimizer} has none")

    @property
    def shape_options(self) -> dict[str, Any]:
        """The settings that shape the model, as far as they were chosen."""
        return {name: value for name in SHAPING if (value := getattr(self, name)) is not None}

    @classmethod
    def of(cls, values: Mapping[str, Any], base: Self | None = None) -> Self:
        """Settings from values by name, in place of those of `base`, or of the defaults.

        Raises:
            SettingsError: as above, or a name that no setting has.
        """
        known = [each.name for each in fields(cls)]
        for name in values:
            if name not in known:
                raise SettingsError(unknown("setting", name, known))
        return cls(**values) if base is None else replace(base, **values)

    def to_toml(self) -> str:
        """All that is not None, a line each."""
        chosen = {name: value for name, value in asdict(self).items() if value is not None}
        return "".join(f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in chosen.items())

    @classmethod
    def read(cls, path: Path) -> Self:
        """The settings in a TOML file.

        Raises:
            OSError: the file cannot be read.
            SettingsError: it is no TOML, or has settings or values that there are not.
        """
        try:
            return cls.of(read_toml(path))
        except SettingsError as error:
            raise SettingsError(f"{path}: {error}") from error


KINDS: dict[str, Kind] = {each.name: kind_of(each) for each in fields(Settings)}
"""The kind of each setting, by name."""


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file.

    Raises:
        OSError: the file cannot be read.
        SettingsError: it is no TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"not a TOML file: {error}") from error
