"""Whole matrices of derivatives, line by line: a row for each walk back, or a column for each walk forth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import DTypeError
from ..mode import enable_grad
from ..ops.joining import stack
from ..ops.shaping import reshape
from ..tensor import Tensor
from ..trees import rebuilt
from .forward import Transpose
from .tracing import Trace, positions_of

__all__ = ["hessian", "jacfwd", "jacobian", "jacrev"]

Argnums = int | Sequence[int]


def jacobian(
    function: Callable[..., Any],
    argnums: Argnums = 0,
    has_aux: bool = False,
    *,
    mode: str | None = None,
    holomorphic: bool = False,
) -> Callable[..., Any]:
    """A function that returns all derivatives of `function(*args)` by some arguments: J, of shape y.shape + x.shape.

    `J[i, j] = ∂yᵢ/∂xⱼ`. If the value is a tree, so is the result, with such an array (or a tree of arrays, for an
    argument that is one; a tuple, for several arguments) in the place of each leaf.

    Args:
        argnums, has_aux: as in `value_and_grad`.
        mode: "reverse" for a walk of reverse mode for each element of the value, "forward" for one of forward mode for
            each element of the arguments; by default what takes fewer walks.
        holomorphic: `function` is complex-differentiable, and J its complex derivative. Without that promise, complex
            numbers may be on one side alone: by a complex x, of a real y, each row is a gradient, ∂y/∂Re + i ∂y/∂Im;
            by a real x, of a complex y, J is ∂y/∂x.

    J is itself tracked where that can matter, as gradients are.

    Raises:
        DTypeError: an integer in an argument or in the value; complex numbers on both sides, without `holomorphic`.
        GraphError: the function does not return tensors.
        ValueError: another mode; `argnums` names an argument twice (TypeError: one that is not there).
    """
    if mode not in (None, "reverse", "forward"):
        raise ValueError(f"jacobian: mode must be 'reverse', 'forward' or None, got {mode!r}")

    @wraps(function, updated=())
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        trace = Trace("jacobian", function, args, kwargs, positions_of("jacobian", argnums, args), has_aux)
        trace.require_tensors()
        _require_plain(trace, holomorphic)
        with enable_grad():
            blocks = _forward(trace) if mode == "forward" or (mode is None and _is_tall(trace)) else _reverse(trace)
        by_arguments = [trace.like_arguments(block) for block in blocks]
        jacobians = rebuilt(trace.result, [by[0] if isinstance(argnums, int) else by for by in by_arguments])
        return (jacobians, *trace.shown(trace.aux)) if has_aux else jacobians

    return wrapped


def jacrev(
    function: Callable[..., Any], argnums: Argnums = 0, has_aux: bool = False, holomorphic: bool = False
) -> Callable[..., Any]:
    """`jacobian` by reverse mode: a walk for each element of the value."""
    return jacobian(function, argnums, has_aux, mode="reverse", holomorphic=holomorphic)


def jacfwd(
    function: Callable[..., Any], argnums: Argnums = 0, has_aux: bool = False, holomorphic: bool = False
) -> Callable[..., Any]:
    """`jacobian` by forward mode: a walk for each element of the arguments."""
    return jacobian(function, argnums, has_aux, mode="forward", holomorphic=holomorphic)


def hessian(
    function: Callable[..., Any], argnums: Argnums = 0, has_aux: bool = False, holomorphic: bool = False
) -> Callable[..., Any]:
    """A function that returns all second derivatives: `H[i, j] = ∂²y/∂xᵢ∂xⱼ`, of shape y.shape + x.shape + x.shape.

    It is the Jacobian of the Jacobian, with its trees: for an argument that is a tree, a tree of trees. A function of
    complex numbers has one if it is holomorphic. Arguments and errors are those of `jacobian`; `hvp` gives a product
    with it, without forming it.
    """
    first = jacrev(function, argnums, has_aux, holomorphic)
    return jacobian(first, argnums, has_aux, holomorphic=holomorphic)


def _is_tall(trace: Trace) -> bool:
    return bool(sum(x.size for x in trace.inputs.values()) < sum(y.size for y in trace.outputs.values()))


def _reverse(trace: Trace) -> list[list[Tensor]]:
    """For each output, its Jacobian by each input, of which gradients are the rows."""
    inputs = list(trace.inputs.values())
    blocks = []
    for y in trace.outputs.values():

        def row(g: NDArray[Any], y: Tensor = y) -> list[Tensor]:
            gradients = trace.pulled([y], [g], retain_graph=True, tracked=trace.tracked)
            return [
                gx.conj() if y.dtype.kind == gx.dtype.kind == "c" else gx for gx in gradients
            ]  # the rows of J, not Jᴴ

        blocks.append([_whole(rows, 0, y, x) for x, rows in zip(inputs, _walks(y, inputs, row), strict=True)])
    return blocks


def _forward(trace: Trace) -> list[list[Tensor]]:
    """For each output, its Jacobian by each input, of which tangents are the columns."""
    outputs = list(trace.outputs.values())
    transpose = Transpose(trace)
    blocks: list[list[Tensor]] = [[] for _ in outputs]
    for i, x in enumerate(trace.inputs.values()):

        def column(t: NDArray[Any], i: int = i) -> Sequence[Tensor]:
            return transpose.pushed({i: t}, trace.tracked)

        for block, y, columns in zip(blocks, outputs, _walks(x, outputs, column), strict=True):
            block.append(_whole(columns, -1, y, x))
    return blocks


def _walks(
    start: Tensor, ends: Sequence[Tensor], walk: Callable[[NDArray[Any]], Sequence[Tensor]]
) -> list[list[Tensor]]:
    """For each end, what walks from each element of the start bring there."""
    found: list[list[Tensor]] = [[] for _ in ends]
    for i in range(start.size):
        unit = np.zeros(start.size, start.dtype)
        unit[i] = 1
        unit = unit.reshape(start.shape)
        brought = list(walk(unit))
        if start.dtype.kind == "c" and any(end.dtype.kind == "f" for end in ends):
            by_imaginary = walk(1j * unit)
            brought = [
                real + 1j * imaginary if end.dtype.kind == "f" else real
                for real, imaginary, end in zip(brought, by_imaginary, ends, strict=True)
            ]
        for lines, line in zip(found, brought, strict=True):
            lines.append(line)
    return found


def _whole(lines: list[Tensor], axis: int, y: Tensor, x: Tensor) -> Tensor:
    """The Jacobian of y by x, of its rows or columns."""
    shape = (*y.shape, *x.shape)
    if not lines:
        return Tensor(np.zeros(shape, np.result_type(y.dtype, x.dtype)))
    return reshape(stack(lines, axis), shape)  # type: ignore[no-any-return]


def _require_plain(trace: Trace, holomorphic: bool) -> None:
    """Check that one array can hold the derivative."""
    for name, y in trace.outputs.items():
        for path, x in trace.inputs.items():
            if y.dtype.kind == x.dtype.kind == "c" and not holomorphic:
                raise DTypeError(
                    f"jacobian: {name} and {path} are both complex; pass holomorphic=True if the function is "
                    "complex-differentiable, or take real and imaginary parts on one side"
                )
