"""What goes into the walk and what comes out of it: seeds, hooks, and gradients as users see them."""

from __future__ import annotations

from typing import Any

import numpy as np

from .errors import DTypeError, GraphError, ShapeError
from .graph import Edge
from .tensor import Tensor, wrap

__all__ = ["hooked", "seed_of", "settled", "shown"]


def hooked(node: Edge, g: Any) -> Any:
    """The cotangent after the user's hooks have seen, and perhaps replaced, the gradient."""
    for hook in tuple(node.hooks or ()):
        seen = shown(node, g)
        result = hook(seen if isinstance(seen, Tensor) else settled(seen))
        if result is None:
            continue
        if not isinstance(result, Tensor) or result.shape != node.shape or result.dtype != node.dtype:
            raise ShapeError(
                f"register_hook: a hook of {node!r} returned {result!r:.80}; expected None, or a Tensor of its shape "
                "and dtype"
            )
        g = shown(node, result if isinstance(g, Tensor) else result.numpy())
    return g


def shown(node: Edge | Tensor, g: Any) -> Any:
    """Between cotangent and gradient: each is the other's conjugate."""
    return g.conj() if node.dtype.kind == "c" else g


def settled(g: Any) -> Tensor:
    """A gradient that is handed out: a tensor of its own, frozen because two leaves may have been sent the same one."""
    if isinstance(g, Tensor):
        return wrap(g._frozen(), g.node)
    array = np.asarray(g)
    # stretched, or a small part of something else; a buffer is a little larger than what it was taken for
    if array.base is not None and not array.nbytes <= array.base.nbytes <= array.nbytes * 5 // 4:
        array = array.copy("K")
    return wrap(array, None)


def seed_of(output: Tensor, cotangent: Any, create_graph: bool) -> Any:
    """The cotangent to start from, checked; a promised output is computed, for the rules need what was."""
    output._frozen()
    if output.dtype.kind not in "fc":
        raise DTypeError(f"backward: a tensor of dtype {output.dtype} has no gradient; it must be floating or complex")
    if cotangent is None:
        if output.size != 1 or output.dtype.kind == "c":
            raise GraphError(
                f"backward: this tensor has shape {output.shape} and dtype {output.dtype}, and only a real scalar "
                "needs no gradient= to start from; reduce it, as in .sum() or .mean(), or pass one of its shape"
            )
        seed: Any = np.ones(output.shape, output.dtype) if output.ndim else output.dtype.type(1)
    else:
        seed = cotangent if isinstance(cotangent, Tensor) else np.asarray(cotangent)
        if type(cotangent) in (int, float):
            seed = seed.astype(output.dtype)
        if seed.shape != output.shape:
            raise ShapeError(f"backward: gradient has shape {seed.shape}, but the tensor has shape {output.shape}")
        if seed.dtype != output.dtype:
            raise DTypeError(
                f"backward: gradient has dtype {seed.dtype}, but the tensor has {output.dtype}; convert it with "
                f".astype({str(output.dtype)!r})"
            )
        if not create_graph:
            seed = seed.numpy() if isinstance(seed, Tensor) else seed.copy()
    if create_graph and not isinstance(seed, Tensor):
        seed = wrap(np.asarray(seed), None)
    return shown(output, seed)
