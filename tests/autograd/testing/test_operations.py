"""check_operation, check_complex_step and property_test fail on what is wrong, and say how to see it again."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from tapegrad import Tensor, autograd
from tapegrad.autograd import elementwise, primitive
from tapegrad.autograd.testing import GradientError, check_complex_step, check_operation, property_test
from tapegrad.autograd.testing.strategies import POSITIVE, REAL, distinct_arrays

from .rules import X, cube

RIGHT = cube(lambda g, _y, x: 3 * g * x * x)


def test_a_right_operation_passes() -> None:
    check_operation(RIGHT, X, reference=lambda x: x**3, analytic=lambda x: x**3, order=4)
    check_operation(RIGHT, X.astype(np.float32), reference=lambda x: x * x * x)
    check_operation(lambda x, n: autograd.reshape(x, n), X, (3, 1), reference=np.reshape)
    check_operation(lambda x: autograd.split(x, 3), X, reference=lambda x: np.split(x, 3))


@pytest.mark.parametrize(
    ("operation", "reference", "message"),
    [
        (RIGHT, lambda x: x**3 * (1 + 1e-9), r"the result is np\.array.*the reference's np\.array"),
        (RIGHT, lambda x: (x**3).astype(np.float32), r"float64\[3\], the reference's float32\[3\]\n    argument 0 = "),
        (RIGHT, lambda x: x**3 + np.zeros((2, 1)), r"float64\[3\], the reference's float64\[2, 3\]"),
        (lambda x: x.numpy() ** 3, lambda x: x**3, r"the result is array\(.*expected a tensor"),
        (cube(lambda g, _y, x: 3.003 * g * x * x), lambda x: x**3, "argument 0, order 1"),
        (lambda x: [x, 2 * x], lambda x: [x, x], "result 1 is"),
    ],
)
def test_a_wrong_one_does_not(operation: Any, reference: Any, message: str) -> None:
    with pytest.raises(GradientError, match=message):
        check_operation(operation, X, reference=reference)


def test_one_that_writes_into_its_argument() -> None:
    def operation(x: Tensor) -> Tensor:
        memory = x.numpy().base
        assert memory is not None
        memory.setflags(write=True)
        memory += 1
        return x * 1

    with pytest.raises(GradientError, match="argument 0 was changed: it was"):
        check_operation(operation, X.copy())


def test_one_that_no_complex_step_confirms() -> None:
    wrong = cube(lambda g, _y, x: 3 * g * x * x * (1 + 1e-10))  # too little for differences to see
    check_operation(wrong, X, reference=lambda x: x**3, order=1)
    with pytest.raises(GradientError, match=r"reverse mode gives .* a complex step .*\n    np\.array"):
        check_operation(wrong, X, analytic=lambda x: x**3, order=1)
    with pytest.raises(GradientError, match="complex step"):
        check_complex_step(wrong, X)
    check_complex_step(RIGHT, X)
    check_complex_step(np.hypot, X, X + 1, analytic=lambda x, y: np.sqrt(x * x + y * y))


@property_test(POSITIVE, reference=np.log, analytic=np.log)
def test_as_a_decorator(x: Any) -> Any:
    """A logarithm."""
    return np.log(x)


test_as_a_function = property_test(REAL, REAL, reference=np.multiply, complex=True)(autograd.multiply)
test_with_strategies = property_test(distinct_arrays(dtype="float64"), st.integers(0, 3), reference=np.roll)(np.roll)


def test_the_function_stays_at_hand() -> None:
    assert test_as_a_decorator.operation(4.0) == np.log(4.0)  # type: ignore[attr-defined]
    assert test_as_a_decorator.__name__ == "test_as_a_decorator"
    assert test_as_a_decorator.__doc__ == "A logarithm."


@elementwise
def clumsy(x: Any) -> Any:
    return np.sin(x)


clumsy.defvjp(lambda g, _y, x: g * np.cos(x) if x.ndim < 2 else 1.01 * g * np.cos(x))


@property_test(REAL, reference=np.sin)
def clumsy_sine(x: Any) -> Any:
    return clumsy(x)


def test_a_failure_is_a_program_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(GradientError, match="argument 0, order 1") as caught:
        clumsy_sine()
    [note] = [note for note in caught.value.__notes__ if "The smallest arguments" in note]
    program = note.partition("\n    \n")[2].replace("\n    ", "\n").strip()
    found = re.search(r"x0 = np\.array\((\[\[.*\]\]), np\.float\d+\)", program)
    assert found, program
    assert np.size(eval(found[1])) == 1  # noqa: S307 - the smallest with two axes
    monkeypatch.setitem(sys.modules, __name__, sys.modules[__name__])
    with pytest.raises(GradientError, match="argument 0, order 1"):
        exec(program, {})  # noqa: S102


clumsy_by_another_name = property_test(REAL, reference=np.sin)(clumsy)


def test_the_program_imports_the_test_by_the_name_that_it_has() -> None:
    with pytest.raises(GradientError) as caught:
        clumsy_by_another_name()
    text = "\n".join(caught.value.__notes__)
    assert f"from {__name__} import clumsy_by_another_name" in text
    assert "clumsy_by_another_name.check(x0)" in text


def test_the_program_tells_how_arrays_lie_in_memory() -> None:
    @property_test(distinct_arrays((2, 3)), st.just(1), reference=np.roll, max_examples=200)
    def wrong(x: Any, n: int) -> Any:
        return np.roll(x, n) if x.numpy().flags.c_contiguous else np.roll(x, n + 1)

    with pytest.raises(GradientError) as caught:
        wrong()
    text = "\n".join(caught.value.__notes__)
    assert re.search(r"x0 = np\.array.*  # in memory with strides \(", text)
    assert "x1 = 1" in text
    assert "wrong.check(x0, x1)" in text


def _not_called(_: Any) -> None:
    raise AssertionError


@pytest.mark.parametrize("arguments", [(), (POSITIVE, st.integers()), (1.0,)])
def test_arguments_that_cannot_be_drawn(arguments: tuple[Any, ...]) -> None:
    with pytest.raises(TypeError, match="property_test: expected a Domain for each argument, or a strategy for each"):
        property_test(*arguments)(_not_called)


def test_an_error_in_the_operation_is_shown_with_its_arguments() -> None:
    @primitive
    def broken(x: Any) -> Any:
        raise ZeroDivisionError("as ever")

    test: Callable[[], None] = property_test(REAL)(broken)
    with pytest.raises(ZeroDivisionError) as caught:
        test()
    assert "x0 = np.array(" in "\n".join(caught.value.__notes__)
