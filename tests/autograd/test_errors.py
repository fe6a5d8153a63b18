"""Whatever the engine refuses, it says where in the user's program."""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tapegrad import autograd, nn, tensor
from tapegrad.autograd import errors
from tapegrad.autograd.errors import GraphError, ShapeError

X = tensor(np.ones((3, 4)), requires_grad=True, name="x")
W = tensor(np.ones((5, 6)), requires_grad=True, name="w")
KINDS = [getattr(errors, name) for name in errors.__all__]

REFUSED: dict[str, Callable[[], Any]] = {
    "operands": lambda: X + W,
    "products": lambda: X @ W,
    "reshape": lambda: X.reshape(5, 5),
    "axis": lambda: X.sum(axis=7),
    "index": lambda: X[9],
    "join": lambda: np.stack([X, W]),
    "concatenate": lambda: np.concatenate([X, W]),
    "matrix": lambda: np.linalg.inv(X),
    "einsum": lambda: np.einsum("ij,jk", X, W),
    "backward": lambda: X.backward(),
    "grad": lambda: autograd.grad(lambda x: x * 2)(X),
    "float": lambda: float(X),
    "write": lambda: X.__setitem__(0, 1.0),
    "missing": lambda: np.roots(X[0]),
    "vmap": lambda: autograd.vmap(float)(X[0]),
    "layer": lambda: nn.Linear(3, 4)(X),
    "channels": lambda: nn.BatchNorm2d(3)(tensor(np.ones((2, 4, 3, 3)))),
    "recurrent": lambda: nn.LSTM(3, 4)(X),
    "labels": lambda: nn.functional.cross_entropy(X, np.array([0, 1, 9])),
}


@pytest.mark.parametrize("what", REFUSED)
def test_an_error_says_where(what: str) -> None:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - of whatever type
        REFUSED[what]()
    text = "\n".join([str(caught.value), *getattr(caught.value, "__notes__", [])])
    line = REFUSED[what].__code__.co_firstlineno
    assert f"called at test_errors.py:{line}" in text
    assert text.count("called at") == 1


@pytest.mark.parametrize("kind", KINDS)
def test_each_is_one_of_pythons_own_too_and_travels(kind: type[Exception]) -> None:
    error = kind("what"); line = sys._getframe().f_lineno  # fmt: skip # noqa: E702
    assert error.__notes__ == [f"called at test_errors.py:{line}"]
    assert any(base.__module__ == "builtins" and base is not Exception for base in kind.__mro__[1:-3])
    assert copy.copy(error).__notes__ == error.__notes__


def test_a_message_that_says_it_has_no_note() -> None:
    assert not hasattr(ShapeError("called at train.py:3"), "__notes__")
    assert GraphError().__notes__
