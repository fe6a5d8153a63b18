"""What a model is made of and what it costs: outputs, parameters, multiply-adds and memory, layer by layer.

`running.py` calls the model once and leaves everything as it was, `counting.py` says what an operation costs,
`memory.py` what a graph keeps, `report.py` what is known afterwards, `table.py` how it is shown.
"""

from __future__ import annotations

from .report import Row as Row, Summary as Summary
from .running import summarize as summarize

__all__ = ["Row", "Summary", "summarize"]
