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


class Joined(nn.Module):
    """A module with two weights of one name, which do not fit."""

    def __init__(self) -> None:
        self.a, self.b = nn.Linear(4, 4), nn.Linear(5, 4)

    def forward(self, _x: Any) -> Any:
        return np.concatenate([self.a.weight, self.b.weight])


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
    "item": lambda: X.item(),
    "truth": lambda: bool(X),
    "write": lambda: X.__setitem__(0, 1.0),
    "missing": lambda: np.roots(X[0]),
    "vmap": lambda: autograd.vmap(float)(X[0]),
    "layer": lambda: nn.Linear(3, 4)(X),
    "channels": lambda: nn.BatchNorm2d(3)(tensor(np.ones((2, 4, 3, 3)))),
    "recurrent": lambda: nn.LSTM(3, 4)(X),
    "transform": lambda: np.fft.fft(X, axis=5),
    "cut": lambda: np.split(X, 2, axis=4),
    "pad": lambda: np.pad(X, ((1, 2, 3),)),
    "move": lambda: np.roll(X, 1, axis=5),
    "method": lambda: X.argmax(axis=5),
    "at": lambda: np.add.at(X * 1, 99, 1.0),
    "ufunc's": lambda: np.add.reduce(X, axis=9),
    "table": lambda: nn.functional.embedding(np.array([0, 9]), X),
    "probability": lambda: nn.Dropout(0.5).forward(X) + nn.functional.dropout(X, 2.0),
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


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: np.fft.fft(X, axis=5), "in np.fft.fft(x (3, 4), axis=5)"),
        (lambda: np.choose([0, 5], [X, np.ones(2)]), "in np.choose([0, 5], [x (3, 4), array (2,)])"),
        (lambda: nn.Sequential(Joined())(X), "concatenate: 0.a.weight (4, 4), 0.b.weight (4, 5), axis=0"),
        (lambda: X.diagonal(axis1=7), "in diagonal(x (3, 4), axis1=7)"),
        (lambda: nn.functional.dropout(X, 2.0), "in dropout(x (3, 4), 2.0)"),
        (lambda: nn.Embedding(3, 2)(np.array([4])), "in embedding(array (1,), weight (3, 2), None, None, 2.0)"),
        (lambda: np.histogram(X), "in np.histogram(x (3, 4)), called at"),
    ],
)
def test_an_error_says_what_it_was_given(call: Callable[[], Any], said: str) -> None:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - of whatever type
        call()
    assert said in "\n".join(caught.value.__notes__)


def test_functions_that_say_it_are_what_their_modules_have() -> None:
    dropout = nn.functional.dropout
    assert vars(sys.modules[dropout.__module__])["dropout"] is dropout  # or processes could not be sent them


@pytest.mark.parametrize("kind", KINDS)
def test_each_is_one_of_pythons_own_too_and_travels(kind: type[Exception]) -> None:
    error = kind("what"); line = sys._getframe().f_lineno  # fmt: skip # noqa: E702
    assert error.__notes__ == [f"called at test_errors.py:{line}"]
    assert any(base.__module__ == "builtins" and base is not Exception for base in kind.__mro__[1:-3])
    assert copy.copy(error).__notes__ == error.__notes__


def test_a_message_that_says_it_has_no_note() -> None:
    assert not hasattr(ShapeError("called at train.py:3"), "__notes__")
    assert GraphError().__notes__
