"""Libraries that only some data sets need: imported where they are used, and named with their extra when missing."""

from __future__ import annotations

import random
from importlib import import_module
from types import ModuleType


def import_optional(name: str) -> ModuleType:
    """Import the module `name`.

    Raises:
        ImportError: its package is not installed; the message names the extra that brings it.
    """
    package = name.partition(".")[0]
    state = random.getstate()
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != package:
            raise
        raise ImportError(
            f'this needs the package {package}, which is not installed: pip install "tapegrad[data]"', name=package
        ) from error
    finally:
        random.setstate(
            state
        )  # rich draws from it while it is imported; a user's seeded stream must not depend on that
