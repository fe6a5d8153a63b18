"""Functions of functions: `grad`, `value_and_grad` and `vjp`, as in JAX, over functions of tensors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from .errors import DTypeError, GraphError
from .graph import Leaf, topological_order
from .mode import enable_grad, is_grad_enabled
from .ops.arithmetic import positive
from .reverse import pullback
from .tensor import Tensor

__all__ = ["grad", "value_and_grad", "vjp"]


def value_and_grad(
    function: Callable[..., Any], argnums: int | Sequence[int] = 0, has_aux: bool = False
) -> Callable[..., tuple[Any, Any]]:
    """A function that returns `function(*args)` and its gradient with respect to some arguments.

    Args:
        function: takes tensors (arrays and numbers are turned into tensors) and returns a real scalar tensor.
        argnums: the argument, or arguments, to differentiate by; for several the gradient is a tuple.
        has_aux: `function` returns `(scalar, anything)`; then so does the new function in place of the value.

    The gradient is itself tracked where that can matter: inside another transform, or if `function` depends on tensors
    that require gradients. Gradients nest.

    Raises:
        DTypeError: an integer argument.
        GraphError: the value is not a real scalar.
    """
    single = isinstance(argnums, int)
    positions: tuple[int, ...] = (argnums,) if isinstance(argnums, int) else tuple(argnums)

    @wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        outside = is_grad_enabled()
        inputs, arguments = _inputs("grad", args, positions)
        with enable_grad():
            result = function(*arguments, **kwargs)
        value = result[0] if has_aux else result
        if not isinstance(value, Tensor) or value.size != 1 or value.dtype.kind != "f":
            raise GraphError(f"grad: the function must return a real scalar tensor, got {value!r:.80}")
        create = outside and _depends_on_more(value, inputs)
        with enable_grad():
            gradients = pullback([value], inputs, create_graph=create)
        value, *rest = result if has_aux else (result,)
        if not create:  # the inputs' own leaves are nobody else's business
            value, *rest = (_detached(part) for part in (value, *rest))
        return (value, *rest) if has_aux else value, gradients[0] if single else gradients

    return wrapped


def grad(function: Callable[..., Any], argnums: int | Sequence[int] = 0, has_aux: bool = False) -> Callable[..., Any]:
    """The gradient of a scalar function with respect to some arguments; see `value_and_grad`.

    `grad(f)(x) = df/dx`; with `has_aux` a pair of that and what else `function` returned.
    """
    both = value_and_grad(function, argnums, has_aux)

    @wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        value, gradients = both(*args, **kwargs)
        return (gradients, *value[1:]) if has_aux else gradients

    return wrapped


def vjp(function: Callable[..., Any], *primals: Any) -> tuple[Any, Callable[[Any], tuple[Tensor, ...]]]:
    """`function(*primals)`, and the function that takes a cotangent of it to the cotangents of the primals.

    `pull(g) = g · J` for each primal, with J the Jacobian; it can be called any number of times.
    """
    outside = is_grad_enabled()
    inputs, arguments = _inputs("vjp", primals, range(len(primals)))
    with enable_grad():
        y = function(*arguments)
    if not isinstance(y, Tensor):
        raise GraphError(f"vjp: the function must return a tensor, got {y!r:.80}")
    create = outside and _depends_on_more(y, inputs)

    def pull(g: Any) -> tuple[Tensor, ...]:
        differentiable = create or (isinstance(g, Tensor) and g.requires_grad)
        return pullback([y], inputs, [g], retain_graph=True, create_graph=differentiable)

    return (y if create else y.detach()), pull


def _inputs(name: str, args: Sequence[Any], positions: Sequence[int]) -> tuple[list[Tensor], list[Any]]:
    """Tensors to differentiate by, each a node of its own, and the arguments with those in place."""
    arguments = list(args)
    inputs = []
    for position in positions:
        x = arguments[position]
        x = x if isinstance(x, Tensor) else Tensor(x)
        if x.dtype.kind not in "fc":
            raise DTypeError(
                f"{name}: argument {position} has dtype {x.dtype}, and only floating and complex ones have gradients; "
                "write 1.0 for 1, or convert with .astype(np.float64)"
            )
        with enable_grad():
            x = positive(x) if x.node is not None else Tensor(x.numpy(), requires_grad=True, copy=None)
        inputs.append(x)
        arguments[position] = x
    return inputs, arguments


def _detached(x: Any) -> Any:
    """Tensors outside the graph, also in tuples, lists and dicts."""
    if isinstance(x, Tensor):
        return x.detach()
    if isinstance(x, dict):
        return {key: _detached(value) for key, value in x.items()}
    return type(x)(map(_detached, x)) if type(x) in (tuple, list) else x


def _depends_on_more(y: Tensor, inputs: Sequence[Tensor]) -> bool:
    """Whether y depends on a leaf other than these inputs: the gradient may then have to be differentiated again."""
    own = {x.node for x in inputs}
    return y.node is not None and any(
        isinstance(node, Leaf) and node not in own for node in topological_order([y.node])
    )
