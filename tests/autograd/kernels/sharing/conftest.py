"""What tests of sharing share."""

from __future__ import annotations

from ..threads.conftest import use as use
