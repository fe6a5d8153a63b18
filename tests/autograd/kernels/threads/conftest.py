"""What tests of threads share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tapegrad.autograd.kernels.threads import limit


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Sets how many threads kernels use, until the end of the test and without a word to BLAS."""
    return lambda count: monkeypatch.setattr(limit, "_count", count)
