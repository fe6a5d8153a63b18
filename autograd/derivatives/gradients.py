"""Reverse mode as functions of functions: `grad` and its kin, and `vjp`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import numpy as np

from ..errors import GraphError
from ..tensor import Tensor
from ..trees import mapped
from .tracing import Trace, positions_of

__all__ = ["elementwise_grad", "grad", "stop_gradient", "value_and_grad", "vjp"]

Argnums = int | Sequence[int]


def value_and_grad(
    function: Callable[..., Any], argnums: Argnums = 0, has_aux: bool = False
) -> Callable[..., tuple[Any, Any]]:
    """A function that returns `function(*args)` and its gradient with respect to some arguments.

    Args:
        function: takes tensors, in trees if you like (arrays and numbers are turned into tensors), and returns a real
            scalar tensor.
        argnums: the argument, or arguments, to differentiate by; for several the gradient is a tuple. A gradient is a
            tree like its argument, and of the same dtypes.
        has_aux: `function` returns `(scalar, anything)`; then so does the new function in place of the value.

    The gradient is itself tracked where that can matter: inside another transform, or if `function` depends on tensors
    that require gradients. Gradients nest. By a complex argument it is the direction of steepest ascent,
    ∂y/∂Re + i ∂y/∂Im.

    Raises:
        DTypeError: an integer in an argument to differentiate by.
        GraphError: the value is not a real scalar.
        TypeError, ValueError: `argnums` names an argument that is not there, or one twice.
    """
    return _value_and_grad("grad", function, argnums, has_aux)


def grad(function: Callable[..., Any], argnums: Argnums = 0, has_aux: bool = False) -> Callable[..., Any]:
    """The gradient of a scalar function with respect to some arguments; see `value_and_grad`.

    `grad(f)(x) = df/dx`; with `has_aux` a pair of that and what else `function` returned.
    """
    return _gradient(value_and_grad(function, argnums, has_aux), has_aux)


def elementwise_grad(function: Callable[..., Any], argnums: Argnums = 0, has_aux: bool = False) -> Callable[..., Any]:
    """The derivative of each element of a function's value by the same element of an argument.

    It is the gradient of the sum of all elements: `Σⱼ ∂yⱼ/∂xᵢ`, which is `∂yᵢ/∂xᵢ` if the function works element by
    element. That it does is not checked. Arguments are those of `value_and_grad`; the value is real, of any shape.
    """

    @wraps(function, updated=())
    def total(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        y, *rest = result if has_aux else (result,)
        y = y.sum() if isinstance(y, Tensor) else y
        return (y, *rest) if has_aux else y

    return _gradient(_value_and_grad("elementwise_grad", total, argnums, has_aux), has_aux)


def vjp(function: Callable[..., Any], *primals: Any, has_aux: bool = False) -> tuple[Any, ...]:
    """`function(*primals)`, and the function that takes a cotangent of it to the cotangents of the primals.

    `pull(g) = g · J` for each primal, with J the Jacobian; it can be called any number of times. Primals, value and
    cotangents are trees. With `has_aux`, `function` returns `(value, anything)`, and that comes third.

    Complex cotangents are gradients, as everywhere: `pull(g)` is Jᴴ g, the adjoint of `jvp`.

    Raises:
        DTypeError: an integer in a primal, or in the value.
        GraphError: the function does not return tensors.
        ShapeError, DTypeError: from `pull`, for a cotangent unlike the value.
    """
    trace = Trace("vjp", function, primals, {}, range(len(primals)), has_aux)
    trace.require_tensors()
    outputs = list(trace.outputs.values())

    def pull(cotangent: Any) -> tuple[Any, ...]:
        seeds = trace.cotangents(cotangent)
        return trace.like_arguments(trace.pulled(outputs, seeds, retain_graph=True, tracked=trace.tracks(seeds)))

    return (trace.shown(trace.result), pull, *trace.shown(trace.aux))


def stop_gradient(tree: Any) -> Any:
    """The same values, as constants to derivatives of every order; in a tree, all its tensors."""
    return mapped(lambda x: x.detach() if isinstance(x, Tensor) else x, tree)


def _value_and_grad(
    name: str, function: Callable[..., Any], argnums: Argnums, has_aux: bool
) -> Callable[..., tuple[Any, Any]]:
    @wraps(function, updated=())
    def wrapped(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        trace = Trace(name, function, args, kwargs, positions_of(name, argnums, args), has_aux)
        value = trace.result
        if not isinstance(value, Tensor) or value.size != 1 or value.dtype.kind != "f":
            raise GraphError(f"{name}: the function must return a real scalar tensor, got {_described(value)}")
        gradients = trace.like_arguments(
            trace.pulled([value], [np.ones(value.shape, value.dtype)], tracked=trace.tracked)
        )
        shown = trace.shown((value, *trace.aux))
        return shown if has_aux else shown[0], gradients[0] if isinstance(argnums, int) else gradients

    return wrapped


def _gradient(both: Callable[..., tuple[Any, Any]], has_aux: bool) -> Callable[..., Any]:
    """Of a value and its gradient, the gradient."""

    @wraps(both, updated=())
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        value, gradients = both(*args, **kwargs)
        return (gradients, *value[1:]) if has_aux else gradients

    return wrapped


def _described(value: Any) -> str:
    if not isinstance(value, Tensor):
        return f"{value!r:.80}"
    return (
        f"{value.dtype} of shape {value.shape}; reduce it, as in .sum() or .mean(), or take its jacobian, its "
        "elementwise_grad, or a vjp"
    )
