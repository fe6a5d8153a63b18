"""The layers, a file for each family."""

from __future__ import annotations

from .activations import (
    ELU as ELU,
    SELU as SELU,
    LeakyReLU as LeakyReLU,
    LogSoftmax as LogSoftmax,
    ReLU as ReLU,
    ReLU6 as ReLU6,
    Sigmoid as Sigmoid,
    Softmax as Softmax,
    Softplus as Softplus,
    Tanh as Tanh,
)
from .containers import Sequential as Sequential
from .dropout import Dropout as Dropout
from .linear import Linear as Linear
from .shapes import Flatten as Flatten, Identity as Identity

__all__ = [
    "Dropout", "ELU", "Flatten", "Identity", "LeakyReLU", "Linear", "LogSoftmax", "ReLU", "ReLU6", "SELU", "Sequential",
    "Sigmoid", "Softmax", "Softplus", "Tanh",
]  # fmt: skip
