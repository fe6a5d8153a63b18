"""The board, a piece of memory that all threads see, and what stands where on it."""

from __future__ import annotations

import numpy as np

__all__ = [
    "CODE", "COUNT", "FAILED", "FRAME", "GRAIN", "HELPERS", "INSIDE", "NUMBER", "OFFER", "OWNED", "SEATS", "TAKEN",
    "board",
]  # fmt: skip

_APART = 16  # numbers: what different threads change lies in different lines of cache

OWNED, OFFER, INSIDE, TAKEN, FAILED, SEATS, _JOB = range(0, 7 * _APART, _APART)
"""Whether a caller has the board, the number of its offer, how many helpers are at work, and bits: ranges that are
taken, whether one has failed, seats that are taken."""

CODE, FRAME, COUNT, GRAIN, HELPERS, NUMBER = range(_JOB, _JOB + 6)
"""What is offered: the addresses of code and arguments, how much, in ranges of what size, to how many, and how often
something was offered so far."""

board = np.zeros(7 * _APART, np.int64)
