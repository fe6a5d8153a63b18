"""The families of `numpy.fft`. A family uses only families above it in this list, and those of `ops/`."""

from __future__ import annotations

from types import ModuleType

from ...provenance import mark_ours
from . import transforms, multidimensional, frequencies
from .transforms import *
from .multidimensional import *
from .frequencies import *

FAMILIES: tuple[ModuleType, ...] = (transforms, multidimensional, frequencies)

__all__: list[str] = []
__all__ += [name for family in FAMILIES for name in family.__all__]

mark_ours(__name__)
