"""Dropout: of elements, and of channels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...autograd.tensor import Tensor
from .. import functional as F
from ..module import Module

__all__ = ["AlphaDropout", "Dropout", "Dropout1d", "Dropout2d", "Dropout3d"]


class _Dropout(Module):
    _operation: Callable[..., Any]

    def __init__(self, p: float = 0.5) -> None:
        if not 0 <= p <= 1:
            raise ValueError(f"{type(self).__name__}: p is a probability, got {p}")
        self.p = p

    def forward(self, x: Tensor) -> Tensor:
        return self._operation(x, self.p, self.training)  # type: ignore[no-any-return]

    def extra_repr(self) -> str:
        return f"p={self.p}"


class Dropout(_Dropout):
    """In training, each element is set to 0 with probability p and the others are scaled by 1 / (1 - p)."""

    _operation = staticmethod(F.dropout)


class Dropout1d(_Dropout):
    """`Dropout2d` of (N, C, L) or (C, L)."""

    _operation = staticmethod(F.dropout1d)


class Dropout2d(_Dropout):
    """In training, each channel of (N, C, H, W) or (C, H, W) is set to 0 with probability p, see `F.dropout2d`."""

    _operation = staticmethod(F.dropout2d)


class Dropout3d(_Dropout):
    """`Dropout2d` of (N, C, D, H, W) or (C, D, H, W)."""

    _operation = staticmethod(F.dropout3d)


class AlphaDropout(_Dropout):
    """Dropout for networks of SELUs: it keeps mean 0 and variance 1, see `F.alpha_dropout`."""

    _operation = staticmethod(F.alpha_dropout)
