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
    AdaptiveAvgPool1d as AdaptiveAvgPool1d,
    AdaptiveAvgPool2d as AdaptiveAvgPool2d,
    AdaptiveAvgPool3d as AdaptiveAvgPool3d,
    AdaptiveMaxPool1d as AdaptiveMaxPool1d,
    AdaptiveMaxPool2d as AdaptiveMaxPool2d,
    AdaptiveMaxPool3d as AdaptiveMaxPool3d,
    AvgPool1d as AvgPool1d,
    AvgPool2d as AvgPool2d,
    AvgPool3d as AvgPool3d,
    Conv1d as Conv1d,
    Conv2d as Conv2d,
    Conv3d as Conv3d,
    ConvTranspose1d as ConvTranspose1d,
    ConvTranspose2d as ConvTranspose2d,
    ConvTranspose3d as ConvTranspose3d,
    Dropout as Dropout,
    Flatten as Flatten,
    Fold as Fold,
    Identity as Identity,
    LeakyReLU as LeakyReLU,
    Linear as Linear,
    LogSoftmax as LogSoftmax,
    MaxPool1d as MaxPool1d,
    MaxPool2d as MaxPool2d,
    MaxPool3d as MaxPool3d,
    ReLU as ReLU,
    ReLU6 as ReLU6,
    Sequential as Sequential,
    Sigmoid as Sigmoid,
    Softmax as Softmax,
    Softplus as Softplus,
    Tanh as Tanh,
    Unfold as Unfold,
    Upsample as Upsample,
)
from .losses import CrossEntropyLoss as CrossEntropyLoss, MSELoss as MSELoss
from .module import Module as Module, Parameter as Parameter, StateDictError as StateDictError
from .random import generator as generator, manual_seed as manual_seed
from .weights import WeightsError as WeightsError, load as load, save as save

mark_ours(__name__)

__all__ = [
    "AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AdaptiveAvgPool3d", "AdaptiveMaxPool1d", "AdaptiveMaxPool2d",
    "AdaptiveMaxPool3d", "AvgPool1d", "AvgPool2d", "AvgPool3d", "Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d",
    "ConvTranspose2d", "ConvTranspose3d", "CrossEntropyLoss", "Dropout", "ELU", "Flatten", "Fold", "Identity",
    "LeakyReLU", "Linear", "LogSoftmax", "MSELoss", "MaxPool1d", "MaxPool2d", "MaxPool3d", "Module", "Parameter",
    "ReLU", "ReLU6", "SELU", "Sequential", "Sigmoid", "Softmax", "Softplus", "StateDictError", "Tanh", "Unfold",
    "Upsample", "WeightsError", "functional", "generator", "init", "load", "manual_seed", "optim", "save",
]  # fmt: skip
