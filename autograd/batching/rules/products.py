"""Products of matrices, and what is built on them."""

from __future__ import annotations

from string import ascii_letters
from typing import Any

import numpy as np

from ...errors import BatchError
from ...ops.arithmetic import add
from ...ops.products import matmul
from ...ops.reducing import mean, sum
from ...ops.shaping import expand_dims, reshape, transpose
from .calls import Call, broadcasting, of_rank

__all__ = ["cross_entropy", "images", "matrices", "product", "summed_product", "weighted"]


def matrices(call: Call) -> Any:
    """Linear algebra, which takes leading axes. An example must be a matrix: a batch of vectors would look like one."""
    for rank in call.ranks:
        if rank < 2:
            raise np.linalg.LinAlgError(f"{call.name}: expected a matrix, got an array of {rank} axes")
    return broadcasting(call)


def product(call: Call) -> Any:
    """matmul: vectors become matrices, and what was added goes away again."""
    (a, b), (a_rank, b_rank) = call.args, call.ranks
    if not (a_rank and b_rank):
        raise ValueError("matmul: a 0-d array has no axis to sum over; use * to scale")
    if a_rank == 1 and b_rank <= 2 and not call.batches[1]:
        return matmul(a, b)  # (N, k) @ (k, m): the examples are rows
    a = expand_dims(a, -2) if a_rank == 1 else a
    b = expand_dims(b, -1) if b_rank == 1 else b
    rank = max(a_rank, b_rank, 2)
    y = matmul(*(of_rank(x, rank) if batch else x for x, batch in zip((a, b), call.batches, strict=True)))
    y = y[..., 0, :] if a_rank == 1 else y
    return y[..., 0] if b_rank == 1 else y


def weighted(call: Call) -> Any:
    """linear: x weightᵀ + bias. A weight that is the same for all takes any x; else it is a product and a sum."""
    x, weight, *bias = call.args
    if not any(call.batches[1:]):
        return call(*call.args)
    weight = transpose(weight, (0, 2, 1)) if call.batches[1] else weight.T
    y = product(Call("matmul", matmul, call.size, (x, weight), call.batches[:2], {}))
    return (
        broadcasting(Call("add", add, call.size, (y, *bias), (any(call.batches[:2]), call.batches[2]), {}))
        if bias
        else y
    )


def summed_product(call: Call) -> Any:
    """einsum: one more index, of the batches and of the output."""
    terms, output = call.params["terms"], call.params["output"]
    index = next(letter for letter in ascii_letters if letter not in "".join((*terms, output)))
    terms = tuple(index * batch + term for term, batch in zip(terms, call.batches, strict=True))
    return call(*call.args, terms=terms, output=index + output)


def cross_entropy(call: Call) -> Any:
    """All rows of all examples, and then what is to be done with each example's losses."""
    [x], reduction = call.args, call.params["reduction"]  # (B, N, C)
    rows = reshape(x, (x.shape[0] * x.shape[1], x.shape[2]))
    losses = reshape(call(rows, labels=np.tile(call.params["labels"], call.size), reduction="none"), x.shape[:2])
    return losses if reduction == "none" else mean(losses, 1) if reduction == "mean" else sum(losses, 1)


def images(call: Call) -> Any:
    """What takes images (N, C, ...), and weights that are the same for all of them: (B, N, ...) are more images."""
    x, *weights = call.args
    if any(call.batches[1:]):
        raise BatchError(
            f"{call.name}: vmap maps over images, not over weights; loop over the examples: stack([f(x) for x in xs])"
        )
    y = call(reshape(x, (x.shape[0] * x.shape[1], *x.shape[2:])), *weights)
    return reshape(y, (*x.shape[:2], *y.shape[1:]))
