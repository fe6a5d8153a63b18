"""What each operation becomes in ONNX, a file a family.

To add one, write a function with the operation's own signature behind the graph and the result, and decorate it:

    @emitter("tan")
    def _tan(g, y, x):
        return g.op("Tan", g.use(x))

Arguments are `Value`s, parameters as in the operation's own call; what comes back is the name of the result.
"""

from __future__ import annotations

from . import (
    comparing as comparing,
    elementwise as elementwise,
    indexing as indexing,
    normalization as normalization,
    pooling as pooling,
    products as products,
    reducing as reducing,
    shaping as shaping,
    sliding as sliding,
)
from .layers import LAYERS as LAYERS
from .table import EMITTERS as EMITTERS, emitter as emitter, emitter_of as emitter_of

__all__ = ["EMITTERS", "LAYERS", "emitter", "emitter_of"]
