"""The log of a run: a JSON object on each line, written as things happen."""

from __future__ import annotations

import json
import platform
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

import tapegrad as tg

__all__ = ["Log", "versions"]


class Log:
    """A new file of JSON lines; what is written is on disk when an interruption comes.

    Raises:
        FileExistsError: the file is there already; a log is never overwritten.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("x", encoding="utf-8")

    def write(self, event: str, **record: Any) -> None:
        """Add a line. Its "event" says what it tells: `start`, `epoch` or `end`."""
        self._file.write(json.dumps({"event": event, **record}, allow_nan=False) + "\n")
        self._file.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._file.close()


def versions() -> dict[str, str]:
    """What a result may depend on besides the settings."""
    return {
        "tapegrad": tg.__version__,
        "numpy": np.__version__,
        "numba": version("numba"),
        "python": platform.python_version(),
        "machine": platform.platform(),
    }
