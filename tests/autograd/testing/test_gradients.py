"""check_grads is only worth something if it fails: here are rules that are wrong in every way that we know of."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tapegrad import Tensor, autograd, tensor
from tapegrad.autograd import primitive
from tapegrad.autograd.testing import GradientError, check_grads

from .rules import X, cube, product


def test_a_right_rule_passes_at_every_order() -> None:
    check_grads(cube(lambda g, _y, x: 3 * g * x * x), X, order=4)


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_a_rule_off_by_a_thousandth(size: int) -> None:
    x = np.linspace(0.5, 1.5, size)
    with pytest.raises(GradientError, match="argument 0, order 1"):
        check_grads(cube(lambda g, _y, x: 3.003 * g * x * x), x, order=1)


def test_a_rule_off_by_a_thousandth_in_one_element_of_many() -> None:
    def rule(g: Any, _y: Any, x: Any) -> Any:
        wrong = np.ones(x.shape)
        wrong[77] = 1.001
        return 3 * g * x * x * wrong

    with pytest.raises(GradientError, match="order 1"):
        check_grads(cube(rule), np.linspace(0.5, 1.5, 10_000), order=1)


def test_the_message_names_argument_order_and_values_and_can_be_pasted() -> None:
    wrong = product(lambda g, _y, _x1, x2: g * x2, lambda g, _y, x1, _x2: g * x1 * 1.001)
    with pytest.raises(GradientError) as caught:
        check_grads(wrong, X, X + 1, order=1)
    first, *lines = str(caught.value).splitlines()
    assert first.startswith("argument 1, order 1: along a random direction reverse mode gives ")
    by_rules, by_differences = first.replace(",", "").replace(";", "").split("gives ")[1].split(" differences give ")
    assert float(by_rules) == pytest.approx(1.001 * float(by_differences.split()[0]), rel=1e-9)
    shown = dict(line.strip().split(" = ") for line in lines if " = " in line)
    assert list(shown) == ["argument 0", "argument 1", "cotangent 0"]
    np.testing.assert_array_equal(pasted(shown["argument 1"]), X + 1)
    gradients = [pasted(line.split(":")[1].strip()) for line in lines if line.strip().startswith("gradient by")]
    np.testing.assert_allclose(gradients[1], pasted(shown["cotangent 0"]) * X, rtol=1e-9)
    np.testing.assert_allclose(gradients[0], gradients[1] * 1.001, rtol=1e-9)


def pasted(code: str) -> Any:
    return eval(code, {"np": np})  # noqa: S307 - that it is code is what we check


def test_large_arrays_are_described_only() -> None:
    with pytest.raises(GradientError) as caught:
        check_grads(cube(lambda g, _y, x: 3.003 * g * x * x), np.ones((100, 3)), order=1)
    assert "argument 0 = <np.float64 array of shape (100, 3)>" in str(caught.value)
    assert len(str(caught.value)) < 600


def test_a_wrong_second_derivative_alone() -> None:
    def rule(g: Any, _y: Any, x: Any) -> Any:
        x = x.detach() if isinstance(x, Tensor) else x
        return 3 * g * x * x

    check_grads(cube(rule), X, order=1)
    with pytest.raises(GradientError, match="argument 0, order 2"):
        check_grads(cube(rule), X, order=2)


def test_a_rule_that_forgets_to_pass_on_the_cotangents_derivative() -> None:
    def rule(g: Any, _y: Any, x: Any) -> Any:
        g = g.detach() if isinstance(g, Tensor) else g
        return 3 * g * x * x

    with pytest.raises(GradientError, match="cotangent 0 of order 1, order 2"):
        check_grads(cube(rule), X, order=2)


def test_a_wrong_third_derivative_alone() -> None:
    def second(g: Any, _y: Any, x: Any) -> Any:
        return 6 * g * (x.detach() if isinstance(x, Tensor) else x)

    @primitive
    def slope(x: Any) -> Any:
        return 3 * x * x

    slope.defvjp(second)
    wrong = cube(lambda g, _y, x: g * slope(x))
    check_grads(wrong, X, order=2)
    with pytest.raises(GradientError, match="argument 0, order 3"):
        check_grads(wrong, X, order=3)


def test_a_rule_that_gives_something_else_when_it_is_recorded() -> None:
    def rule(g: Any, _y: Any, x: Any) -> Any:
        return (3 if isinstance(g, Tensor) else 3.003) * g * x * x

    with pytest.raises(GradientError, match="order 1: a walk that is recorded gives something else"):
        check_grads(cube(rule), X, order=1)


def test_a_rule_that_works_in_float32() -> None:
    def rule(g: Any, _y: Any, x: Any) -> Any:
        return (3 * g * x * x).astype(np.float32)

    def check() -> None:
        for seed in range(3):  # the errors of a single direction may cancel by chance
            check_grads(cube(rule), X, order=1, seed=seed)

    with pytest.raises(GradientError, match="order 1"):
        check()


def test_a_rule_of_the_wrong_shape() -> None:
    with pytest.raises(autograd.ShapeError, match=r"rule of cube gave a gradient of shape \(1, 3\) to an input of"):
        check_grads(cube(lambda g, _y, x: (3 * g * x * x).reshape(1, -1)), X)


def test_a_function_that_detaches() -> None:
    with pytest.raises(GradientError, match="argument 0, order 1"):
        check_grads(lambda x: tensor(x.numpy()) * 2, X)
    with pytest.raises(GradientError, match=r"returned array.*no gradient passes through that"):
        check_grads(lambda x: x.numpy(), X)
    with pytest.raises(GradientError, match="returned a tensor of int64, which has no gradient"):
        check_grads(lambda x: np.argmax(x), X)


def test_a_kink_is_called_one() -> None:
    with pytest.raises(GradientError, match=r"differences disagree .* is f smooth within 4\.9e-04 of its arguments\?"):
        check_grads(np.abs, np.array([1e-4]))


def test_a_wrong_complex_rule() -> None:
    z = X + 1j
    check_grads(cube(lambda g, _y, x: 3 * g * x * x), z)
    with pytest.raises(GradientError, match="argument 0, order 1"):
        check_grads(cube(lambda g, _y, x: 3 * g * autograd.conj(x * x)), z)


def test_only_floating_and_complex_arguments_are_differentiated() -> None:
    check_grads(lambda x, n, label, i: x[i] ** n, X, 2, "label", np.array([0, 2, 2]))
    check_grads(lambda x, y: x * y, 0.5, np.float32(2))
    check_grads(lambda x, y: x * y, tensor(X, requires_grad=True), tensor(X[:1]))
    with pytest.raises(TypeError, match="expected floating or complex arguments, got 1, 2"):
        check_grads(lambda x, y: x * y, 1, 2)


def test_several_results_are_checked_together() -> None:
    check_grads(lambda x: (x * x, [x.sum()][0]), X)
    check_grads(lambda x: np.split(x, 3), X)
    with pytest.raises(GradientError, match="order 1"):
        check_grads(lambda x: (x * x, cube(lambda g, _y, x: 3.003 * g * x * x)(x)), X)


def test_constants_and_empty_arrays_pass() -> None:
    check_grads(lambda x: tensor(1.0), X)
    check_grads(np.exp, np.zeros((0, 3)))
