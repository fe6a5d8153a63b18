"""The optimizers, a file for each."""

from __future__ import annotations

from .adam import Adam as Adam
from .optimizer import Optimizer as Optimizer
from .sgd import SGD as SGD

__all__ = ["Adam", "Optimizer", "SGD"]
