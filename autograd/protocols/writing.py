"""Results that go into an array that is there already: `out=`, and NumPy's functions that write into their argument.

A tensor is written to as by `t[index] = value`, so that the graph knows of it. An array takes plain values.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..constants import plain, tracked
from ..errors import ShapeError
from ..inplace import write
from ..ops.comparing import shape, size
from ..ops.shaping import broadcast_to, ravel
from ..tensor import Tensor
from .refusing import into_array

__all__ = ["WRITERS", "deliver"]


def deliver(name: str, result: Any, out: Any, where: Any = True, casting: Any = "same_kind") -> Any:
    """Write a result into `out`, all of it or where a mask says so, and return `out`.

    Raises:
        DetachError: a tracked result would go into an array.
        TypeError: `casting` does not allow the dtype of the result to become that of `out`.
        ShapeError: the result does not fit.
    """
    if not isinstance(out, Tensor):
        if tracked(result):
            raise into_array(name)
        require_shape(name, shape(result), out.shape)
        np.copyto(out, plain(result), casting, plain(where))
        return out
    require_cast(name, result.dtype, out.dtype, casting)
    require_shape(name, shape(result), out.shape)
    if where is True:
        write(out, result, name=name)
    else:
        mask = np.broadcast_to(plain(where), out.shape)
        write(out, broadcast_to(result, out.shape)[mask], mask, name)
    return out


def require_cast(name: str, got: Any, out: Any, casting: Any = "same_kind") -> None:
    """Raise if a result of one dtype may not be written into an array of another."""
    if not np.can_cast(got, out, casting):
        raise TypeError(f"{name}: cannot cast {got} to the {out} of what is written to, with casting {casting!r}")


def require_shape(name: str, got: tuple[int, ...], out: tuple[int, ...]) -> None:
    """Raise if a result cannot be written into `out`, which may be larger but has as many axes at least."""
    sizes = zip(got[::-1], out[::-1], strict=False)
    if len(got) > len(out) or any(n not in (1, size) for n, size in sizes):
        raise ShapeError(f"{name}: out= has shape {out}, the result has shape {got}")


def copyto(dst: Any, src: Any, casting: Any = "same_kind", where: Any = True) -> None:
    """Write into an array, where a mask says so."""
    deliver("np.copyto", src if hasattr(src, "dtype") else np.asarray(src), dst, where, casting)


def put(a: Any, ind: Any, v: Any, mode: Any = "raise") -> None:
    """Write to positions in the raveled array."""
    _written(np.put, a, v, lambda into, values: np.put(into, plain(ind), values, mode))


def place(arr: Any, mask: Any, vals: Any) -> None:
    """Write values one after the other where a mask says so."""
    _written(np.place, arr, vals, lambda into, values: np.place(into, plain(mask), values))


def putmask(a: Any, mask: Any, values: Any) -> None:
    """Write where a mask says so, each element what stands at its position."""
    _written(np.putmask, a, values, lambda into, values: np.putmask(into, plain(mask), values))


def put_along_axis(arr: Any, indices: Any, values: Any, axis: int | None = -1) -> None:
    """Write to positions along an axis that differ from line to line."""
    _written(np.put_along_axis, arr, values, lambda into, vs: np.put_along_axis(into, plain(indices), vs, axis))


def fill_diagonal(a: Any, val: Any, wrap: bool = False) -> None:
    """Write to the main diagonal."""
    _written(np.fill_diagonal, a, val, lambda into, values: np.fill_diagonal(into, values, wrap))


def _written(function: Any, x: Any, values: Any, put: Callable[[Any, Any], None]) -> None:
    """Let NumPy write the positions of the values instead of the values, and read off which went where."""
    if not isinstance(x, Tensor):
        if tracked(values):
            raise into_array(f"np.{function.__name__}")
        put(x, plain(values))
        return
    taken = np.full(x.shape, -1)
    put(taken, np.arange(size(values)).reshape(shape(values)))
    mask = taken >= 0
    flat = ravel(values if isinstance(values, Tensor) else np.asarray(values))
    write(x, flat[taken[mask]], mask, f"np.{function.__name__}")


WRITERS: dict[Any, Callable[..., None]] = {
    getattr(np, writer.__name__): writer for writer in (copyto, put, place, putmask, put_along_axis, fill_diagonal)
}
"""What NumPy's functions that write do with tensors."""
