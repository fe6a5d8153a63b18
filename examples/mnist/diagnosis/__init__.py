"""What may be wrong with a training, before or after it: checks that say "ok", or what is wrong and what to do.

A file each: `data.py`, `initial_loss.py`, `activity.py` (dead units), `gradients.py`, `overfitting.py` (one batch),
`rates.py` (learning rates), `memory.py`, and `outcome.py` for a training that is over. `checks.py` has them in order.
"""

from __future__ import annotations

from examples.mnist.diagnosis.checks import checks as checks
from examples.mnist.diagnosis.finding import Finding as Finding
from examples.mnist.diagnosis.problem import Problem as Problem

__all__ = ["Finding", "Problem", "checks"]
