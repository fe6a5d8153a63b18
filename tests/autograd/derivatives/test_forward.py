"""jvp, linearize and hvp: against PyTorch, against closed forms, and as the adjoint of vjp for every primitive."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st

from tapegrad import Tensor, autograd as ag, no_grad, tensor
from tapegrad.autograd import DTypeError, GraphError, ShapeError, grad, hvp, jvp, linearize, vjp
from tapegrad.autograd.testing import strategies as draw
from tapegrad.autograd.testing.spaces import inner, magnitude, random_like
from tapegrad.autograd.trees import leaves, rebuilt

from ..tables import CASES
from ..test_primitives import ENGINE

some = settings(max_examples=max(settings().max_examples // 5, 5))
RNG = np.random.default_rng(0)
A, B = RNG.normal(size=(3, 4)), RNG.normal(size=(4, 3))
X, T = RNG.normal(size=(2, 3)), RNG.normal(size=(2, 3))


def f(x: Any) -> Any:
    return np.tanh(x @ A) @ B * np.exp(x)


def torch_f(x: Any) -> Any:
    return torch.tanh(x @ torch.from_numpy(A)) @ torch.from_numpy(B) * torch.exp(x)


@pytest.mark.parametrize("name", CASES)
@given(st.data())
@some
def test_of_every_primitive_is_the_adjoint_of_vjp(name: str, data: st.DataObject) -> None:
    """⟨g, J t⟩ = ⟨Jᴴ g, t⟩, for complex numbers too."""
    arrays, params = data.draw(CASES[name].drawn)
    rng = np.random.default_rng(data.draw(draw.seeds()))
    which = [i for i, x in enumerate(arrays) if np.asarray(x).dtype.kind in "fc"]

    def call(*xs: Any) -> Any:
        inexact = dict(zip(which, xs, strict=True))
        return CASES[name].smooth(ENGINE[name])(*(inexact.get(i, x) for i, x in enumerate(arrays)), **params)

    primals = [np.asarray(arrays[i]) for i in which]
    tangents = [random_like(x, rng) for x in primals]
    y, pull = vjp(call, *primals)
    _, tangent = jvp(call, primals, tangents)
    along = [t.numpy() for t in leaves(tangent)]
    assert [(t.shape, t.dtype) for t in along] == [(v.shape, v.dtype) for v in leaves(y)]
    g = [random_like(t, rng) for t in along]
    gradients = [gx.numpy() for gx in pull(rebuilt(y, g))]
    forth, back = list(zip(g, along, strict=True)), list(zip(gradients, tangents, strict=True))
    size = sum(magnitude(*pair) for pair in forth + back)
    eps = max(np.finfo(x.dtype).eps for x in (*primals, *g))
    assert abs(sum(inner(*pair) for pair in forth) - sum(inner(*pair) for pair in back)) <= 256 * eps * size


def test_is_that_of_pytorch() -> None:
    y, tangent = jvp(f, (X,), (T,))
    with warnings.catch_warnings(action="ignore"):  # PyTorch's own
        expected = torch.func.jvp(torch_f, (torch.from_numpy(X),), (torch.from_numpy(T),))
    np.testing.assert_allclose(y.numpy(), expected[0])
    np.testing.assert_allclose(tangent.numpy(), expected[1])
    assert not y.requires_grad
    assert not tangent.requires_grad


def test_of_a_holomorphic_function_is_its_complex_derivative() -> None:
    z, t = np.array([1 + 2j, 0.5 - 1j]), np.array([1j, 2 + 1j])
    np.testing.assert_allclose(jvp(lambda z: np.exp(z) * z, (z,), (t,))[1].numpy(), np.exp(z) * (1 + z) * t)
    np.testing.assert_allclose(jvp(np.conj, (z,), (t,))[1].numpy(), t.conj())
    np.testing.assert_allclose(jvp(np.abs, (z,), (t,))[1].numpy(), (z.conj() * t).real / np.abs(z))
    np.testing.assert_allclose(jvp(lambda x: x * 1j, (2.0,), (3.0,))[1].numpy(), 3j)


def test_where_a_rule_has_a_pole() -> None:
    """The tangent is infinite there, and zero where a branch is not taken or the tangent is zero."""
    with np.errstate(divide="ignore"):
        tangent = jvp(np.sqrt, (np.array([0.0, 4.0, 0.0]),), (np.array([1.0, 1.0, 0.0]),))[1]
    assert tangent.numpy().tolist() == [np.inf, 0.25, 0]
    tangent = jvp(np.sqrt, (np.array([0.0, 4.0]),), (np.array([0.0, 1.0]),))[1]  # nothing to warn of
    assert tangent.numpy().tolist() == [0, 0.25]
    x = np.array([0.0, 4.0])
    tangent = jvp(lambda x: np.where(x > 0, np.sqrt(x), 0), (x,), (np.ones(2),))[1]
    assert tangent.numpy().tolist() == [0, 0.25]


def test_trees_aux_and_dtypes() -> None:
    def g(p: Any, x: Any) -> Any:
        return {"y": p["w"] * x, "z": [p["b"] + 1]}, {"x": x, "n": 5}

    primals = {"w": np.ones(2, np.float32), "b": 3.0}, tensor([1.0, 2.0], dtype=np.float32)
    tangents = {"b": 10.0, "w": np.full(2, 2, np.float32)}, np.ones(2, np.float32)
    y, tangent, aux = jvp(g, primals, tangents, has_aux=True)
    assert y["z"][0].item() == 4
    assert tangent["y"].numpy().tolist() == [3, 5]
    assert tangent["y"].dtype == np.float32
    assert tangent["z"][0].item() == 10
    assert aux["n"] == 5
    assert not aux["x"].requires_grad


def test_what_does_not_matter_has_tangent_zero() -> None:
    y, tangent = jvp(lambda x: (x * 0 + 1, tensor(np.ones(3))), (2.0,), (1.0,))
    assert tangent[0].item() == 0
    assert tangent[1].numpy().tolist() == [0, 0, 0]
    assert y[1].numpy().tolist() == [1, 1, 1]


def test_a_linearized_function_can_be_pushed_often() -> None:
    y, push, aux = linearize(lambda x, s: (f(x) * s, "aux"), X, 2.0, has_aux=True)
    assert aux == "aux"
    np.testing.assert_allclose(y.numpy(), 2 * f(X))
    for t in (T, 3 * T):
        np.testing.assert_allclose(push(t, 0.0).numpy(), 2 * jvp(f, (X,), (t,))[1].numpy())
    np.testing.assert_allclose(push(np.zeros_like(X), 1.0).numpy(), f(X))


def test_modes_nest_in_any_order() -> None:
    """Second derivatives of x⁴ y², three ways, and third ones."""

    def g(x: Any, y: Any = 3.0) -> Any:
        return x**4 * y**2

    def tangent(h: Any) -> Any:
        return lambda x: jvp(h, (x,), (1.0,))[1]

    def pulled(h: Any) -> Any:
        return lambda x: vjp(h, x)[1](1.0)[0]

    for outer in (tangent, grad, pulled):
        for middle in (tangent, grad, pulled):
            assert outer(middle(g))(2.0).item() == pytest.approx(12 * 4 * 9)
            for within in (tangent, grad, pulled):
                assert outer(middle(within(g)))(2.0).item() == pytest.approx(24 * 2 * 9)


def test_perturbations_are_not_confused() -> None:
    """d/dx [x · d/dy (x + y)] = 1 and d/dx [x · d/dy (x y)] = 2x, with forward mode inside, outside, and both."""

    def tangent(h: Any) -> Any:
        return lambda x: jvp(h, (x,), (1.0,))[1]

    for outer in (tangent, grad):
        for within in (tangent, grad):
            assert outer(lambda x: x * within(lambda y: x + y)(1.0))(1.0).item() == 1  # noqa: B023
            assert outer(lambda x: x * within(lambda y: x * y)(1.0))(3.0).item() == 6  # noqa: B023


def test_a_closure_over_a_tracked_tensor_keeps_the_tangent_tracked() -> None:
    w = tensor(3.0, requires_grad=True)
    y, tangent = jvp(lambda x: w * x**2, (2.0,), (1.0,))
    assert y.requires_grad
    tangent.backward()  # d/dw of 2 w x
    assert w.grad is not None
    assert w.grad.item() == 4
    with no_grad():
        y, tangent = jvp(lambda x: w * x**2, (2.0,), (1.0,))
    assert tangent.item() == 12
    assert not tangent.requires_grad


def test_a_tracked_tangent_is_differentiated() -> None:
    t = tensor(1.0, requires_grad=True)
    jvp(lambda x: x**3, (2.0,), (t,))[1].backward()
    assert t.grad is not None
    assert t.grad.item() == 12


def test_hvp_is_the_hessian_times_a_vector() -> None:
    def loss(p: Any) -> Any:
        return (np.tanh(p["w"] @ p["x"]) ** 2).sum()

    def torch_loss(flat: Any) -> Any:
        return (torch.tanh(flat[:6].reshape(2, 3) @ flat[6:]) ** 2).sum()

    point, v = RNG.normal(size=9), RNG.normal(size=9)
    hessian = torch.func.jacrev(torch.func.jacrev(torch_loss))(torch.from_numpy(point)).numpy()
    product = hvp(loss, {"w": point[:6].reshape(2, 3), "x": point[6:]}, {"w": v[:6].reshape(2, 3), "x": v[6:]})
    np.testing.assert_allclose(product["w"].numpy().ravel(), (hessian @ v)[:6])
    np.testing.assert_allclose(product["x"].numpy(), (hessian @ v)[6:])
    assert not product["x"].requires_grad
    third = grad(lambda x: hvp(lambda x: x**4, x, 1.0))(2.0)
    assert third.item() == pytest.approx(48)
    z, t = np.array([1 + 2j, 3 - 1j]), np.array([1j, 1 + 1j])
    np.testing.assert_allclose(hvp(lambda z: (np.abs(z) ** 2).sum(), z, t).numpy(), 2 * t)
    assert hvp(lambda x: x.sum(), np.ones(3), np.ones(3)).numpy().tolist() == [0, 0, 0]


def test_tangents_must_be_like_primals() -> None:
    with pytest.raises(
        ShapeError, match=r"jvp: the tangent of argument 0 has shape \(3,\), but argument 0 has \(2, 3\)"
    ):
        jvp(f, (X,), (np.ones(3),))
    with pytest.raises(DTypeError, match=r"jvp: the tangent of argument 0\['a'\] has dtype float32, but"):
        jvp(lambda p: p["a"], ({"a": X},), ({"a": T.astype(np.float32)},))
    with pytest.raises(ShapeError, match=r"tangents\[0\] must be like primals\[0\], a dict with the keys 'a'"):
        jvp(lambda p: p["a"], ({"a": X},), ({"b": T},))
    with pytest.raises(ShapeError, match=r"tangents must be like primals, a list of 1; got a list of 2"):
        jvp(f, (X,), (T, T))
    with pytest.raises(TypeError, match="jvp: primals and tangents must be tuples"):
        jvp(f, X, T)  # type: ignore[arg-type]
    with pytest.raises(DTypeError, match="jvp: argument 0 has dtype int64"):
        jvp(f, (1,), (1.0,))
    with pytest.raises(GraphError, match="jvp: the function must return a tensor"):
        jvp(lambda x: 5, (1.0,), (1.0,))
    with pytest.raises(ShapeError, match="hvp: the tangent of argument 0 has shape"):
        hvp(lambda x: x.sum(), X, np.ones(3))


def test_linearize_costs_no_call_for_a_tangent() -> None:
    calls = []

    def g(x: Any) -> Any:
        calls.append(1)
        return ag.sin(x)

    _, push = linearize(g, 1.0)
    assert [push(t).item() for t in (1.0, 2.0)] == pytest.approx([np.cos(1), 2 * np.cos(1)])
    assert len(calls) == 1
    assert isinstance(push(1.0), Tensor)
