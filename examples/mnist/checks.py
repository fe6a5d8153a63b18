"""Checks of option values, for click's `callback`: what they refuse is told before anything is done."""

from __future__ import annotations

import math
from pathlib import Path

import click

from examples.mnist.folder import holds_a_run
from examples.mnist.models import UnknownModelError, find

__all__ = ["finite", "known_model", "without_a_run"]


def known_model(_context: click.Context, _parameter: click.Parameter, name: str) -> str:
    """Refuse a name that no model has."""
    try:
        find(name)
    except UnknownModelError as error:
        raise click.BadParameter(str(error)) from error
    return name


def finite(_context: click.Context, _parameter: click.Parameter, number: float) -> float:
    """Refuse inf and nan, which click takes for numbers."""
    if not math.isfinite(number):
        raise click.BadParameter(f"{number} is not a number to train with.")
    return number


def without_a_run(_context: click.Context, _parameter: click.Parameter, folder: Path | None) -> Path | None:
    """Refuse a folder whose run would be overwritten."""
    if folder is not None and holds_a_run(folder):
        raise click.BadParameter(f"{folder} holds a run already; name another folder, or delete that one first.")
    return folder
