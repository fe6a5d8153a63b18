"""Reverse mode as `check_grads` calls it: watched for everything that a rule must not do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..reverse import pullback
from ..tensor import Tensor
from .failure import GradientError, as_code

__all__ = ["check_walks", "leaves", "outputs_of"]


def leaves(arrays: Sequence[NDArray[Any]]) -> list[Tensor]:
    """A tracked tensor for each array, in its memory and layout."""
    return [Tensor(x, requires_grad=True, copy=None) for x in arrays]


def outputs_of(result: Any) -> tuple[Tensor, ...]:
    """What a checked function returned, as a tuple of tensors."""
    outputs = tuple(result) if isinstance(result, (tuple, list)) else (result,)
    for y in outputs:
        if not isinstance(y, Tensor):
            raise GradientError(f"the function returned {y!r:.80}: no gradient passes through that; expected tensors")
        if y.dtype.kind not in "fc":
            raise GradientError(f"the function returned a tensor of {y.dtype}, which has no gradient")
    return outputs


def check_walks(
    f: Callable[..., Any], arrays: list[NDArray[Any]], cotangents: list[NDArray[Any]], names: list[str], order: int
) -> list[NDArray[Any]]:
    """The gradients of `<v, f(x)>`, from a walk that was found to leave everything as it was."""
    given = [argument.copy() for argument in arrays]
    x = leaves(arrays)
    y = outputs_of(f(*x))
    # What arrives at a zero that is added to y is the cotangent itself, unless a rule wrote into it.
    zeros = leaves([np.zeros_like(v) for v in cotangents])
    watched = [output + zero for output, zero in zip(y, zeros, strict=True)]
    results = [output.numpy().copy() for output in y]

    def walk(create_graph: bool = False) -> list[Tensor]:
        return list(pullback(watched, [*x, *zeros], cotangents, retain_graph=True, create_graph=create_graph))

    gradients = walk()
    values = [g.numpy().copy() for g in gradients[: len(x)]]
    for name, argument, value in zip(names, arrays, values, strict=True):
        if value.shape != argument.shape or value.dtype != argument.dtype:
            raise GradientError(
                f"{name}, order {order}: the argument is {argument.dtype}{list(argument.shape)}, but the gradient "
                f"{value.dtype}{list(value.shape)}"
            )

    def unchanged(what: str) -> None:
        for name, old, new in zip(names, given, x, strict=True):
            _compare(f"{what} changed {name}, order {order}", old, new.numpy())
        for i, (old, output) in enumerate(zip(results, y, strict=True)):
            _compare(f"{what} changed result {i}, order {order}", old, output.numpy())

    unchanged("a rule or the function")
    for i, (v, arrived) in enumerate(zip(cotangents, gradients[len(x) :], strict=True)):
        _compare(f"a rule changed cotangent {i}, order {order}", v, arrived.numpy())
    for name, first, again in zip(names, values, walk(), strict=False):
        _compare(f"{name}, order {order}: a second walk gives something else", first, again.numpy())
    for name, first, again in zip(names, values, walk(create_graph=True), strict=False):
        _compare(f"{name}, order {order}: a walk that is recorded gives something else", first, again.numpy(), 64)
    for i, name in enumerate(names):
        gradients[i].data[...] = 0
        unchanged(f"writing into the gradient of {name}")
        for j in range(i + 1, len(x)):
            _compare(f"writing into the gradient of {name} changed that of {names[j]}", values[j], gradients[j].numpy())
    return values


def _compare(problem: str, expected: NDArray[Any], got: NDArray[Any], ulps: int = 0) -> None:
    tolerance = ulps * np.finfo(expected.dtype).eps
    if not np.allclose(expected, got, rtol=tolerance, atol=tolerance, equal_nan=True):
        raise GradientError(f"{problem}\n    before: {as_code(expected)}\n    after:  {as_code(got)}")
