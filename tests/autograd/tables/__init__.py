"""One record for each operation of the engine: how to draw what it takes, and who says what is right.

A file a group of families. `CASES` has the primitives, by name; NumPy, or a formula in references.py, is the witness of
their values. `COMPOSITIONS` has what is composed of primitives, by NumPy's name (`linalg.norm`), and how to call it.
Where a primitive is special, as at kinks and poles, corners.py says what its gradient is.

test_primitives.py and test_compositions.py run every record through every check, and fail for an operation without one.
"""

from __future__ import annotations

from . import building, elementwise, fft, linalg, ordering, products, reducing, shaping, sliding, special, statistics
from .calls import Calls
from .record import Case

__all__ = ["CASES", "COMPOSITIONS", "TABLES"]

TABLES = (elementwise, shaping, building, reducing, ordering, statistics, products, sliding, linalg, fft, special)
CASES: dict[str, Case] = {}
COMPOSITIONS: dict[str, Calls] = {}
for _table in TABLES:
    CASES |= getattr(_table, "CASES", {})
    COMPOSITIONS |= getattr(_table, "COMPOSITIONS", {})
