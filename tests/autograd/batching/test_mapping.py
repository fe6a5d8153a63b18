"""vmap: axes, trees, nesting, derivatives within and around it, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from tapegrad import Tensor, autograd as ag, nn, no_grad, tensor
from tapegrad.autograd import (
    BatchError,
    ShapeError,
    grad,
    jacfwd,
    jacrev,
    jvp,
    linearize,
    pullback,
    value_and_grad,
    vjp,
    vmap,
)

RNG = np.random.default_rng(0)
X, Y, W = RNG.normal(size=(5, 3)), RNG.normal(size=(5, 2)), RNG.normal(size=(2, 3))


def f(x: Any) -> Any:
    return np.tanh(W @ x) * x[0]


def loss(w: Any, x: Any, y: Any) -> Any:
    return ((np.tanh(w @ x) - y) ** 2).sum()


def torch_loss(w: Any, x: Any, y: Any) -> Any:
    return ((torch.tanh(w @ x) - y) ** 2).sum()


def test_is_a_loop_and_a_stack() -> None:
    y = vmap(f)(X)
    assert type(y) is Tensor
    np.testing.assert_allclose(y.numpy(), np.stack([f(x) for x in X]))


def test_the_function_sees_one_example_and_runs_once() -> None:
    seen = []

    def look(x: Any, n: Any) -> Any:
        seen.append((x.shape, x.ndim, x.size, len(x), x.dtype, n.shape, n.dtype, isinstance(x, Tensor)))
        assert repr(x) == "<one of 5 tensors float64[3], inside vmap>"
        return x * n

    vmap(look)(X, np.arange(5))
    assert seen == [((3,), 1, 3, 3, np.float64, (), np.int64, True)]


def test_axes_in_and_out() -> None:
    a, b = RNG.normal(size=(3, 5)), RNG.normal(size=(5, 3))
    expected = a.T * b
    for in_axes in ((1, 0), (-1, 0), [1, -2]):
        np.testing.assert_array_equal(vmap(np.multiply, in_axes)(a, b).numpy(), expected)
    np.testing.assert_array_equal(vmap(np.multiply, (1, 0), out_axes=1)(a, b).numpy(), expected.T)
    np.testing.assert_array_equal(vmap(np.multiply, (1, 0), out_axes=-1)(a, b).numpy(), expected.T)
    np.testing.assert_array_equal(vmap(np.multiply, (0, None))(b, 2.0).numpy(), b * 2)
    assert vmap(lambda x, n: x[:n], (0, None))(b, 2).shape == (5, 2)


def test_trees_in_and_out() -> None:
    p: dict[str, Any] = {"w": RNG.normal(size=(3, 5)), "b": [np.arange(5.0), 2.0]}

    def g(p: Any, *, scale: Any) -> Any:
        return {"y": p["w"] * p["b"][0] * scale, "z": (p["b"][1], None), "c": tensor([1.0, 2.0])}

    in_axes = ({"w": 1, "b": [0, None]},)
    y = vmap(g, in_axes, out_axes={"y": 1, "z": None, "c": 0})(p, scale=np.arange(5.0))
    np.testing.assert_allclose(y["y"].numpy(), p["w"] * np.arange(5.0) ** 2, rtol=1e-15)
    assert y["z"][0].item() == 2
    assert y["z"][1] is None
    assert y["c"].numpy().tolist() == [[1, 2]] * 5


def test_what_is_the_same_for_all_is_repeated() -> None:
    assert vmap(lambda x: 3.0)(X).numpy().tolist() == [3] * 5
    assert vmap(lambda x: tensor([1, 2]))(X).numpy().tolist() == [[1, 2]] * 5
    assert vmap(lambda x: 3.0, out_axes=None)(X).item() == 3


@pytest.mark.parametrize(
    ("in_axes", "args", "message"),
    [
        (0, (X, Y[:2]), "the axes to map over differ in size: 5 of argument 0, 2 of argument 1"),
        (2, (X,), r"argument 0 has shape \(5, 3\), no axis 2"),
        (0, ({"a": 1.0},), r"argument 0\['a'\] has shape \(\), no axis 0; in_axes=None keeps it"),
        (None, (X,), "no argument to map over"),
        ((0, 0), (X,), "in_axes has 2 entries for 1 positional arguments"),
        (
            ({"b": 0},),
            ({"a": X},),
            "in_axes must be an int, None or like argument 0, which is a dict with the keys 'a'",
        ),
        (((0,),), (X,), "in_axes must be an int, None or like argument 0"),
    ],
)
def test_axes_that_are_not_there(in_axes: Any, args: Any, message: str) -> None:
    with pytest.raises(ShapeError, match=message):
        vmap(lambda *xs: xs[0], in_axes)(*args)


def test_results_that_are_no_tensors() -> None:
    with pytest.raises(BatchError, match=r"vmap: the result\['a'\] is 'text'; the function must return tensors"):
        vmap(lambda x: {"a": "text"})(X)
    with pytest.raises(BatchError, match="vmap: the result differs between examples, so out_axes"):
        vmap(f, out_axes=None)(X)
    with pytest.raises(ShapeError, match="out_axes must be an int, None or like the result"):
        vmap(f, out_axes=(0, 0))(X)


def test_gradients_of_each_example() -> None:
    """By what is mapped over, and by weights that are the same for all."""
    of_x = vmap(grad(loss, 1), (None, 0, 0))(W, X, Y)
    value, of_w = vmap(value_and_grad(loss), (None, 0, 0))(W, X, Y)
    tensors = [torch.from_numpy(a) for a in (W, X, Y)]
    for got, argument in ((of_x, 1), (of_w, 0)):
        expected = torch.vmap(torch.func.grad(torch_loss, argument), (None, 0, 0))(*tensors)
        np.testing.assert_allclose(got.numpy(), expected)
    np.testing.assert_allclose(value.numpy(), [loss(W, x, y) for x, y in zip(X, Y, strict=True)])
    assert not of_w.requires_grad


def test_the_gradient_of_a_mapped_function() -> None:
    def total(w: Any) -> Any:
        return vmap(loss, (None, 0, 0))(w, X, Y).sum()

    np.testing.assert_allclose(
        grad(total)(W).numpy(), np.sum([grad(loss)(W, x, y).numpy() for x, y in zip(X, Y, strict=True)], 0)
    )
    w = tensor(W, requires_grad=True)
    g = vmap(grad(lambda x, y: loss(w, x, y)))(X, Y)
    assert g.requires_grad
    (g**2).sum().backward()
    assert w.grad is not None
    expected = grad(lambda w: sum((grad(loss, 1)(w, x, y) ** 2).sum() for x, y in zip(X, Y, strict=True)))(W)
    np.testing.assert_allclose(w.grad.numpy(), expected.numpy())


def test_transforms_nest() -> None:
    for of in (jacrev, jacfwd):
        np.testing.assert_allclose(vmap(of(f))(X).numpy(), np.stack([jacrev(f)(x).numpy() for x in X]))
        of_whole = of(vmap(f))(X).numpy()
        np.testing.assert_allclose(of_whole[2, :, 2], jacrev(f)(X[2]).numpy())
        assert not of_whole[2, :, 1].any()
    tangents = RNG.normal(size=X.shape)
    _, tangent = vmap(lambda x, t: jvp(f, (x,), (t,)))(X, tangents)
    expected = np.stack([jvp(f, (x,), (t,))[1].numpy() for x, t in zip(X, tangents, strict=True)])
    np.testing.assert_allclose(tangent.numpy(), expected)
    np.testing.assert_allclose(jvp(vmap(f), (X,), (tangents,))[1].numpy(), expected)
    by_gradient = vmap(lambda x: grad(lambda y: (grad(lambda z: f(z).sum())(y) ** 2).sum())(x))(X)
    one = grad(lambda y: (grad(lambda z: f(z).sum())(y) ** 2).sum())(X[1])
    np.testing.assert_allclose(by_gradient.numpy()[1], one.numpy())


def test_maps_nest() -> None:
    A, B = RNG.normal(size=(4, 3)), RNG.normal(size=(5, 3))

    def g(a: Any, b: Any) -> Any:
        return (np.sin(a) * b).sum() * a

    loop = np.array([[g(a, b) for b in B] for a in A])
    np.testing.assert_allclose(vmap(vmap(g, (None, 0)), (0, None))(A, B).numpy(), loop)
    np.testing.assert_allclose(vmap(lambda a: vmap(lambda b: g(a, b))(B))(A).numpy(), loop)
    np.testing.assert_allclose(vmap(lambda b: vmap(lambda a: g(a, b))(A), out_axes=1)(B).numpy(), loop)

    def gradient(a: Any, b: Any) -> Any:
        return grad(lambda a: g(a, b).sum())(a)

    loop = np.array([[gradient(a, b).numpy() for b in B] for a in A])
    np.testing.assert_allclose(vmap(lambda a: vmap(lambda b: gradient(a, b))(B))(A).numpy(), loop)
    outer_alone = vmap(lambda a: vmap(lambda b: gradient(b * 2, b))(B))(A).numpy()
    np.testing.assert_allclose(outer_alone[3], np.stack([gradient(b * 2, b).numpy() for b in B]))


def test_gradients_of_what_is_the_same_for_all_are_those_of_each_example() -> None:
    """An inner leaf that no example owns: the gradient by it is still each example's own."""
    got = vmap(lambda x: grad(lambda c: (c * x).sum() * c)(2.0))(X)
    np.testing.assert_allclose(got.numpy(), 4 * X.sum(1))
    constant = vmap(lambda x: grad(lambda c: c**2)(3.0))(X)
    assert constant.numpy().tolist() == [6] * 5


def test_what_pulls_and_pushes_is_mapped_over_cotangents() -> None:
    _, pull = vjp(f, X[0])
    _, push = linearize(f, X[0])
    J = jacrev(f)(X[0]).numpy()
    np.testing.assert_allclose(vmap(pull)(np.eye(2))[0].numpy(), J)
    np.testing.assert_allclose(vmap(push, out_axes=1)(np.eye(3)).numpy(), J)
    assert vmap(pull)(np.ones((0, 2)))[0].shape == (0, 3)


def test_works_on_modules() -> None:
    nn.manual_seed(0)
    net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    x = X.astype(np.float32)
    np.testing.assert_allclose(vmap(net)(x).numpy(), net(tensor(x)).numpy(), rtol=1e-6)
    with no_grad():
        assert not vmap(net)(x).requires_grad


def test_random_numbers_of_nn_are_refused_and_put_back() -> None:
    nn.manual_seed(0)
    before = nn.random.generator().bit_generator.state
    with pytest.raises(BatchError, match="vmap: the function drew random numbers, which would be the same for all"):
        vmap(nn.Dropout())(X)
    assert nn.random.generator().bit_generator.state == before


W0 = tensor(1.0, requires_grad=True)
REFUSED: dict[str, Callable[[Any], Any]] = {
    "__float__": float,
    "__bool__": lambda x: 1 if x > 0 else 2,
    "numpy": lambda x: x.numpy(),
    "item": lambda x: x.item(),
    "data": lambda x: x.data,
    "__array__": np.asarray,
    "tensor": lambda x: ag.tensor(x),
    "max_pool1d": lambda x: ag.max_pool1d(x.reshape(1, 1, 1), 1),
    "np.nonzero": np.nonzero,
    "getitem": lambda x: tensor([1.0, 2.0])[x > 0],
    "setitem": lambda x: (x * 1).__setitem__(..., 0),
    "searchsorted": lambda x: ag.searchsorted(x[None], 0.5),
    "pullback": lambda x: pullback([x * W0], [W0]),
    "a gradient cannot be asked for": lambda x: (x * W0).backward(),
    "a gradient": lambda x: setattr(x, "requires_grad", True),
}


@pytest.mark.parametrize("called", REFUSED)
def test_what_needs_the_values_of_one_example_is_refused(called: str) -> None:
    with pytest.raises(BatchError, match=rf"^vmap: {called} .*; called at test_mapping.py:\d+$") as caught:
        vmap(REFUSED[called])(X[:, 0])
    assert any(instead in str(caught.value) for instead in ("stack([f(x) for x in xs])", "use grad, vjp or jvp"))


def test_an_example_does_not_outlive_its_map() -> None:
    left: list[Any] = []
    vmap(lambda x: left.append(x) or x)(X)  # type: ignore[func-returns-value]
    with pytest.raises(BatchError, match=r"vmap: add got <one of 5 tensors .* after its vmap has ended"):
        left[0] + 1
    with pytest.raises(BatchError, match="after its vmap has ended"):
        vmap(lambda x: x + left[0])(X)


def test_a_failing_function_leaves_no_level_behind() -> None:
    with pytest.raises(ZeroDivisionError):
        vmap(lambda x: 1 / 0)(X)
    assert grad(lambda x: x * x)(3.0).shape == ()


def test_the_name_and_docstring_stay() -> None:
    assert (vmap(ag.sin).__name__, vmap(ag.sin).__doc__) == (ag.sin.__name__, ag.sin.__doc__)
