"""The output folder of a run: its own, so that no run overwrites another."""

from __future__ import annotations

from pathlib import Path

__all__ = ["DEFAULT", "LOG", "WEIGHTS", "holds_a_run", "make_folder"]

DEFAULT = Path("runs/mnist")
WEIGHTS = "weights.safetensors"
LOG = "log.jsonl"


def holds_a_run(folder: Path) -> bool:
    """Whether a run has written into this folder."""
    return (folder / WEIGHTS).exists() or (folder / LOG).exists()


def make_folder(chosen: Path | None, model: str) -> Path:
    """Make the folder that was chosen, or else the first of runs/mnist/<model>-1, -2, ... that is not there yet.

    Raises:
        OSError: it cannot be made.
    """
    if chosen is not None:
        chosen.mkdir(parents=True, exist_ok=True)
        return chosen
    DEFAULT.mkdir(parents=True, exist_ok=True)
    number = 1
    while True:
        folder = DEFAULT / f"{model}-{number}"
        try:
            folder.mkdir()
        except FileExistsError:
            number += 1
        else:
            return folder
