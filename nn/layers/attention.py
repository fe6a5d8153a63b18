"""Multi-head attention."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from ...autograd.errors import ShapeError
from ...autograd.ops.joining import split
from ...autograd.ops.selecting import where
from ...autograd.ops.shaping import swapaxes
from ...autograd.tensor import Tensor
from .. import functional as F, init
from ..module import Module
from ..parameters import Parameter
from ..random import generator
from .linear import Linear

__all__ = ["MultiheadAttention"]


class Projection(Linear):
    """A linear layer whose bias starts at 0."""

    def initialize(self, rng: np.random.Generator) -> None:
        """Draw the weight; the bias becomes 0."""
        super().initialize(rng)
        if self.bias is not None:
            init.zeros_(self.bias)


class MultiheadAttention(Module):
    """Attention by several heads at once, each with embed_dim / num_heads of the features.

    Called with query (L, N, embed_dim), key (S, N, kdim) and value (S, N, vdim), it returns (L, N, embed_dim), and
    what each query looked at: (N, L, S), or (N, heads, L, S) without `average_attn_weights`, or None without
    `need_weights`. N may be missing everywhere. See `F.scaled_dot_product_attention`.

    The weights of the projections start by Glorot's uniform scheme, that of out_proj as a `Linear`'s, biases at 0.

    Args:
        dropout: in training, with which probability a weight of attention is dropped.
        bias: whether projections have biases.
        kdim, vdim: features of keys and values; embed_dim unless given.
        batch_first: whether query, key, value and the output are (N, L, features).

    Raises:
        ValueError: a size below 1, embed_dim not divisible by num_heads, or a dropout that is no probability.
        ShapeError: when called, on other shapes.
    """

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        dropout: float = 0.0,
        bias: bool = True,
        *,
        kdim: int | None = None,
        vdim: int | None = None,
        batch_first: bool = False,
        dtype: DTypeLike = np.float32,
        rng: np.random.Generator | None = None,
    ) -> None:
        if embed_dim < 1 or num_heads < 1 or embed_dim % num_heads:
            raise ValueError(
                f"MultiheadAttention: embed_dim must be divisible by num_heads, both at least 1, got {embed_dim} and "
                f"{num_heads}"
            )
        if not 0 <= dropout <= 1:
            raise ValueError(f"MultiheadAttention: dropout is a probability, got {dropout}")
        self.embed_dim = embed_dim
        self.num_heads = num_heads
        self.dropout = dropout
        self.batch_first = batch_first
        self.kdim = embed_dim if kdim is None else kdim
        self.vdim = embed_dim if vdim is None else vdim
        sizes = (embed_dim, self.kdim, self.vdim)
        self.in_proj_weight = self.q_proj_weight = self.k_proj_weight = self.v_proj_weight = None
        if self.kdim == self.vdim == embed_dim:
            self.in_proj_weight = Parameter(np.zeros((3 * embed_dim, embed_dim)), dtype=dtype)
        else:
            self.q_proj_weight, self.k_proj_weight, self.v_proj_weight = (
                Parameter(np.zeros((embed_dim, size)), dtype=dtype) for size in sizes
            )
        self.in_proj_bias = Parameter(np.zeros(3 * embed_dim), dtype=dtype) if bias else None
        rng = rng or generator()
        self.initialize(rng)
        self.out_proj = Projection(embed_dim, embed_dim, bias, dtype, rng=rng)

    def initialize(self, rng: np.random.Generator) -> None:
        """Draw the weights of the projections to the heads; their biases become 0."""
        for weight in (self.in_proj_weight, self.q_proj_weight, self.k_proj_weight, self.v_proj_weight):
            if weight is not None:
                init.xavier_uniform_(weight, rng=rng)
        if self.in_proj_bias is not None:
            init.zeros_(self.in_proj_bias)

    def forward(
        self,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        key_padding_mask: Any = None,
        need_weights: bool = True,
        attn_mask: Any = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[Tensor, Tensor | None]:
        """Attend.

        Args:
            key_padding_mask: (N, S); booleans that are True for keys that nobody may see, or numbers to add to scores.
            attn_mask: (L, S) or (N · heads, L, S); booleans that are True where a query may not see a key, or numbers
                to add to scores.
            is_causal: whether attn_mask is the causal one; that is also made if there is none.
        """
        self._check(query, key, value)
        batched = query.ndim == 3
        if batched:
            query, key, value = (x if self.batch_first else swapaxes(x, 0, 1) for x in (query, key, value))
        else:
            query, key, value = query[None], key[None], value[None]
        q, k, v = (self._heads(x) for x in self._projected(query, key, value))  # (N, heads, L, features)
        mask = self._mask(key_padding_mask, attn_mask, is_causal, (*q.shape[:3], k.shape[2]), q.dtype)
        weights = F.attention_weights(q, k, mask)
        if self.training and self.dropout:
            weights = F.dropout(weights, self.dropout)
        y = swapaxes(weights @ v, 1, 2).reshape(query.shape)
        y = self.out_proj(y)
        seen = None if not need_weights else weights.mean(1) if average_attn_weights else weights
        if not batched:
            return y[0], None if seen is None else seen[0]
        return y if self.batch_first else swapaxes(y, 0, 1), seen

    def _projected(self, query: Tensor, key: Tensor, value: Tensor) -> list[Tensor]:
        if self.in_proj_weight is not None:
            weights = split(self.in_proj_weight, 3)
        else:
            weights = [self.q_proj_weight, self.k_proj_weight, self.v_proj_weight]
        biases = [None] * 3 if self.in_proj_bias is None else split(self.in_proj_bias, 3)
        return [F.linear(x, w, b) for x, w, b in zip((query, key, value), weights, biases, strict=True)]

    def _heads(self, x: Tensor) -> Tensor:
        """(N, L, embed_dim) -> (N, heads, L, embed_dim / heads)."""
        return swapaxes(x.reshape(*x.shape[:2], self.num_heads, -1), 1, 2)  # type: ignore[no-any-return]

    def _mask(self, padding: Any, mask: Any, is_causal: bool, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Any:
        """Both masks as one to add to scores, or None."""
        n, heads, length, keys = shape
        if is_causal and mask is None:
            mask = ~np.tri(length, keys, dtype=bool)
        total = None
        if mask is not None:
            if mask.shape not in ((length, keys), (n * heads, length, keys)):
                raise ShapeError(
                    f"MultiheadAttention: attn_mask must be {(length, keys)} or {(n * heads, length, keys)}, got "
                    f"{mask.shape}"
                )
            total = _added(mask, dtype)
            total = total if total.ndim == 2 else total.reshape(shape)
        if padding is not None:
            if padding.shape != (n, keys) and (n != 1 or padding.shape != (keys,)):
                raise ShapeError(f"MultiheadAttention: key_padding_mask must be {(n, keys)}, got {padding.shape}")
            padded = _added(padding, dtype).reshape(n, 1, 1, keys)
            total = padded if total is None else total + padded
        return total

    def _check(self, query: Tensor, key: Tensor, value: Tensor) -> None:
        shapes = query.shape, key.shape, value.shape
        sizes = self.embed_dim, self.kdim, self.vdim
        batch = 0 if self.batch_first else 1
        fits = (
            query.ndim in (2, 3)
            and query.ndim == key.ndim == value.ndim
            and tuple(shape[-1] for shape in shapes) == sizes
            and key.shape[:-1] == value.shape[:-1]
            and (query.ndim == 2 or query.shape[batch] == key.shape[batch])
        )
        if not fits:
            axes = ("N, L", "N, S", "N, S") if self.batch_first else ("L, N", "S, N", "S, N")
            expected = ", ".join(f"({leading}, {size})" for leading, size in zip(axes, sizes, strict=True))
            raise ShapeError(f"MultiheadAttention: expected {expected}, or all without N, got {shapes}")


def _added(mask: Any, dtype: np.dtype[Any]) -> Any:
    """What a mask adds to scores: -inf where it is True; numbers as they are."""
    return where(mask, dtype.type(-np.inf), dtype.type(0)) if mask.dtype == bool else mask.astype(dtype)
