"""Neural networks on the engine: PyTorch's names, shapes and state-dict keys.

`module.py` holds what a module is, `parameters.py` what it is made of, `state.py` its state dict, `layers/` the layers
by family, `losses.py` the losses, `functional/` both as functions, `init.py` the initialisers, `optim/` the optimizers,
`weights.py` the files.
"""

from __future__ import annotations

if __name__ == "nn":
    raise ModuleNotFoundError("this is a part of tapegrad: write `from tapegrad import nn`", name=__name__)

from ..autograd.provenance import mark_ours
from . import functional as functional, init as init, layers, losses, optim as optim
from .layers.activations import *
from .layers.adaptive import *
from .layers.attention import *
from .layers.batch_normalization import *
from .layers.bilinear import *
from .layers.cells import *
from .layers.containers import *
from .layers.convolution import *
from .layers.dropout import *
from .layers.embedding import *
from .layers.gates import *
from .layers.linear import *
from .layers.normalization import *
from .layers.pooling import *
from .layers.recurrent import *
from .layers.resizing import *
from .layers.shapes import *
from .layers.transformer import *
from .layers.transposed import *
from .layers.unpooling import *
from .losses import *
from .module import Module as Module
from .onnx import OnnxError as OnnxError, export_onnx as export_onnx
from .parameters import Buffer as Buffer, Parameter as Parameter
from .random import generator as generator, manual_seed as manual_seed
from .state import StateDictError as StateDictError
from .weights import WeightsError as WeightsError, load as load, save as save

mark_ours(__name__)

__all__ = [
    "Buffer", "Module", "OnnxError", "Parameter", "StateDictError", "WeightsError", "export_onnx", "functional",
    "generator", "init", "load", "manual_seed", "optim", "save",
]  # fmt: skip
__all__ += layers.__all__
__all__ += losses.__all__
