"""The command `train` as click calls it, and what it leaves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from examples.mnist.commands import mnist

__all__ = ["content_of", "quickly", "result_of", "train"]


def train(*options: Any) -> Result:
    """Call the command; an exception that it lets through is a failure of the test."""
    result = CliRunner().invoke(mnist, ["train", *map(str, options)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def quickly(*options: Any) -> Result:
    """Train the least model there is for an epoch, unless options say otherwise."""
    return train("--data", "digits", "--model", "linear", "--epochs", 1, *options)


def result_of(folder: Path | str) -> dict[str, Any]:
    """What a training wrote about itself."""
    found: dict[str, Any] = json.loads((Path(folder) / "result.json").read_text(encoding="utf-8"))
    return found


def content_of(folder: Path | str) -> dict[str, bytes]:
    """All files of a folder."""
    return {path.name: path.read_bytes() for path in Path(folder).iterdir()}
