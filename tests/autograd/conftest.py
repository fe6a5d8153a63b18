"""What holds for every test of the engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tapegrad.autograd.primitive import registry


@pytest.fixture(autouse=True)
def registry_as_it_was() -> Iterator[None]:
    """Operations that a test defines do not stay."""
    before = dict(registry)
    yield
    registry.clear()
    registry.update(before)
