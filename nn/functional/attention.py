"""Attention: means of values, weighted by how well their keys match a query."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...autograd.errors import ShapeError
from ...autograd.ops.comparing import all as every, isneginf
from ...autograd.ops.selecting import where
from ...autograd.ops.shaping import swapaxes
from ...autograd.ops.softmax import softmax
from ...autograd.standins import StandIn
from .dropout import dropout

__all__ = ["attention_weights", "scaled_dot_product_attention"]


def scaled_dot_product_attention(
    query: Any, key: Any, value: Any, attn_mask: Any = None, dropout_p: float = 0.0, is_causal: bool = False,
    scale: float | None = None,
) -> Any:  # fmt: skip
    """softmax(query keyᵀ · scale + mask) value: (..., L, E), (..., S, E), (..., S, V) -> (..., L, V).

    Args:
        attn_mask: broadcasts to (..., L, S); booleans that are True where a query may see a key, or numbers to add.
        dropout_p: with which probability a weight is dropped, whether training or not.
        is_causal: query i sees keys 0 to i alone; instead of a mask.
        scale: 1 / √E unless given.

    A query that may see nothing gets zeros. Vaswani et al., Attention Is All You Need, 2017.

    Raises:
        ShapeError: shapes that do not go together.
        ValueError: a mask and is_causal.
    """
    name = "scaled_dot_product_attention"
    shapes = query.shape, key.shape, value.shape
    if min(map(len, shapes)) < 2 or query.shape[-1] != key.shape[-1] or key.shape[-2] != value.shape[-2]:
        raise ShapeError(f"{name}: expected query (..., L, E), key (..., S, E), value (..., S, V), got {shapes}")
    if is_causal:
        if attn_mask is not None:
            raise ValueError(f"{name}: with is_causal there can be no attn_mask; put both into the mask")
        attn_mask = np.tri(query.shape[-2], key.shape[-2], dtype=bool)
    weights = attention_weights(query, key, attn_mask, scale)
    return (dropout(weights, dropout_p) if dropout_p else weights) @ value


def attention_weights(query: Any, key: Any, attn_mask: Any = None, scale: float | None = None) -> Any:
    """softmax(query keyᵀ · scale + mask) over keys: (..., L, E), (..., S, E) -> (..., L, S).

    See `scaled_dot_product_attention`, whose weights they are.
    """
    scores = (query * (1 / math.sqrt(query.shape[-1]) if scale is None else scale)) @ swapaxes(key, -1, -2)
    if attn_mask is None:
        return softmax(scores)
    try:
        shape = np.broadcast_shapes(scores.shape, attn_mask.shape)
    except ValueError:
        shape = None
    if shape != scores.shape:
        raise ShapeError(f"attention: attn_mask {attn_mask.shape} does not broadcast to the scores {scores.shape}")
    if attn_mask.dtype == bool:
        scores = where(attn_mask, scores, -np.inf)
    else:
        scores = scores + attn_mask
    blind = every(isneginf(scores), axis=-1, keepdims=True)  # queries that may see nothing
    if not isinstance(scores, StandIn) and not blind.any():
        return softmax(scores)
    return where(blind, 0.0, softmax(where(blind, 0.0, scores)))
