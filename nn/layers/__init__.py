"""The layers, a file for each family."""

from __future__ import annotations

from . import (
    activations,
    adaptive,
    attention,
    batch_normalization,
    bilinear,
    cells,
    containers,
    convolution,
    dropout,
    embedding,
    gates,
    linear,
    normalization,
    pooling,
    recurrent,
    resizing,
    shapes,
    transformer,
    transposed,
    unpooling,
)
from .activations import *
from .adaptive import *
from .attention import *
from .batch_normalization import *
from .bilinear import *
from .cells import *
from .containers import *
from .convolution import *
from .dropout import *
from .embedding import *
from .gates import *
from .linear import *
from .normalization import *
from .pooling import *
from .recurrent import *
from .resizing import *
from .shapes import *
from .transformer import *
from .transposed import *
from .unpooling import *

__all__: list[str] = []
__all__ += activations.__all__
__all__ += adaptive.__all__
__all__ += attention.__all__
__all__ += batch_normalization.__all__
__all__ += bilinear.__all__
__all__ += cells.__all__
__all__ += containers.__all__
__all__ += convolution.__all__
__all__ += dropout.__all__
__all__ += embedding.__all__
__all__ += gates.__all__
__all__ += linear.__all__
__all__ += normalization.__all__
__all__ += pooling.__all__
__all__ += recurrent.__all__
__all__ += resizing.__all__
__all__ += shapes.__all__
__all__ += transformer.__all__
__all__ += transposed.__all__
__all__ += unpooling.__all__
