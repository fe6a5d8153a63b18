"""Embeddings: a vector for each of so many things."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from ...autograd.errors import ShapeError
from ...autograd.tensor import Tensor
from .. import functional as F, init
from ..functional.reductions import values
from ..module import Module
from ..parameters import Parameter
from ..random import generator

__all__ = ["Embedding"]


class Embedding(Module):
    """The rows of a table that integers name: (...) -> (..., embedding_dim), see `F.embedding`.

    weight (num_embeddings, embedding_dim) starts with normal numbers, and zeros in the row padding_idx.

    Args:
        num_embeddings: rows; embedding_dim: their width.
        padding_idx: a row that is not trained, negative to count from the end.
        max_norm: longer rows are scaled down to this norm, in the table, whenever they are named.
        norm_type: the p of that norm.

    Raises:
        ValueError: a size below 1.
        IndexError: padding_idx is no row; when called, a number outside [0, num_embeddings).
        DTypeError: when called, on what is not of integers.
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        dtype: DTypeLike = np.float32,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        for name, size in (("num_embeddings", num_embeddings), ("embedding_dim", embedding_dim)):
            if size < 1:
                raise ValueError(f"Embedding: {name} must be at least 1, got {size}")
        if padding_idx is not None and not -num_embeddings <= padding_idx < num_embeddings:
            raise IndexError(f"Embedding: padding_idx={padding_idx} is none of {num_embeddings} rows")
        self.num_embeddings = num_embeddings
        self.embedding_dim = embedding_dim
        self.padding_idx = None if padding_idx is None else padding_idx % num_embeddings
        self.max_norm = max_norm
        self.norm_type = norm_type
        self.weight = Parameter(np.zeros((num_embeddings, embedding_dim)), dtype=dtype)
        self.initialize(rng or generator())

    @classmethod
    def from_pretrained(
        cls, embeddings: ArrayLike | Tensor, freeze: bool = True, padding_idx: int | None = None,
        max_norm: float | None = None, norm_type: float = 2.0,
    ) -> Self:  # fmt: skip
        """A layer with this table, of its dtype, which is not trained unless `freeze` is False.

        Raises:
            ShapeError: not a table.
        """
        table = values(embeddings)
        if table.ndim != 2:
            raise ShapeError(f"Embedding: expected a table (rows, width), got {table.shape}")
        rows, width = table.shape
        layer = cls(rows, width, padding_idx, max_norm, norm_type, table.dtype)
        layer.weight.data = table
        return layer.requires_grad_(not freeze)

    def initialize(self, rng: np.random.Generator) -> None:
        """Draw the table."""
        init.normal_(self.weight, rng=rng)
        if self.padding_idx is not None:
            self.weight.data[self.padding_idx] = 0

    def forward(self, x: ArrayLike | Tensor) -> Tensor:
        return F.embedding(x, self.weight, self.padding_idx, self.max_norm, self.norm_type)  # type: ignore[no-any-return]

    def extra_repr(self) -> str:
        options = {"padding_idx": (self.padding_idx, None), "max_norm": (self.max_norm, None)}
        said = [f", {name}={value}" for name, (value, usual) in options.items() if value != usual]
        norm = f", norm_type={self.norm_type}" if self.norm_type != 2 else ""
        return f"{self.num_embeddings}, {self.embedding_dim}" + "".join(said) + norm
