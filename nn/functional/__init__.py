"""Layers and losses as functions, under PyTorch's names: compositions of the engine's operations."""

from __future__ import annotations

from importlib import import_module

from ...autograd.diagnosis import locate_all
from ...autograd.ops.averaging import *
from ...autograd.ops.convolution import *
from ...autograd.ops.pooling import *
from ...autograd.ops.products import linear as linear
from ...autograd.ops.resizing import *
from ...autograd.ops.unpooling import *
from ...autograd.ops.windows import *
from .activations import *
from .attention import *
from .bilinear import *
from .classification import *
from .distances import *
from .dropout import *
from .embedding import *
from .normalization import *
from .probabilities import *
from .ranking import *
from .recurrent import *

for _family in (
    "attention", "bilinear", "classification", "distances", "dropout", "embedding", "normalization", "probabilities",
    "ranking", "recurrent",
):  # fmt: skip
    globals().update(locate_all(import_module(f".{_family}", __name__)))
