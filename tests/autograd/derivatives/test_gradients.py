"""grad, value_and_grad, elementwise_grad, vjp and stop_gradient: trees, argnums, aux, nesting, closures."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given

from tapegrad import Tensor, autograd, no_grad, tensor
from tapegrad.autograd import (
    DTypeError,
    GraphError,
    ShapeError,
    elementwise_grad,
    grad,
    stop_gradient,
    value_and_grad,
    vjp,
)
from tapegrad.autograd.testing import strategies as draw


def leaf(x: Any, **options: Any) -> Tensor:
    return tensor(x, requires_grad=True, **options)


def f(x: Any, y: Any) -> Any:
    return (x * x * y).sum()


def test_by_the_first_argument_unless_told() -> None:
    assert grad(f)(3.0, 2.0).item() == 12
    assert grad(f, 1)(3.0, 2.0).item() == 9
    assert grad(f, -1)(3.0, 2.0).item() == 9
    assert [g.item() for g in grad(f, (1, 0))(3.0, 2.0)] == [9, 12]
    assert len(grad(f, [0])(3.0, 2.0)) == 1


def test_value_comes_along() -> None:
    value, g = value_and_grad(f)(np.array([1.0, 2.0]), 3.0)
    assert value.item() == 15
    assert g.numpy().tolist() == [6, 12]
    assert not value.requires_grad


def test_aux_comes_along_outside_the_graph() -> None:
    def with_aux(x: Any) -> Any:
        return (x * x).sum(), {"doubled": x * 2, "list": [x, "text"], "number": 5}

    g, aux = grad(with_aux, has_aux=True)(np.array([1.0, 2.0]))
    assert g.numpy().tolist() == [2, 4]
    assert aux["number"] == 5
    assert np.asarray(aux["doubled"]).tolist() == [2, 4]
    assert np.asarray(aux["list"][0]).tolist() == [1, 2]
    (value, aux), g = value_and_grad(with_aux, has_aux=True)(np.array([1.0, 2.0]))
    assert float(value) == 5
    assert float(aux["doubled"][1]) == 4


def test_arrays_numbers_and_tensors_are_arguments() -> None:
    for x in (np.array([1.0, 2.0]), tensor([1.0, 2.0]), leaf([1.0, 2.0])):
        assert grad(lambda t: (t * t).sum())(x).numpy().tolist() == [2, 4]
    assert grad(lambda t: t * 2)(np.float32(1)).dtype == np.float32


def test_what_is_not_differentiated_is_passed_on_as_it_is() -> None:
    given_as: list[Any] = []

    def g(x: Any, *rest: Any, **options: Any) -> Any:
        given_as.extend([*rest, options])
        return x * 2

    array = np.ones(2)
    grad(g)(1.0, 2, "three", array, four=4)
    assert given_as[:2] == [2, "three"]
    assert given_as[2] is array
    assert given_as[3] == {"four": 4}


def test_the_name_and_docstring_stay() -> None:
    def documented(x: Any) -> Any:
        """Says something."""
        return x * 1

    for made in (grad(documented), value_and_grad(documented)):
        assert (made.__name__, made.__doc__) == ("documented", "Says something.")


def test_arguments_and_their_gradients_are_left_alone() -> None:
    x, array = leaf([1.0, 2.0]), np.array([1.0, 2.0])
    grad(lambda t: (t * t).sum())(x)
    assert x.grad is None
    grad(lambda t: (t * t).sum())(array)
    assert array.tolist() == [1, 2]
    assert array.flags.writeable


def test_an_argument_that_does_not_matter_has_gradient_zero() -> None:
    g = grad(lambda x, y: y * 2)(np.ones((2, 3), np.float32), tensor(1.0))
    assert g.shape == (2, 3)
    assert g.dtype == np.float32
    assert not g.numpy().any()


@pytest.mark.parametrize("order", range(1, 8))
def test_gradients_nest(order: int) -> None:
    def power(x: Any) -> Any:
        return x**7

    derivative = power
    for _ in range(order):
        derivative = grad(derivative)
    expected = np.prod([7 - i for i in range(order)]) * 1.5 ** (7 - order)
    assert derivative(1.5).item() == pytest.approx(expected)
    assert not derivative(1.5).requires_grad


def test_an_inner_function_may_use_an_outer_argument() -> None:
    """No confusion of perturbations: d/dx [x · d/dy (x + y)] = 1, and d/dx [x · d/dy (x y)] = 2x."""
    assert grad(lambda x: x * grad(lambda y: x + y)(1.0))(1.0).item() == 1
    assert grad(lambda x: x * grad(lambda y: x * y)(1.0))(3.0).item() == 6
    assert grad(lambda x: grad(lambda y: x * y * y)(x))(3.0).item() == pytest.approx(12)


def test_a_closure_over_a_tracked_tensor_keeps_the_gradient_tracked() -> None:
    w = leaf(3.0)
    value, g = value_and_grad(lambda x: w * x * x)(2.0)
    assert value.requires_grad
    assert g.requires_grad
    g.backward()  # d/dw of 2 w x
    assert w.grad is not None
    assert w.grad.item() == 4


def test_a_tracked_argument_keeps_the_gradient_tracked() -> None:
    x = leaf(2.0)
    g = grad(lambda t: t**3)(x * 1)
    g.backward()
    assert x.grad is not None
    assert x.grad.item() == 12


def test_nothing_is_recorded_where_nobody_asks() -> None:
    assert not grad(lambda t: t**3)(2.0).requires_grad
    with no_grad():
        assert not grad(lambda t: t**3)(leaf(2.0)).requires_grad


@pytest.mark.parametrize("result", [np.ones(2), 1.0, tensor([1.0, 2.0]), tensor(1), tensor(1j), None])
def test_only_a_real_scalar_has_a_gradient(result: Any) -> None:
    with pytest.raises(GraphError, match="grad: the function must return a real scalar tensor, got "):
        grad(lambda x: result)(1.0)


def test_integers_are_refused_wherever_they_stand() -> None:
    with pytest.raises(DTypeError, match="grad: argument 1 has dtype int64"):
        grad(f, (0, 1))(1.0, 2)
    with pytest.raises(DTypeError, match="vjp: argument 0 has dtype int64"):
        vjp(f, 1, 2.0)
    assert grad(f)(1.0, 2).item() == 4


def test_vjp_can_be_pulled_often() -> None:
    y, pull = vjp(lambda a, b: a @ b, np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]]))
    assert y.item() == 11
    for g in (1.0, 2.0):
        ga, gb = pull(np.array([[g]]))
        assert ga.numpy().tolist() == [[3 * g, 4 * g]]
        assert gb.numpy().tolist() == [[1 * g], [2 * g]]
    with pytest.raises(
        autograd.ShapeError, match="the cotangent of the output has shape \\(3,\\), but the output has \\(1, 1\\)"
    ):
        pull(np.ones(3))
    with pytest.raises(GraphError, match="vjp: the function must return a tensor"):
        vjp(lambda x: 5, 1.0)


def test_the_pullback_of_vjp_is_differentiable_by_its_cotangent() -> None:
    _, pull = vjp(lambda x: x**3, 2.0)
    v = leaf(1.0)
    (g,) = pull(v)
    g.backward()
    assert v.grad is not None
    assert v.grad.item() == 12


@given(draw.arrays(dtype=draw.dtypes(complex=True)))
def test_vjp_of_the_identity_gives_back_the_cotangent(x: Any) -> None:
    y, pull = vjp(lambda t: t, x)
    np.testing.assert_array_equal(y.numpy(), x)
    (g,) = pull(x)
    np.testing.assert_array_equal(g.numpy(), x, strict=True)


class Layer(NamedTuple):
    weight: Any
    bias: Any


def test_a_gradient_is_a_tree_like_its_argument() -> None:
    tree = {
        "layers": [Layer(np.full((2, 3), 2.0), np.zeros(2)), Layer(tensor([1.0, 3.0]), 5.0)],
        "none": None,
        "x": (1.0,),
    }

    def loss(tree: Any, scale: Any) -> Any:
        first, last = tree["layers"]
        hidden = first.weight @ np.ones(3) + first.bias
        assert tree["none"] is None
        return ((last.weight * hidden).sum() + last.bias) * tree["x"][0] * scale["by"]

    gradient, of_scale = grad(loss, (0, 1))(tree, {"by": 2.0})
    assert type(gradient["layers"][0]) is Layer
    assert gradient["none"] is None
    assert gradient["layers"][0].weight.numpy().tolist() == [[2, 2, 2], [6, 6, 6]]
    assert gradient["layers"][0].bias.numpy().tolist() == [2, 6]
    assert gradient["layers"][1].weight.numpy().tolist() == [12, 12]
    assert gradient["layers"][1].bias.item() == 2
    assert gradient["x"][0].item() == 58
    assert of_scale["by"].item() == 29
    assert tree["x"] == (1.0,)


def test_trees_nest_through_orders() -> None:
    def f(p: Any) -> Any:
        return p["a"] ** 3 * p["b"][0] ** 2

    second = grad(lambda p: grad(f)(p)["a"])({"a": 2.0, "b": [3.0]})
    assert second["a"].item() == 108  # 6 a b²
    assert second["b"][0].item() == 72  # 3 a² 2 b


def test_integers_are_named_by_their_path() -> None:
    with pytest.raises(DTypeError, match=r"grad: argument 0\['n'\]\[1\] has dtype int64"):
        grad(lambda p: p["x"])({"x": 1.0, "n": [1.0, 2]})


def test_arguments_that_are_not_there() -> None:
    with pytest.raises(TypeError, match="grad: argnums=2, but the call has 2 positional arguments"):
        grad(f, 2)(1.0, 2.0)
    with pytest.raises(TypeError, match=r"argnums=\(0, -3\)"):
        grad(f, (0, -3))(1.0, 2.0)
    with pytest.raises(ValueError, match=r"argnums=\(1, -1\) names an argument twice"):
        grad(f, (1, -1))(1.0, 2.0)


def test_what_is_no_scalar_is_described() -> None:
    with pytest.raises(GraphError, match=r"float64 of shape \(2, 3\); reduce it, as in .sum\(\)"):
        grad(lambda x: x)(np.ones((2, 3)))
    with pytest.raises(GraphError, match=r"with has_aux=True the function must return a pair, got tensor"):
        grad(lambda x: x, has_aux=True)(1.0)


def test_elementwise_grad_is_the_derivative_of_each_element() -> None:
    x = np.linspace(-1, 1, 6).reshape(2, 3)
    np.testing.assert_allclose(elementwise_grad(np.tanh)(x).numpy(), 1 - np.tanh(x) ** 2)
    second = elementwise_grad(elementwise_grad(np.sin))(x)
    np.testing.assert_allclose(second.numpy(), -np.sin(x))
    by_y, aux = elementwise_grad(lambda x, y: (x * y**2, "aux"), 1, has_aux=True)(x, x)
    np.testing.assert_allclose(by_y.numpy(), 2 * x * x)
    assert aux == "aux"
    assert elementwise_grad(np.sin)(x.astype(np.float32)).dtype == np.float32
    with pytest.raises(GraphError, match="elementwise_grad: the function must return a real scalar"):
        elementwise_grad(lambda x: x * 1j)(x)


def test_stop_gradient_stops_it_in_trees_too() -> None:
    assert grad(lambda x: x * stop_gradient(x))(3.0).item() == 3
    assert grad(lambda x: x * stop_gradient({"a": [x, "text"]})["a"][0] ** 2)(3.0).item() == 9
    assert grad(lambda x: grad(lambda y: stop_gradient(y) * y * x)(2.0))(3.0).item() == 2
    assert stop_gradient(5) == 5


def test_vjp_of_trees() -> None:
    def g(p: Any, x: Any) -> Any:
        return {"product": p["a"] * x, "pair": (p["a"] + p["b"], x)}

    y, pull = vjp(g, {"a": np.ones(2), "b": 2.0}, np.array([3.0, 4.0]))
    assert y["pair"][0].numpy().tolist() == [3, 3]
    gp, gx = pull({"product": np.array([1.0, 10.0]), "pair": (np.array([100.0, 100.0]), np.zeros(2))})
    assert gp["a"].numpy().tolist() == [103, 140]
    assert gp["b"].item() == 200
    assert gx.numpy().tolist() == [1, 10]
    with pytest.raises(
        ShapeError, match=r"the cotangent must be like the output, a dict with the keys 'product', 'pair'"
    ):
        pull(np.ones(2))
    with pytest.raises(ShapeError, match=r"the cotangent\['pair'\] must be like the output\['pair'\], a tuple of 2"):
        pull({"product": np.ones(2), "pair": (1.0,)})
    with pytest.raises(DTypeError, match=r"vjp: the cotangent of the output\['product'\] has dtype float32"):
        pull({"product": np.ones(2, np.float32), "pair": (np.ones(2), np.ones(2))})


def test_vjp_has_aux_and_refuses_what_has_no_derivative() -> None:
    y, pull, aux = vjp(lambda x: (x * 2, {"x": x}), 3.0, has_aux=True)
    assert (y.item(), pull(1.0)[0].item(), aux["x"].item()) == (6, 2, 3)
    assert not aux["x"].requires_grad
    with pytest.raises(DTypeError, match=r"the output\[1\] has dtype int64.*return it besides"):
        vjp(lambda x: (x, np.argmax(x)), np.ones(3))
    for nothing in (None, (), {"a": None}):
        with pytest.raises(GraphError, match="vjp: the function must return a tensor"):
            vjp(lambda x: nothing, 1.0)  # noqa: B023


def test_one_tensor_may_be_returned_twice() -> None:
    _, pull = vjp(lambda x: (x * 2,) * 2, 1.0)
    assert pull((1.0, 10.0))[0].item() == 22
