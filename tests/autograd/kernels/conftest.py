"""What tests of kernels share."""

from __future__ import annotations

from pathlib import Path

import pytest

from .sandbox import Sandbox


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    """A package of two kernels, and an empty cache."""
    return Sandbox(tmp_path)
