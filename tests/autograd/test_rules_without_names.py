"""Rules whose arguments have no names to read, and functions that cannot be primitives."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from tapegrad import tensor
from tapegrad.autograd import elementwise, primitive


def by_left(scale: float, g: Any, y: Any, a: Any, b: Any) -> Any:
    return scale * g * b


class Rules:
    def by_left(self, g: Any, y: Any, a: Any, b: Any) -> Any:
        return g * b


@pytest.mark.parametrize("rule", [partial(by_left, 1.0), Rules().by_left, lambda g, *rest: g * rest[2]])
def test_everything_is_kept_for_them(rule: Callable[..., Any]) -> None:
    @elementwise
    def product(a: Any, b: Any) -> Any:
        return a * b

    product.defvjp(rule, lambda g, _y, a, _b: g * a)
    a, b = tensor([2.0, 3.0], requires_grad=True), tensor([5.0, 7.0], requires_grad=True)
    product(a, b).sum().backward()
    assert a.grad is not None
    assert b.grad is not None
    assert a.grad.numpy().tolist() == [5.0, 7.0]
    assert b.grad.numpy().tolist() == [2.0, 3.0]


@pytest.mark.parametrize(
    "function", [np.linalg.det, partial(np.sum, axis=0), len, np.frompyfunc(lambda a, b, c: a, 3, 1)]
)
def test_what_is_no_function_is_refused(function: Any) -> None:
    with pytest.raises(TypeError, match=r"primitive: expected a Python function.*write a function that calls it"):
        primitive(function)
