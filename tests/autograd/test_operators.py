"""Operators and methods of Tensor: those of ndarray, on either side, and declared for type checkers."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tapegrad import Tensor, autograd, tensor
from tapegrad.autograd.operators import METHODS

X = np.array([[1.5, -2.0, 0.5], [2.0, 3.0, -1.0]])
Y = np.array([2.0, 0.5, -1.5])

BINARY = [operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod]
METHOD_CALLS: dict[str, Callable[[Any], Any]] = {
    "T": lambda x: x.T,
    "mT": lambda x: x.mT,
    "real": lambda x: x.real,
    "imag": lambda x: x.imag,
    "all": lambda x: x.all(axis=0, keepdims=True),
    "any": lambda x: x.any(1),
    "argmax": lambda x: x.argmax(axis=1),
    "argmin": lambda x: x.argmin(),
    "argsort": lambda x: x.argsort(0),
    "astype": lambda x: x.astype(np.float32),
    "clip": lambda x: x.clip(-1, 2),
    "conj": lambda x: x.conj(),
    "conjugate": lambda x: x.conjugate(),
    "copy": lambda x: x.copy(),
    "cumprod": lambda x: x.cumprod(1),
    "cumsum": lambda x: x.cumsum(1),
    "diagonal": lambda x: x.diagonal(1),
    "dot": lambda x: x.dot(Y),
    "flatten": lambda x: x.flatten("F"),
    "max": lambda x: x.max(axis=(0, 1)),
    "mean": lambda x: x.mean(-1, keepdims=True),
    "min": lambda x: x.min(),
    "nonzero": lambda x: x.nonzero()[1],
    "prod": lambda x: x.prod(0),
    "ravel": lambda x: x.ravel(),
    "repeat": lambda x: x.repeat(2, axis=1),
    "reshape": lambda x: x.reshape(3, -1) + x.reshape((3, 2)) + x.reshape([3, 2], order="F"),
    "round": lambda x: x.round(1),
    "squeeze": lambda x: x[None].squeeze(0),
    "std": lambda x: x.std(0, ddof=1),
    "sum": lambda x: x.sum(axis=1, dtype=np.float64, keepdims=True),
    "swapaxes": lambda x: x.swapaxes(0, -1),
    "take": lambda x: x.take([0, 0], axis=1),
    "trace": lambda x: x.trace(1),
    "transpose": lambda x: x.transpose() + x.transpose(1, 0) + x.transpose((1, 0)) + x.transpose(None),
    "var": lambda x: x.var(),
    "__abs__": abs,
    "__divmod__": lambda x: divmod(x, Y),
    "__rdivmod__": lambda x: divmod(2.0, x),
    "__round__": lambda x: round(x, 1) if isinstance(x, Tensor) else x.round(1),
    "__neg__": operator.neg,
    "__pos__": operator.pos,
    "__getitem__": lambda x: x[1, ::-1],
    "__matmul__": lambda x: x @ Y,
    "__rmatmul__": lambda x: Y[:2] @ x,
    "__pow__": lambda x: abs(x) ** 2.5,
    "__rpow__": lambda x: 2.5**x,
}


def leaf(x: Any) -> Tensor:
    return tensor(x, requires_grad=True)


def same(got: Any, expected: Any) -> None:
    if isinstance(expected, tuple):
        for one, other in zip(got, expected, strict=True):
            same(one, other)
        return
    assert isinstance(got, Tensor) or isinstance(expected, np.ndarray)
    values = got.numpy() if isinstance(got, Tensor) else got
    np.testing.assert_allclose(values, expected, rtol=1e-15)
    assert values.dtype == np.asarray(expected).dtype


@pytest.mark.parametrize("operation", BINARY)
def test_operators_on_either_side(operation: Callable[[Any, Any], Any]) -> None:
    same(operation(leaf(X), leaf(Y)), operation(X, Y))
    same(operation(leaf(X), Y), operation(X, Y))
    same(operation(X, leaf(Y)), operation(X, Y))
    same(operation(leaf(X), 2), operation(X, 2))
    same(operation(2.5, leaf(X)), operation(2.5, X))
    same(operation(np.float32(2.5), leaf(X)), operation(np.float32(2.5), X))
    same(operation(leaf(X), [1.0, 2.0, 3.0]), operation(X, [1.0, 2.0, 3.0]))
    same(operation([1.0, 2.0, 3.0], leaf(X)), operation([1.0, 2.0, 3.0], X))


@pytest.mark.parametrize("name", METHOD_CALLS)
def test_methods_are_ndarrays(name: str) -> None:
    same(METHOD_CALLS[name](leaf(X)), METHOD_CALLS[name](X))


def test_every_method_is_called_somewhere() -> None:
    """Here, in test_in_place.py, ops/test_writing.py, ops/test_comparing.py (logic), or ops/test_indexing.py."""
    elsewhere = {"__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__invert__", "__iter__", "__contains__"}
    elsewhere |= {f"__{side}{name}__" for name in ("and", "or", "xor") for side in ("", "r", "i")} | {"backward"}
    elsewhere |= {"__setitem__", "fill", "partition", "put", "sort"}
    either_side = {
        f"__{side}{name}__" for name in ("add", "sub", "mul", "truediv", "floordiv", "mod") for side in ("", "r")
    }
    in_place = {f"__i{name}__" for name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul")}
    assert set(METHODS) - elsewhere - either_side - in_place == set(METHOD_CALLS)


def test_every_method_is_declared_for_type_checkers() -> None:
    stub = Path(autograd.__file__).with_name("methods.pyi").read_text(encoding="utf-8")
    declared = {
        node.name for node in ast.walk(ast.parse(stub)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert declared == {*METHODS, "__array_ufunc__", "__array_function__"}


@pytest.mark.parametrize("operation", [operator.add, operator.mul, operator.sub, operator.truediv, operator.pow])
@pytest.mark.parametrize("scalar", [2, 2.5, np.float32(2.5), True])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.complex64])
def test_python_numbers_are_weak(operation: Callable[[Any, Any], Any], scalar: Any, dtype: Any) -> None:
    x = np.array([1.0, 2.0], dtype)
    if operation is operator.sub and scalar is True:
        scalar = 1
    for left in (True, False):
        t = leaf(x)
        y = operation(scalar, t) if left else operation(t, scalar)
        assert y.dtype == (operation(scalar, x) if left else operation(x, scalar)).dtype
        y.sum().real.backward()
        assert t.grad is not None
        assert t.grad.dtype == dtype


def test_a_float64_scalar_of_numpy_is_strong_as_in_numpy() -> None:
    x = np.ones(2, np.float32)
    assert (leaf(x) * np.float64(2)).dtype == (x * np.float64(2)).dtype == np.float64
    assert (np.float64(2) * leaf(x)).dtype == np.float64


def test_pow_of_python() -> None:
    x: Any = leaf(X)
    same(pow(x, 2), X**2)
    with pytest.raises(TypeError):
        pow(x, 2, 3)


def test_pythons_sum_and_max() -> None:
    a, b = leaf(1.0), leaf(2.0)
    assert sum([a, b, b]).item() == 5  # type: ignore[union-attr]
    assert max(a, b) is b
    assert sorted([b, a]) == [a, b]


@pytest.mark.parametrize("other", ["a", None, object(), {}])
def test_what_is_no_number_is_a_type_error(other: Any) -> None:
    with pytest.raises(TypeError):
        leaf(X) + other
    with pytest.raises(TypeError):
        other * leaf(X)
