"""Forward mode, from the rules of reverse mode.

What pulls cotangents back, `g ↦ g J`, is linear in g. Recorded, it is a graph in which every g will do, and to pull a
tangent t back through that graph gives `J t`: the transpose of a transpose. So each rule serves both modes, and every
order. `jvp` runs the function, a recorded walk and a plain one, about three times what the function takes and the
memory of reverse mode; each further tangent costs one plain walk.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..batching import pulled
from ..mode import enable_grad
from ..tensor import Tensor
from ..trees import rebuilt
from .gradients import grad
from .tracing import Trace, with_own_node

__all__ = ["Transpose", "hvp", "jvp", "linearize"]


def linearize(function: Callable[..., Any], *primals: Any, has_aux: bool = False) -> tuple[Any, ...]:
    """`function(*primals)`, and the function that takes tangents of the primals to the tangent of the value.

    `push(*t) = J t`, with J the Jacobian; it can be called any number of times. Primals, tangents and value are trees.
    With `has_aux`, `function` returns `(value, anything)`, and that comes third.

    Raises:
        DTypeError: an integer in a primal, or in the value.
        GraphError: the function does not return tensors.
        ShapeError, DTypeError: from `push`, for tangents unlike the primals.
    """
    return _linearized("linearize", function, primals, has_aux)


def jvp(
    function: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any], has_aux: bool = False
) -> tuple[Any, ...]:
    """`function(*primals)`, and its derivative along tangents of the primals: `(y, J t)`.

    It costs about as much as three calls of `function`, see the top of this file. Trees, errors and `has_aux` are those
    of `linearize`.
    """
    if not isinstance(primals, tuple | list) or not isinstance(tangents, tuple | list):
        raise TypeError("jvp: primals and tangents must be tuples, with an entry for each argument")
    y, push, *aux = _linearized("jvp", function, primals, has_aux)
    return (y, push(*tangents), *aux)


def hvp(function: Callable[..., Any], x: Any, v: Any) -> Any:
    """The derivative of `grad(function)` at x along v: H v, with H the Hessian, which is never formed.

    `function` takes x, a tree of tensors, and returns a real scalar; v and the result are trees like x. As H is
    symmetric, its product is a pullback of the gradient. (Pearlmutter, Fast exact multiplication by the Hessian, 1994)

    Raises: as `grad`, and ShapeError or DTypeError for a v unlike x.
    """
    trace = Trace("hvp", grad(function), (x,), {}, (0,), False)
    seeds = trace.tangents((v,))
    [product] = trace.like_arguments(trace.pulled(list(trace.outputs.values()), seeds, tracked=trace.tracks(seeds)))
    return product


class Transpose:
    """The walk of a trace, recorded: a function of the cotangents, whose pullback pushes tangents."""

    def __init__(self, trace: Trace) -> None:
        outputs: list[Tensor] = list(trace.outputs.values())
        # Any cotangents will do but zeros: `quotient` would take them for those of a branch that was not taken.
        self.cotangents = [with_own_node(Tensor(np.ones(y.shape, y.dtype))) for y in outputs]
        with np.errstate(all="ignore"):  # nobody looks at the values
            self.gradients = trace.pulled(outputs, self.cotangents, retain_graph=True, tracked=True)

    def pushed(self, tangents: dict[int, Any], tracked: bool) -> Sequence[Tensor]:
        """The derivative of each output along tangents of some inputs, by their numbers."""
        gradients = [self.gradients[i] for i in tangents]
        with enable_grad():
            return pulled(gradients, self.cotangents, list(tangents.values()), True, tracked)


def _linearized(name: str, function: Callable[..., Any], primals: Sequence[Any], has_aux: bool) -> tuple[Any, ...]:
    trace = Trace(name, function, primals, {}, range(len(primals)), has_aux)
    trace.require_tensors()
    transpose = Transpose(trace)

    def push(*tangents: Any) -> Any:
        seeds = trace.tangents(tangents)
        return rebuilt(trace.result, transpose.pushed(dict(enumerate(seeds)), trace.tracks(seeds)))

    return (trace.shown(trace.result), push, *trace.shown(trace.aux))
