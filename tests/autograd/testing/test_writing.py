"""check_grads finds rules and functions that write into what is not theirs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tapegrad import Tensor, autograd
from tapegrad.autograd.testing import GradientError, check_grads

from .rules import X, cube, product


def test_a_rule_that_writes_into_its_cotangent() -> None:
    def rule(g: Any, _y: Any, x: Any) -> Any:
        if isinstance(g, Tensor):
            return 3 * g * x * x
        g *= 3 * x * x
        return g

    with pytest.raises(GradientError, match="a rule changed cotangent 0, order 1"):
        check_grads(cube(rule), X, order=1)


def test_a_rule_that_writes_into_its_output() -> None:
    def rule(g: Any, y: Any, x: Any) -> Any:
        if isinstance(y, np.ndarray):
            y *= 0
        return 3 * g * x * x

    with pytest.raises((GradientError, ValueError), match=r"changed result 0|read-only"):
        check_grads(cube(rule), X, order=1)


def test_a_rule_that_writes_into_its_input() -> None:
    def rule(g: Any, _y: Any, x: Any) -> Any:
        x *= 1
        return 3 * g * x * x

    with pytest.raises(ValueError, match="read-only"):
        check_grads(cube(rule), X, order=1)


def test_a_rule_that_forces_its_way_into_its_input() -> None:
    def rule(g: Any, _y: Any, x: Any) -> Any:
        gx = 3 * g * x * x
        if isinstance(x, np.ndarray):
            x.setflags(write=True)
            x += 1
        return gx

    with pytest.raises(GradientError, match="a rule or the function changed argument 0, order 1"):
        check_grads(cube(rule), X.copy(), order=1)


def test_a_function_that_writes_into_its_argument() -> None:
    def f(x: Tensor) -> Tensor:
        y = x * x
        values = x.numpy().base
        assert values is not None
        values.setflags(write=True)
        values *= 2
        return y

    with pytest.raises(GradientError, match="changed argument 0"):
        check_grads(f, X.copy(), order=1)


def test_rules_that_share_a_buffer() -> None:
    buffer = np.empty(3)

    def into_buffer(g: Any, other: Any) -> Any:
        return g * other if isinstance(g, Tensor) else np.multiply(g, other, out=buffer)

    wrong = product(lambda g, _y, _x1, x2: into_buffer(g, x2), lambda g, _y, x1, _x2: into_buffer(g, x1))
    with pytest.raises((GradientError, ValueError), match=r"argument|read-only"):
        check_grads(wrong, X, X + 1, order=1)


def test_a_gradient_that_can_be_written_to_and_is_also_somewhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine copies on write; were it to stop, the check would tell."""
    monkeypatch.setattr(Tensor, "data", property(writable))
    with pytest.raises(GradientError, match="writing into the gradient of argument 0 changed that of argument 1"):
        check_grads(autograd.add, X, X, order=1)


def writable(t: Tensor) -> Any:
    t._data.setflags(write=True)
    return t._data
