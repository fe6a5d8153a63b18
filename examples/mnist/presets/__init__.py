"""Recipes in TOML files, one for each row of the ladder: settings, and what they are held against.

`train --model cnn` begins with `cnn.toml`, the preset of the same name; `--preset` names another, or a file of yours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from examples.mnist.settings import Settings, SettingsError, read_toml
from examples.mnist.suggestions import unknown

__all__ = ["PRESETS", "Preset", "Rung", "chosen", "preset"]

PRESETS = {path.stem: path for path in sorted(Path(__file__).parent.glob("*.toml"))}


@dataclass(frozen=True, kw_only=True)
class Rung:
    """What a preset is held against on the ladder: a table `[ladder]` in its file.

    Attributes:
        place: from 1, the order of the rows.
        system: whose model it is.
        what: the model, in that system's words.
        theirs: its figure, as it was stated.
        goal: the test accuracy that ours must reach, in per cent, for each head; none if no figure was stated.
        seconds: the training time that it must keep to.
    """

    place: int
    system: str
    what: str
    theirs: str
    goal: Sequence[float] = ()
    seconds: float | None = None


@dataclass(frozen=True)
class Preset:
    """Settings with a name, and their place on the ladder if they have one."""

    name: str
    settings: Settings
    rung: Rung | None


def preset(name: str) -> Preset:
    """The preset of this name, or the one in a TOML file.

    Raises:
        SettingsError: there is none; the message suggests the nearest. Or it has settings that there are not.
        OSError: the file cannot be read.
    """
    if name not in PRESETS and not name.endswith(".toml"):
        raise SettingsError(unknown("preset", name, PRESETS))
    path = PRESETS.get(name, Path(name))
    try:
        content = read_toml(path)
        rung = content.pop("ladder", None)
        return Preset(path.stem, Settings.of(content), None if rung is None else Rung(**rung))
    except (SettingsError, TypeError) as error:
        raise SettingsError(f"{path}: {error}") from error


def chosen(name: str | None, overrides: Mapping[str, Any]) -> Settings:
    """The settings of a preset, or by default of the one that is named like the model, with others in their place.

    Raises:
        SettingsError, OSError: as from `preset` and `Settings.of`.
    """
    model = overrides.get("model", Settings().model)
    if name is None and model in PRESETS:
        name = model
    return Settings.of(overrides, None if name is None else preset(name).settings)
