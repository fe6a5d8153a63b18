"""Running a function on inputs with nodes of their own: what every derivative starts from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from ..batching import everywhere, over, pulled
from ..errors import DTypeError, GraphError, ShapeError
from ..graph import Leaf, topological_order
from ..mode import enable_grad, is_grad_enabled
from ..ops.arithmetic import positive
from ..tensor import Tensor
from ..trees import mapped, matched, paths, rebuilt

__all__ = ["Trace", "positions_of", "with_own_node"]


class Trace:
    """One run of a function.

    Attributes:
        arguments: the trees to differentiate by, as they were given.
        inputs: the tensors in them, each with a node of its own, by their paths.
        result: the tree that the function returned.
        outputs: what is in it, by its path.
        aux: what the function returned besides: a list of one thing, or of none.
        tracked: whether the result depends on other leaves too; its derivatives may then have to be differentiated.
    """

    def __init__(
        self,
        name: str,
        function: Callable[..., Any],
        args: Sequence[Any],
        kwargs: dict[str, Any],
        positions: Sequence[int],
        has_aux: bool,
    ) -> None:
        self.name = name
        outside = is_grad_enabled()
        given = list(args)
        self.arguments = [args[i] for i in positions]
        self.inputs: dict[str, Tensor] = {}
        for i in positions:
            own = {path: with_own_node(_inexact(name, path, x)) for path, x in paths(args[i], f"argument {i}")}
            given[i] = rebuilt(args[i], own.values())
            self.inputs |= own
        with enable_grad():
            returned = function(*given, **kwargs)
        if has_aux and not (isinstance(returned, tuple) and len(returned) == 2):
            raise GraphError(f"{name}: with has_aux=True the function must return a pair, got {returned!r:.80}")
        self.result: Any
        self.aux: list[Any]
        self.result, *self.aux = returned if has_aux else (returned,)
        self.outputs: dict[str, Any] = dict(paths(self.result, "the output"))
        self.tracked = outside and _depends_on_more(self.outputs.values(), self.inputs.values())

    def require_tensors(self) -> None:
        """Check that the result consists of tensors that have derivatives.

        Raises:
            GraphError, DTypeError: it does not.
        """
        if not self.outputs:
            raise GraphError(f"{self.name}: the function must return a tensor, got {self.result!r:.80}")
        for path, y in self.outputs.items():
            if not isinstance(y, Tensor):
                where = "" if path == "the output" else f" as {path}"
                raise GraphError(f"{self.name}: the function must return a tensor{where}, got {y!r:.80}")
            if y.dtype.kind not in "fc":
                raise DTypeError(
                    f"{self.name}: {path} has dtype {y.dtype}, and only floating and complex ones have derivatives; "
                    "return it besides the others, with has_aux=True"
                )

    def shown(self, x: Any) -> Any:
        """What the function returned, as the user gets it: outside the graph, if that leads to our own leaves alone."""
        return x if self.tracked else mapped(lambda y: y.detach() if isinstance(y, Tensor) else y, x)

    def tracks(self, seeds: Sequence[Any]) -> bool:
        """Whether derivatives from these seeds may have to be differentiated."""
        return self.tracked or (is_grad_enabled() and any(isinstance(v, Tensor) and v.requires_grad for v in seeds))

    def pulled(
        self,
        outputs: Sequence[Tensor],
        cotangents: Sequence[Any],
        retain_graph: bool | None = None,
        tracked: bool = False,
    ) -> Sequence[Tensor]:
        """The gradients of outputs by the inputs."""
        with enable_grad():
            return pulled(outputs, list(self.inputs.values()), cotangents, retain_graph, tracked)

    def like_arguments(self, values: Sequence[Any]) -> tuple[Any, ...]:
        """A tree for each argument, of a value for each input."""
        return tuple(rebuilt(self.arguments, values))

    def tangents(self, trees: Sequence[Any]) -> list[Any]:
        """A tangent for each input, from a tree for each argument.

        Raises:
            ShapeError, DTypeError: they do not fit.
        """
        return self._fitting("tangent", matched(self.arguments, list(trees), "primals", "tangents"), self.inputs)

    def cotangents(self, tree: Any) -> list[Any]:
        """A cotangent for each output, from a tree like the result.

        Raises:
            ShapeError, DTypeError: they do not fit.
        """
        return self._fitting("cotangent", matched(self.result, tree, "the output", "the cotangent"), self.outputs)

    def _fitting(self, kind: str, values: Sequence[Any], tensors: dict[str, Tensor]) -> list[Any]:
        fitting = []
        for value, (path, x) in zip(values, tensors.items(), strict=True):
            v = value if isinstance(value, Tensor) else np.asarray(value)
            if type(value) in (int, float):
                v = v.astype(x.dtype)
            if v.shape != x.shape:
                raise ShapeError(f"{self.name}: the {kind} of {path} has shape {v.shape}, but {path} has {x.shape}")
            if v.dtype != x.dtype:
                raise DTypeError(
                    f"{self.name}: the {kind} of {path} has dtype {v.dtype}, but {path} has {x.dtype}; convert it with "
                    f".astype({str(x.dtype)!r})"
                )
            fitting.append(v)
        return fitting


def positions_of(name: str, argnums: int | Sequence[int], args: Sequence[Any]) -> tuple[int, ...]:
    """The positions that `argnums` names among the arguments of a call.

    Raises:
        TypeError: there is no such argument.
        ValueError: the same one twice.
    """
    wanted = (argnums,) if isinstance(argnums, int) else tuple(argnums)
    for i in wanted:
        if not -len(args) <= i < len(args):
            raise TypeError(f"{name}: argnums={argnums}, but the call has {len(args)} positional arguments")
    positions = tuple(i % len(args) for i in wanted)
    if len(set(positions)) < len(positions):
        raise ValueError(f"{name}: argnums={argnums} names an argument twice")
    return positions


def with_own_node(x: Tensor) -> Tensor:
    """The tensor, as new to the graph; inside vmap each example has its own."""
    with enable_grad():
        return over(_renewed, everywhere(x))


def _inexact(name: str, path: str, x: Any) -> Tensor:
    tensor = x if isinstance(x, Tensor) else Tensor(x)
    if tensor.dtype.kind not in "fc":
        raise DTypeError(
            f"{name}: {path} has dtype {tensor.dtype}, and only floating and complex ones have gradients; "
            "write 1.0 for 1, or convert with .astype(np.float64)"
        )
    return tensor


def _renewed(x: Tensor) -> Tensor:
    if x.node is None:
        return Tensor(x.numpy(), requires_grad=True, copy=None)
    return positive(x)  # type: ignore[no-any-return]


def _depends_on_more(outputs: Iterable[Any], inputs: Iterable[Tensor]) -> bool:
    """Whether outputs depend on a leaf other than these inputs: the gradient may have to be differentiated again."""
    own = {x.node for x in inputs}
    roots = [y.node for y in outputs if isinstance(y, Tensor) and y.node is not None]
    return any(isinstance(node, Leaf) and node not in own for node in topological_order(roots))
