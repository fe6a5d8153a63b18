"""The one table that gives Tensor its operators and methods. methods.pyi declares them for type checkers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import update_wrapper
from typing import Any

from .errors import GraphError
from .graph import Leaf
from .mode import is_grad_enabled
from .ops import arithmetic, comparing, complex, indexing, powers, products, reducing, selecting, shaping
from .reverse import backward
from .tensor import Tensor

__all__ = ["METHODS", "bind"]


def _reflected(operation: Callable[..., Any]) -> Callable[..., Any]:
    def method(self: Tensor, other: Any) -> Any:
        return operation(other, self)

    return update_wrapper(method, operation)


def _in_place(operation: Callable[..., Any]) -> Callable[..., Any]:
    def method(self: Tensor, other: Any) -> Any:
        if not isinstance(self.node, Leaf):
            return operation(self, other)  # a new tensor takes the name
        if is_grad_enabled():
            raise GraphError(
                f"in-place {operation.__name__}: this tensor is a leaf that requires a gradient, and would no "
                "longer be the leaf that it is; write `with no_grad():` around it, or use t.data"
            )
        self.data = operation(self, other).numpy()
        return self

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
    "__iadd__": _in_place(arithmetic.add),
    "__isub__": _in_place(arithmetic.subtract),
    "__imul__": _in_place(arithmetic.multiply),
    "__itruediv__": _in_place(arithmetic.divide),
    "__ifloordiv__": _in_place(arithmetic.floor_divide),
    "__imod__": _in_place(arithmetic.mod),
    "__ipow__": _in_place(powers.power),
    "__imatmul__": _in_place(products.matmul),
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
    "cumsum": reducing.cumsum,
    "diagonal": indexing.diagonal,
    "dot": products.dot,
    "flatten": shaping.ravel,
    "max": reducing.max,
    "mean": reducing.mean,
    "min": reducing.min,
    "nonzero": comparing.nonzero,
    "prod": reducing.prod,
    "ravel": shaping.ravel,
    "repeat": shaping.repeat,
    "reshape": _reshape,
    "round": arithmetic.round,
    "squeeze": shaping.squeeze,
    "std": reducing.std,
    "sum": reducing.sum,
    "swapaxes": shaping.swapaxes,
    "take": indexing.take,
    "trace": indexing.trace,
    "transpose": _transpose,
    "var": reducing.var,
}


def bind() -> None:
    """Give Tensor the methods of the table."""
    for name, method in METHODS.items():
        setattr(Tensor, name, method)
