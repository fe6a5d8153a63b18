"""The engine: tensors that record NumPy operations into a graph, and reverse mode that walks it.

Every operation of a family in `ops/` is here under NumPy's name; `np.<name>(tensor)` is the same operation. `linalg`,
`fft` and `special` are modules of it, as they are of NumPy and SciPy.
"""

from __future__ import annotations

if __name__ == "autograd":
    raise ModuleNotFoundError("this is a part of tapegrad: write `from tapegrad import autograd`", name=__name__)

from importlib import import_module
from typing import TYPE_CHECKING, Any

from . import derivatives, operators, protocols
from .batching import vmap as vmap
from .derivatives import *
from .errors import (
    AnomalyError as AnomalyError,
    BatchError as BatchError,
    DetachError as DetachError,
    DTypeError as DTypeError,
    GraphError as GraphError,
    MissingRuleError as MissingRuleError,
    ShapeError as ShapeError,
)
from .mode import enable_grad as enable_grad, is_grad_enabled as is_grad_enabled, no_grad as no_grad
from .ops import FAMILIES
from .ops.arithmetic import *
from .ops.comparing import *
from .ops.describing import *
from .ops.complex import *
from .ops.selecting import *
from .ops.rectifiers import *
from .ops.exponential import *
from .ops.powers import *
from .ops.trigonometric import *
from .ops.bessel import *
from .ops.shaping import *
from .ops.joining import *
from .ops.reducing import *
from .ops.accumulating import *
from .ops.extrema import *
from .ops.softmax import *
from .ops.indexing import *
from .ops.choosing import *
from .ops.creating import *
from .ops.editing import *
from .ops.sorting import *
from .ops.differences import *
from .ops.polynomials import *
from .ops.activations import *
from .ops.products import *
from .ops.fitting import *
from .ops.statistics import *
from .ops.correlating import *
from .ops.quantiles import *
from .ops.padding import *
from .ops.nan import *
from .ops.counting import *
from .ops.histograms import *
from .ops.signals import *
from .ops.contracting import *
from .ops.einsum import *
from .ops.convolution import *
from .ops.windows import *
from .ops.pooling import *
from .ops.averaging import *
from .ops.unpooling import *
from .ops.resizing import *
from .primitive import elementwise as elementwise, nondifferentiable as nondifferentiable, primitive as primitive
from .provenance import mark_ours
from .reverse import backward as backward, pullback as pullback
from .tensor import Tensor as Tensor, tensor as tensor

if TYPE_CHECKING:
    from . import fft as fft, linalg as linalg, special as special

operators.bind()
protocols.bind()
mark_ours(__name__)

__all__ = [
    "AnomalyError", "BatchError", "DTypeError", "DetachError", "GraphError", "MissingRuleError", "ShapeError", "Tensor",
    "backward", "elementwise", "enable_grad", "fft", "is_grad_enabled", "linalg", "no_grad", "nondifferentiable",
    "primitive", "pullback", "special", "tensor", "vmap",
]  # fmt: skip
__all__ += derivatives.__all__
__all__ += [name for family in FAMILIES for name in family.__all__]


def __getattr__(name: str) -> Any:
    """Import `linalg`, `fft` and `special` at their first use."""
    if name in ("fft", "linalg", "special"):
        return import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
