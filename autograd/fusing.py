"""Convolution, relu and 2×2 max pooling in one pass through memory, where nobody sees what lies between them.

A convolution is promised (see promises.py). `joining` knows which primitives its promise can take along.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .kernels import convolution as kernels, pooling
from .kernels.convolution import Geometry
from .kernels.pooling import Regions
from .kernels.pooling.regions import side_by_side
from .primitive import Primitive
from .promises import Promise

__all__ = ["Convolved", "Pooled", "Rectified", "convolved", "joining", "pooled", "rectified"]

joining: dict[Primitive, Callable[..., Promise | None]] = {}
"""By primitive: what makes the promise of its result, of the promise that it is given and its parameters."""


def convolved(x: NDArray[Any], w: NDArray[Any], b: NDArray[Any] | None, geometry: Geometry) -> Promise | None:
    """The promise of a convolution, if there are kernels that gain by it."""
    if not (x.dtype is w.dtype and (b is None or b.dtype is x.dtype) and kernels.working_dtype(x, w) is x.dtype):
        return None
    return Convolved(x, w, b, geometry)


def rectified(source: Promise) -> Promise | None:
    """The promise of relu, after a convolution."""
    return Rectified(source) if isinstance(source, Convolved) else None


def pooled(source: Promise, regions: Regions) -> Promise | None:
    """The promise of max pooling with windows of 2×2 side by side, after a convolution or its relu."""
    if not isinstance(source, Convolved | Rectified) or len(source.shape) != 4 or min(source.shape) == 0:
        return None
    return Pooled(source, regions) if regions is side_by_side(source.shape[2:]) else None


class Convolved(Promise):
    """The promise of a convolution."""

    __slots__ = ("arguments",)

    def __init__(self, x: Any, w: Any, b: Any, geometry: Geometry) -> None:
        super().__init__((len(x), len(w), *geometry.output(x.shape[2:], w.shape[2:])), x.dtype)
        self.arguments = x, w, b, geometry

    def compute(self) -> NDArray[Any]:
        """The convolution alone."""
        return kernels.convolve(*self.arguments)

    def with_(self, primitive: Primitive, params: dict[str, Any]) -> Promise | None:
        """Relu and pooling can go along."""
        join = joining.get(primitive)
        return None if join is None else join(self, **params)


class Rectified(Promise):
    """The promise of relu after a convolution."""

    __slots__ = ()

    def __init__(self, source: Convolved) -> None:
        super().__init__(source.shape, source.dtype, source)

    def compute(self) -> NDArray[Any]:
        """Both at once, or relu of the convolution."""
        assert isinstance(self.source, Convolved)
        if not self.source_unseen():
            y: NDArray[Any] = np.maximum(self.source.kept(), 0)
        else:
            y = kernels.convolve(*self.source.arguments, relu=True)
            _mark(self.source.node, self.node)
        return y

    with_ = Convolved.with_


class Pooled(Promise):
    """The promise of 2×2 max pooling after a convolution, or after its relu."""

    __slots__ = ("regions",)

    def __init__(self, source: Convolved | Rectified, regions: Regions) -> None:
        super().__init__((*source.shape[:2], *regions.output), source.dtype, source)
        self.regions = regions

    def compute(self) -> NDArray[Any]:
        """All at once, or the pooling of what comes before it."""
        if not self._sources_unseen():
            assert self.source is not None
            y, winners = pooling.pool(self.source.kept(), self.regions)
        elif isinstance(self.source, Rectified):
            convolved = self.source.source
            assert isinstance(convolved, Convolved)
            y, winners = kernels.convolve_pooled(*convolved.arguments, relu=True)
            # only now that nothing can fail: the winners know already where relu lets gradients through
            if self.source.node is not None:
                self.source.node.primitive = _relu_before_pooling
            _mark(convolved.node, self.source.node, self.node)
        else:
            assert isinstance(self.source, Convolved)
            y, winners = kernels.convolve_pooled(*self.source.arguments, relu=False)
            _mark(self.source.node, self.node)
        if self.node is not None:
            self.node.saved = (self.node.inputs[0], winners)
        return y

    def _sources_unseen(self) -> bool:
        unseen = self.source_unseen()
        return unseen and self.source.source_unseen() if isinstance(self.source, Rectified) else unseen


def _relu(x: Any) -> Any:
    return np.maximum(x, 0)


# Relu whose gradient stays as it is, for pooling has already sent none to where the input was not positive
_relu_before_pooling = Primitive(_relu, elementwise=True)
_relu_before_pooling.defvjp(lambda g, _y, _x: g)


def _mark(*nodes: Any) -> None:
    """Note in the graph that these nodes were computed together."""
    names = tuple(node.primitive.name for node in nodes if node is not None)
    for node in nodes:
        if node is not None:
            node.kernel = names
