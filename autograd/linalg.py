"""`numpy.linalg` on tensors."""

from __future__ import annotations

from .ops import linalg as families
from .ops.linalg.determinants import *
from .ops.linalg.eigen import *
from .ops.linalg.factoring import *
from .ops.linalg.inverting import *
from .ops.linalg.multiplying import *
from .ops.linalg.norms import *
from .ops.linalg.singular import *

__all__: list[str] = []
__all__ += families.__all__
