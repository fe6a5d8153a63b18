"""The families of `numpy.linalg`. A family uses only families above it in this list, and those of `ops/`.

The first three are what the others are written with, and have no name in NumPy.
"""

from __future__ import annotations

from types import ModuleType

from ...provenance import mark_ours
from . import (
    packing as packing,
    matrices as matrices,
    degeneracy as degeneracy,
    inverting,
    determinants,
    factoring,
    eigen,
    singular,
    norms,
    multiplying,
)  # fmt: skip
from .inverting import *
from .determinants import *
from .factoring import *
from .eigen import *
from .singular import *
from .norms import *
from .multiplying import *

FAMILIES: tuple[ModuleType, ...] = (inverting, determinants, factoring, eigen, singular, norms, multiplying)

__all__: list[str] = []
__all__ += inverting.__all__
__all__ += determinants.__all__
__all__ += factoring.__all__
__all__ += eigen.__all__
__all__ += singular.__all__
__all__ += norms.__all__
__all__ += multiplying.__all__

mark_ours(__name__)
