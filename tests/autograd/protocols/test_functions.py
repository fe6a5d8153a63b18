"""NumPy's names and order of arguments, for all functions; what runs on plain values; what is refused."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, signature
from typing import Any

import numpy as np
import pytest

from tapegrad import autograd, tensor
from tapegrad.autograd import MissingRuleError
from tapegrad.autograd.protocols import OPERATIONS
from tapegrad.autograd.protocols.finding import found
from tapegrad.autograd.protocols.signatures import translation
from tapegrad.autograd.protocols.writing import WRITERS

from .overridable import OVERRIDABLE

X = np.array([[1.0, 2.0], [3.0, 4.0]])
OURS = {name: f for name, f in OVERRIDABLE.items() if found(f) is not None and not isinstance(f, np.ufunc)}


def leaf(x: Any) -> Any:  # for what NumPy's stubs do not know
    return tensor(x, requires_grad=True)


@pytest.mark.parametrize(
    "call",
    [
        lambda x: np.sum(a=x, axis=0),
        lambda x: np.sum(x, 0, None, None, True),
        lambda x: np.mean(x, 1, None, None),
        lambda x: np.transpose(a=x),
        lambda x: np.clip(a=x, a_min=1, a_max=2),
        lambda x: np.clip(x, 1, None, None),
        lambda x: np.clip(x, min=2),
        lambda x: np.clip(x, max=2, min=1.5),
        lambda x: np.tensordot(x, b=x, axes=1),
        lambda x: np.real(val=x),
        lambda x: np.sinc(x=x),
        lambda x: np.round(a=x, decimals=1),
        lambda x: np.diag(v=x, k=1),
        lambda x: np.expand_dims(axis=0, a=x),
        lambda x: np.repeat(x, axis=1, repeats=2),
        lambda x: np.fliplr(m=x),
        lambda x: np.dot(b=x, a=x),
        lambda x: np.concatenate((x, x), axis=1),
        lambda x: np.linalg.norm(ord=1, x=x),
        lambda x: np.copy(x, subok=True),
        lambda x: np.around(x, 1, None),
        lambda x: np.take(indices=[0], a=x, axis=1),
        lambda x: np.split(ary=x, indices_or_sections=2)[0],
        lambda x: np.atleast_3d(x, x)[0],
        lambda x: np.meshgrid(x[0], x[1], indexing="ij")[0],
    ],
)
def test_numpys_names_and_order_of_arguments(call: Callable[[Any], Any]) -> None:
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    y = call(leaf(x))
    assert y.requires_grad
    np.testing.assert_array_equal(y.numpy(), call(x))


NOT_TAKEN: dict[str, set[str]] = {"array": {"ndmax"}, "reshape": {"copy"}}
"""Arguments of NumPy's that ours do not have; a value other than NumPy's default is refused."""


@pytest.mark.parametrize("name", OURS)
def test_arguments_are_numpys(name: str) -> None:
    """Each argument of NumPy's, by position or by name, is one of ours."""
    function = OVERRIDABLE[name]
    operation = found(function)
    assert operation is not None
    names = translation(function, operation)
    if names.open or OVERRIDABLE[name] in WRITERS:
        return
    theirs = [p.name for p in signature(function).parameters.values() if p.kind is not Parameter.VAR_KEYWORD]
    lacking = set(theirs) - set(names.ours) - {"out", "subok", "like", "device"}
    lacking -= {p.name for p in signature(function).parameters.values() if p.kind is Parameter.VAR_POSITIONAL}
    assert lacking == NOT_TAKEN.get(name, set())


def test_arguments_that_we_lack_are_refused() -> None:
    with pytest.raises(MissingRuleError, match=r"np\.reshape with copy= has no derivative here; use it without"):
        np.reshape(leaf(X), 4, copy=True)


def test_both_routes_are_one_operation() -> None:
    assert OPERATIONS[np.abs] is autograd.abs
    assert found(np.linalg.det) is autograd.linalg.det
    assert found(np.fft.fft) is autograd.fft.fft
    for function, operation in OPERATIONS.items():
        if getattr(function, "__module__", None) == "numpy":
            assert getattr(autograd, function.__name__, operation) is operation


def test_untracked_tensors_go_through_what_we_lack() -> None:
    x: Any = tensor([3.0, 1.0, 3.0])
    histogram: Any = np.histogram
    counts, edges = histogram(x, 2)
    assert counts.numpy().tolist() == [1, 2]
    assert edges.numpy().tolist() == [1, 2, 3]
    assert not edges.requires_grad
    assert np.emath.sqrt(-x[1:2]).numpy().tolist() == [1j]


def test_the_nearest_is_near() -> None:
    with pytest.raises(MissingRuleError, match=r"np\.lib\.scimath\.sqrt .*; the nearest that has one is np\.sqrt, or"):
        np.emath.sqrt(leaf(X))
    with pytest.raises(MissingRuleError, match=r"np\.unique_values has no derivative here; use np\.unique, or"):
        np.unique_values(leaf(X))
    with pytest.raises(MissingRuleError, match=r"np\.save has no derivative here; store t\.detach\(\), or"):
        np.save("file", leaf(X))
