"""What an operation on one example is on a batch: a rule for each operation, most of which share a few."""

from __future__ import annotations

from .calls import Call as Call
from .table import result_of as result_of

__all__ = ["Call", "result_of"]
