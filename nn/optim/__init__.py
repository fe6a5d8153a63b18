"""The optimizers, a file for each family, and the schedules of their learning rates."""

from __future__ import annotations

from . import lr_scheduler as lr_scheduler
from .adagrad import Adadelta as Adadelta, Adagrad as Adagrad
from .adam import Adam as Adam, AdamW as AdamW
from .lbfgs import LBFGS as LBFGS
from .lion import Lion as Lion
from .muon import Muon as Muon
from .optimizer import Optimizer as Optimizer
from .rmsprop import RMSprop as RMSprop
from .sgd import SGD as SGD

__all__ = [
    "Adadelta", "Adagrad", "Adam", "AdamW", "LBFGS", "Lion", "Muon", "Optimizer", "RMSprop", "SGD", "lr_scheduler",
]  # fmt: skip
