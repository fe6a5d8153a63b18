"""Which kind an operation is of: by its family, the file that its rules stand in."""

from __future__ import annotations

from ..primitive import Primitive
from .picture import Kind

__all__ = ["kind_of"]

_FAMILIES = {
    Kind.LINEAR: ("products", "linalg", "einsum", "fft", "contracting", "fitting"),
    Kind.CONVOLUTION: ("convolution", "pooling", "averaging", "windows", "unpooling", "signals", "resizing"),
    Kind.SHAPE: ("shaping", "joining", "indexing", "padding", "writing", "sorting", "editing"),
    Kind.REDUCTION: ("reducing", "extrema", "statistics", "accumulating", "softmax", "normalization", "quantiles"),
}
_KINDS = {family: kind for kind, families in _FAMILIES.items() for family in families}
_LOSSES = {"softmax_cross_entropy"}


def kind_of(primitive: Primitive) -> Kind:
    """The kind of an operation; a user's own is elementwise, or an operation without any more to say of it."""
    if primitive.name in _LOSSES:
        return Kind.LOSS
    if primitive.elementwise:
        return Kind.ELEMENTWISE
    rule = next((rule for rule in primitive.rules if rule is not None), None)
    package, _, module = (getattr(rule, "__module__", None) or "").partition(".ops.")
    family = module.partition(".")[0] if package == __package__.removesuffix(".drawing") else ""
    return _KINDS.get(family, Kind.OPERATION)
