"""What a result may depend on besides the settings."""

from __future__ import annotations

import platform
from importlib.metadata import version

import numpy as np

import tapegrad as tg

__all__ = ["versions"]


def versions() -> dict[str, str]:
    """The versions of what computes, by name."""
    return {
        "tapegrad": tg.__version__,
        "numpy": np.__version__,
        "numba": version("numba"),
        "python": platform.python_version(),
        "machine": platform.platform(),
    }
