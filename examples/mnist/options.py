"""The settings as options of a command, each read and refused as the same setting in a TOML file is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import Field, fields
from functools import wraps
from typing import Any

import click
from click.core import ParameterSource

from examples.mnist.fields import Kind, kind_of
from examples.mnist.presets import PRESETS, chosen
from examples.mnist.settings import Settings, SettingsError

__all__ = ["SettingType", "settings_of", "settings_options"]

OVERRIDES = f"{__name__}.overrides"


class SettingType(click.ParamType[Any]):
    """A kind of setting, for click."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.name = kind.placeholder

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The value of a text."""
        try:
            return self.kind.read(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def settings_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--preset` and every setting as an option.

    It is called with `preset`, the name or the path that was given, and `overrides`, the settings that were given.
    """

    @wraps(command)
    def called(*args: Any, **kwargs: Any) -> Any:
        return command(*args, overrides=click.get_current_context().meta.get(OVERRIDES, {}), **kwargs)

    described: Callable[..., Any] = called
    for each in reversed(fields(Settings)):
        described = _option(each)(described)
    help = f"Where the settings begin: a name ({', '.join(PRESETS)}) or a TOML file; by default the model's own preset."
    return click.option("--preset", metavar="NAME|FILE", help=help)(described)


def settings_of(preset: str | None, overrides: Mapping[str, Any]) -> Settings:
    """The settings that a command was given.

    Raises:
        UsageError: they do not go together, or there is no such preset.
    """
    try:
        return chosen(preset, overrides)
    except (SettingsError, OSError) as error:
        raise click.UsageError(str(error)) from error


def _option(each: Field[Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    name, kind = each.name.replace("_", "-"), kind_of(each)
    help = each.metadata["help"]
    if kind.names:
        help = f"{help.removesuffix('.')}: {', '.join(kind.names)}."
    if each.default not in (None, False):
        help += f"  [default: {each.default}]"
    how: dict[str, Any] = {"help": help, "callback": _keep, "expose_value": False, "default": None}
    if kind.placeholder == "BOOL":
        return click.option(f"--{name}/--no-{name}", each.name, **how)
    return click.option(f"--{name}", each.name, type=SettingType(kind), metavar=kind.placeholder, **how)


def _keep(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    """Note a setting that was given; also one that was given as none."""
    name = str(parameter.name)
    if context.get_parameter_source(name) is not ParameterSource.DEFAULT:
        context.meta.setdefault(OVERRIDES, {})[name] = value
