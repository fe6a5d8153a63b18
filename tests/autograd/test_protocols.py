"""np.<name>(tensor) is our operation or an error: it never detaches silently, and never makes an array of objects."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from tapegrad import Tensor, tensor
from tapegrad.autograd import DetachError, DTypeError, MissingRuleError
from tapegrad.autograd.protocols.finding import found

# What asks about a tensor, or takes it for a sequence or a number of its own accord, and loses no gradient.
HARMLESS = {
    "iterable", "isscalar", "isfortran", "iscomplexobj", "isrealobj", "issubdtype", "isdtype", "typename", "base_repr",
    "broadcast_shapes", "array2string", "array_repr", "array_str",
}  # fmt: skip
NO_COMPUTATION = {
    "errstate", "geterr", "seterr", "seterrcall", "geterrcall", "setbufsize", "getbufsize", "set_printoptions",
    "get_printoptions", "printoptions", "get_include", "info", "show_config", "show_runtime", "save", "savez",
    "savez_compressed", "savetxt", "load", "loadtxt", "fromfile", "genfromtxt", "memmap", "test",
}  # fmt: skip


def functions(module: Any) -> list[tuple[str, Callable[..., Any]]]:
    return [
        (f"{module.__name__}.{name}", getattr(module, name))
        for name in sorted(vars(module))
        if not name.startswith("_") and callable(getattr(module, name)) and name not in NO_COMPUTATION
    ]


EVERYTHING = [
    pytest.param(function, id=name)
    for module in (np, np.linalg, np.fft, np.polynomial.polynomial, np.emath)
    for name, function in functions(module)
    if not (isinstance(function, type) and issubclass(function, BaseException | type))
]


def leaf(x: Any, name: str | None = None) -> Tensor:
    return tensor(x, requires_grad=True, name=name)


def parts(result: Any) -> list[Any]:
    if isinstance(result, (list, tuple)):
        return [part for each in result for part in parts(each)]
    return [result]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("function", EVERYTHING)
def test_nothing_of_numpy_detaches(function: Callable[..., Any]) -> None:
    """Call every function with one, two, three tensors: what comes back is ours, or without values, or it raises."""
    name = getattr(function, "__name__", "")
    ours = found(function)
    for values, count in itertools.product((2.5, [[4.0, 1.0], [1.0, 3.0]]), (1, 2, 3)):
        for arguments in ([leaf(values) for _ in range(count)], [[leaf(values), leaf(values)]] * count):
            try:
                result = function(*arguments)
            except Exception:  # any error is an answer
                continue
            for part in parts(result):
                assert not (isinstance(part, np.ndarray) and part.dtype.hasobject), "an array of objects"
                carries_values = isinstance(part, (np.ndarray, np.generic, float, complex)) and np.size(part) > 0
                if carries_values and ours is None and name not in HARMLESS:
                    assert np.asarray(part).dtype.kind not in "fc", f"{name} detached"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda t: float(t), r"float\(t\).*t\.item\(\)"),
        (lambda t: int(t), r"int\(t\)"),
        (lambda t: complex(t), r"complex\(t\)"),
        (lambda t: math.sin(t), r"float\(t\): the tensor is tracked \(x\), and its gradient would silently be lost"),
        (lambda t: np.asarray(t), r"np\.asarray\(t\).*t\.numpy\(\).*t\.detach\(\)"),
        (lambda t: np.array([t, 1.0]), "tracked"),
        (lambda t: np.float64(t), "tracked"),
        (lambda t: np.full(2, t), "tracked|np.copyto"),
        (lambda t: np.ones(2).__setitem__(slice(None), t), "tracked"),
        (lambda t: np.random.default_rng(0).normal(t), "tracked"),
        (lambda t: range(t), "tracked"),
        (lambda t: tensor(t * 2), r"tensor\(t\): the tensor is tracked \(a result of multiply\).*t \+ 0 to stay"),
        (lambda t: tensor([t, t]), "tracked"),
    ],
)
def test_what_would_lose_the_gradient_raises(call: Callable[[Tensor], Any], message: str) -> None:
    with pytest.raises((DetachError, MissingRuleError), match=message):
        call(leaf(2.0, name="x"))


def test_an_untracked_tensor_is_as_good_as_an_array() -> None:
    t = tensor(2.0)
    assert float(t) == math.sqrt(t * 2) == int(t) == complex(t) == 2
    assert np.asarray(t).shape == ()
    assert list(range(tensor(2))) == [0, 1]
    np.testing.assert_allclose(tensor([1.0, 2.0]), [1, 2])


def test_values_are_always_to_be_had() -> None:
    t = leaf(2.0) * 1
    assert t.item() == 2.0
    assert t.numpy() == 2.0
    assert float(t.detach()) == 2.0
    assert f"{t:.2f}" == "2.00"


@pytest.mark.parametrize("operand", [np.array([1, 2], object), [None, 1]])
def test_objects_are_no_numbers(operand: Any) -> None:
    with pytest.raises((DTypeError, TypeError)):
        leaf([1.0, 2.0]) * operand
    half: Any = Fraction(1, 2)
    with pytest.raises(DTypeError, match=r"multiply: .*Python objects; pass numbers or arrays"):
        leaf([1.0]) * half
