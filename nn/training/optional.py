"""Libraries that only a part of the training needs: imported where they are used, named with their extra if missing."""

from __future__ import annotations

import random
from importlib import import_module
from types import ModuleType

__all__ = ["import_optional"]


def import_optional(name: str, extra: str) -> ModuleType:
    """Import the module `name`, which the extra brings.

    Raises:
        ImportError: its package is not installed.
    """
    package = name.partition(".")[0]
    state = random.getstate()
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != package:
            raise
        raise ImportError(
            f'this needs the package {package}, which is not installed: pip install "tapegrad[{extra}]"', name=package
        ) from error
    finally:
        random.setstate(state)  # rich draws from it while it is imported, and a user may have seeded it
