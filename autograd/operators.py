"""The one table that gives Tensor its operators and methods. methods.pyi declares them for type checkers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import update_wrapper
from typing import Any

import numpy as np

from .diagnosis import located
from .inplace import augmented, setitem, write
from .ops import (
    accumulating,
    arithmetic,
    comparing,
    complex,
    extrema,
    indexing,
    powers,
    products,
    reducing,
    selecting,
    shaping,
    statistics,
)
from .reverse import backward
from .tensor import Tensor

__all__ = ["METHODS", "bind"]


def _reflected(operation: Callable[..., Any]) -> Callable[..., Any]:
    def method(self: Tensor, other: Any) -> Any:
        return operation(other, self)

    return update_wrapper(method, operation)


def _comparison(operation: Callable[..., Any]) -> Callable[..., Any]:
    def method(self: Tensor, other: Any) -> Any:
        return NotImplemented if other is None or isinstance(other, str) else operation(self, other)

    return update_wrapper(method, operation)


def _reshape(self: Tensor, *shape: Any, order: str = "C") -> Any:
    return shaping.reshape(self, shape[0] if len(shape) == 1 else shape, order)


def _transpose(self: Tensor, *axes: Any) -> Any:
    if not axes or axes[0] is None:
        return shaping.transpose(self)
    return shaping.transpose(self, axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes)


def _flatten(self: Tensor, order: str = "C") -> Any:
    return shaping.copy(shaping.ravel(self, order))  # ravel alone may be a view


def _fill(self: Tensor, value: Any) -> None:
    write(self, value, name="fill")


def _put(self: Tensor, ind: Any, v: Any, mode: Any = "raise") -> None:
    np.put(self, ind, v, mode)  # type: ignore[arg-type]


def _sort(self: Tensor, axis: int = -1) -> None:
    write(self, indexing.take_along_axis(self, comparing.argsort(self, axis), axis), name="sort")


def _partition(self: Tensor, kth: Any, axis: int = -1) -> None:
    write(self, indexing.take_along_axis(self, np.argpartition(self.numpy(), kth, axis), axis), name="partition")


def _iterate(self: Tensor) -> Iterator[Tensor]:
    if self.ndim == 0:
        raise TypeError("iteration over a 0-d tensor")
    return (self[i] for i in range(len(self)))


def _in(self: Tensor, value: Any) -> bool:
    return bool((self.numpy() == (value.numpy() if isinstance(value, Tensor) else value)).any())


def _divmod(self: Any, other: Any) -> tuple[Any, Any]:
    return arithmetic.floor_divide(self, other), arithmetic.mod(self, other)


METHODS: dict[str, Any] = {
    "__add__": arithmetic.add,
    "__radd__": _reflected(arithmetic.add),
    "__sub__": arithmetic.subtract,
    "__rsub__": _reflected(arithmetic.subtract),
    "__mul__": arithmetic.multiply,
    "__rmul__": _reflected(arithmetic.multiply),
    "__truediv__": arithmetic.divide,
    "__rtruediv__": _reflected(arithmetic.divide),
    "__floordiv__": arithmetic.floor_divide,
    "__rfloordiv__": _reflected(arithmetic.floor_divide),
    "__mod__": arithmetic.mod,
    "__rmod__": _reflected(arithmetic.mod),
    "__divmod__": _divmod,
    "__rdivmod__": _reflected(_divmod),
    "__pow__": powers.power,
    "__rpow__": _reflected(powers.power),
    "__matmul__": products.matmul,
    "__rmatmul__": _reflected(products.matmul),
    "__iadd__": augmented(arithmetic.add),
    "__isub__": augmented(arithmetic.subtract),
    "__imul__": augmented(arithmetic.multiply),
    "__itruediv__": augmented(arithmetic.divide),
    "__ifloordiv__": augmented(arithmetic.floor_divide),
    "__imod__": augmented(arithmetic.mod),
    "__ipow__": augmented(powers.power),
    "__imatmul__": augmented(products.matmul),
    "__iand__": augmented(comparing.bitwise_and),
    "__ior__": augmented(comparing.bitwise_or),
    "__ixor__": augmented(comparing.bitwise_xor),
    "__neg__": arithmetic.negative,
    "__pos__": arithmetic.positive,
    "__abs__": complex.absolute,
    "__round__": arithmetic.round,
    "__eq__": _comparison(comparing.equal),
    "__ne__": _comparison(comparing.not_equal),
    "__lt__": _comparison(comparing.less),
    "__le__": _comparison(comparing.less_equal),
    "__gt__": _comparison(comparing.greater),
    "__ge__": _comparison(comparing.greater_equal),
    "__and__": comparing.bitwise_and,
    "__rand__": _reflected(comparing.bitwise_and),
    "__or__": comparing.bitwise_or,
    "__ror__": _reflected(comparing.bitwise_or),
    "__xor__": comparing.bitwise_xor,
    "__rxor__": _reflected(comparing.bitwise_xor),
    "__invert__": comparing.invert,
    "__getitem__": indexing.getitem,
    "__setitem__": setitem,
    "__iter__": _iterate,
    "__contains__": _in,
    "T": property(shaping.transpose),
    "mT": property(shaping.matrix_transpose),
    "real": property(complex.real),
    "imag": property(complex.imag),
    "all": comparing.all,
    "any": comparing.any,
    "argmax": comparing.argmax,
    "argmin": comparing.argmin,
    "argsort": comparing.argsort,
    "astype": shaping.astype,
    "backward": backward,
    "clip": selecting.clip,
    "conj": complex.conj,
    "conjugate": complex.conj,
    "copy": shaping.copy,
    "cumprod": accumulating.cumprod,
    "cumsum": accumulating.cumsum,
    "diagonal": indexing.diagonal,
    "dot": products.dot,
    "fill": _fill,
    "flatten": _flatten,
    "max": extrema.max,
    "mean": reducing.mean,
    "min": extrema.min,
    "nonzero": comparing.nonzero,
    "partition": _partition,
    "prod": accumulating.prod,
    "put": _put,
    "ravel": shaping.ravel,
    "repeat": shaping.repeat,
    "reshape": _reshape,
    "round": arithmetic.round,
    "sort": _sort,
    "squeeze": shaping.squeeze,
    "std": statistics.std,
    "sum": reducing.sum,
    "swapaxes": shaping.swapaxes,
    "take": indexing.take,
    "trace": indexing.trace,
    "transpose": _transpose,
    "var": statistics.var,
}


def bind() -> None:
    """Give Tensor the methods of the table."""
    for name, method in METHODS.items():
        explained = isinstance(method, property) or hasattr(method, "primitive")
        setattr(Tensor, name, method if explained else located(method))
