"""Neural networks on the engine: PyTorch's names, shapes and state-dict keys.

`module.py` holds what a module is, `layers/` the layers by family, `losses.py` the losses, `functional.py` both as
functions, `init.py` the initialisers, `optim/` the optimizers, `weights.py` the files.
"""

from __future__ import annotations

if __name__ == "nn":
    raise ModuleNotFoundError("this is a part of tapegrad: write `from tapegrad import nn`", name=__name__)

from ..autograd.provenance import mark_ours
from . import functional as functional, init as init, optim as optim
from .layers import (
    ELU as ELU,
    SELU as SELU,
    Dropout as Dropout,
    Flatten as Flatten,
    Identity as Identity,
    LeakyReLU as LeakyReLU,
    Linear as Linear,
    LogSoftmax as LogSoftmax,
    ReLU as ReLU,
    ReLU6 as ReLU6,
    Sequential as Sequential,
    Sigmoid as Sigmoid,
    Softmax as Softmax,
    Softplus as Softplus,
    Tanh as Tanh,
)
from .losses import CrossEntropyLoss as CrossEntropyLoss, MSELoss as MSELoss
from .module import Module as Module, Parameter as Parameter, StateDictError as StateDictError
from .random import generator as generator, manual_seed as manual_seed
from .weights import WeightsError as WeightsError, load as load, save as save

mark_ours(__name__)

__all__ = [
    "CrossEntropyLoss", "Dropout", "ELU", "Flatten", "Identity", "LeakyReLU", "Linear", "LogSoftmax", "MSELoss",
    "Module", "Parameter", "ReLU", "ReLU6", "SELU", "Sequential", "Sigmoid", "Softmax", "Softplus", "StateDictError",
    "Tanh", "WeightsError", "functional", "generator", "init", "load", "manual_seed", "optim", "save",
]  # fmt: skip
