"""jacobian, jacrev, jacfwd and hessian: against PyTorch and closed forms, over trees, for complex numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from tapegrad import autograd as ag, no_grad, tensor
from tapegrad.autograd import DTypeError, GraphError, grad, hessian, jacfwd, jacobian, jacrev, vmap

RNG = np.random.default_rng(0)
A, X = RNG.normal(size=(4, 3)), RNG.normal(size=3)
Z = np.array([1 + 2j, 0.5 - 1j])
both = pytest.mark.parametrize("of", [jacrev, jacfwd])


def f(x: Any) -> Any:
    return np.tanh(A @ x) * np.exp(x[0])


def torch_f(x: Any) -> Any:
    return torch.tanh(torch.from_numpy(A) @ x) * torch.exp(x[0])


@pytest.mark.parametrize("of", [jacrev, jacfwd, jacobian])
def test_is_that_of_pytorch(of: Any) -> None:
    J = of(f)(X)
    np.testing.assert_allclose(J.numpy(), torch.func.jacrev(torch_f)(torch.from_numpy(X)))
    assert not J.requires_grad


@both
def test_shapes_are_that_of_value_and_argument(of: Any) -> None:
    for y_shape in ((), (2,), (2, 0), (3, 1)):
        for x_shape in ((), (3,), (2, 2), (0,)):
            J = of(lambda x: np.broadcast_to(x.sum() * 2, y_shape))(np.ones(x_shape, np.float32))  # noqa: B023
            assert J.shape == y_shape + x_shape
            assert J.dtype == np.float32
            assert (J.numpy() == 2).all()


@both
def test_a_tree_by_a_tree_is_a_tree_of_trees(of: Any) -> None:
    def g(p: Any, s: Any) -> Any:
        return {"y": p["w"] @ p["x"] * s, "z": (p["x"] * 2,)}, "aux"

    p = {"w": A, "x": X}
    J, aux = of(g, has_aux=True)(p, 3.0)
    assert aux == "aux"
    np.testing.assert_allclose(J["y"]["x"].numpy(), 3 * A)
    np.testing.assert_allclose(J["y"]["w"].numpy(), 3 * np.einsum("ij,k->ijk", np.eye(4), X))
    np.testing.assert_allclose(J["z"][0]["x"].numpy(), 2 * np.eye(3))
    assert J["z"][0]["w"].shape == (3, 4, 3)
    assert not J["z"][0]["w"].numpy().any()
    by_s, by_p = of(lambda p, s: g(p, s)[0]["y"], (1, 0))(p, 3.0)
    np.testing.assert_allclose(by_s.numpy(), A @ X)
    np.testing.assert_allclose(by_p["x"].numpy(), 3 * A)


def test_the_cheaper_mode_is_the_default() -> None:
    def walks(n: int, m: int, mode: str | None = None) -> int:
        """How many cotangents reach a function of n numbers that returns m."""
        seen = []
        x = tensor(np.ones(n), requires_grad=True)

        def g(x: Any) -> Any:
            y: Any = np.broadcast_to(x.sum(), (m,)) * 1
            y.register_hook(lambda g: seen.append(g))
            return y

        jacobian(g, mode=mode)(x)
        return len(seen)

    assert walks(2, 50) == 1  # one recorded walk, and then the columns
    assert walks(50, 2) == 2
    assert walks(2, 50, "reverse") == 50
    assert walks(50, 2, "forward") == 1
    with pytest.raises(ValueError, match="jacobian: mode must be 'reverse', 'forward' or None, got 'rev'"):
        jacobian(f, mode="rev")


@both
def test_of_a_holomorphic_function_is_its_complex_derivative(of: Any) -> None:
    J = of(lambda z: np.exp(z) * z[::-1], holomorphic=True)(Z)
    np.testing.assert_allclose(J.numpy(), np.diag(np.exp(Z) * Z[::-1]) + np.diag(np.exp(Z))[:, ::-1])
    with pytest.raises(DTypeError, match="the output and argument 0 are both complex; pass holomorphic=True"):
        of(lambda z: z)(Z)


@both
def test_of_a_real_value_by_complex_numbers_has_gradients_as_rows(of: Any) -> None:
    J = of(lambda z: np.stack([(np.abs(z) ** 2).sum(), z.imag.sum()]))(Z)
    np.testing.assert_allclose(J.numpy(), np.stack([2 * Z, [1j, 1j]]))
    np.testing.assert_allclose(J.numpy()[0], grad(lambda z: (np.abs(z) ** 2).sum())(Z).numpy())


@both
def test_of_a_complex_value_by_real_numbers(of: Any) -> None:
    J = of(lambda x: np.exp(1j * x))(X.astype(np.float32))
    np.testing.assert_allclose(J.numpy(), np.diag(1j * np.exp(1j * X)), rtol=1e-5, atol=1e-6)
    assert J.dtype == np.complex64


@both
def test_jacobians_nest_and_are_differentiable(of: Any) -> None:
    g = grad(lambda x: (of(f)(x) ** 2).sum())(X)
    expected = torch.func.grad(lambda x: (torch.func.jacrev(torch_f)(x) ** 2).sum())(torch.from_numpy(X))
    np.testing.assert_allclose(g.numpy(), expected)
    w = tensor(2.0, requires_grad=True)
    J = of(lambda x: w * x**2)(X)
    J.sum().backward()
    assert w.grad is not None
    assert w.grad.item() == pytest.approx((2 * X).sum())
    with no_grad():
        assert not of(lambda x: w * x**2)(X).requires_grad


def test_hessian_is_that_of_pytorch() -> None:
    H = hessian(lambda x: f(x).sum())(X)
    expected = torch.func.jacrev(torch.func.jacrev(lambda x: torch_f(x).sum()))(torch.from_numpy(X))
    np.testing.assert_allclose(H.numpy(), expected, rtol=1e-10)
    assert not H.requires_grad
    expected = torch.func.jacrev(torch.func.jacrev(torch_f))(torch.from_numpy(X))
    np.testing.assert_allclose(hessian(f)(X).numpy(), expected, rtol=1e-10)


def test_hessian_over_trees_with_aux() -> None:
    def loss(p: Any) -> Any:
        return p["a"] ** 2 * p["b"].sum(), "aux"

    H, aux = hessian(loss, has_aux=True)({"a": 3.0, "b": np.ones(2)})
    assert aux == "aux"
    assert H["a"]["a"].item() == 4
    assert H["a"]["b"].numpy().tolist() == [6, 6]
    assert H["b"]["a"].numpy().tolist() == [6, 6]
    assert H["b"]["b"].numpy().tolist() == [[0, 0], [0, 0]]
    by_both = hessian(lambda x, y: x * y * y, (0, 1))(2.0, 3.0)
    assert [[h.item() for h in row] for row in by_both] == [[0, 6], [6, 4]]


def test_hessian_of_complex_numbers_needs_a_promise() -> None:
    H = hessian(lambda z: (z**3).sum(), holomorphic=True)(Z)
    np.testing.assert_allclose(H.numpy(), np.diag(6 * Z))
    with pytest.raises(DTypeError, match="holomorphic=True"):
        hessian(lambda z: (np.abs(z) ** 2).sum())(Z)


def test_inside_of_vmap() -> None:
    batch = RNG.normal(size=(5, 3))
    for of in (jacrev, jacfwd, hessian):
        each = np.stack([of(f)(x).numpy() for x in batch])
        np.testing.assert_allclose(vmap(of(f))(batch).numpy(), each, rtol=1e-10)


@both
def test_what_has_no_jacobian(of: Any) -> None:
    with pytest.raises(DTypeError, match=r"jacobian: argument 0\[1\] has dtype int64"):
        of(lambda x: x[0])((X, 1))
    with pytest.raises(DTypeError, match="jacobian: the output has dtype int64"):
        of(np.argmax)(X)
    with pytest.raises(GraphError, match="jacobian: the function must return a tensor"):
        of(lambda x: X)(X)
    with pytest.raises(TypeError, match="jacobian: argnums=1, but the call has 1 positional"):
        of(f, 1)(X)


def test_the_name_and_docstring_stay() -> None:
    for made in (jacobian(ag.sin), jacfwd(ag.sin), hessian(ag.sin)):
        assert (made.__name__, made.__doc__) == (ag.sin.__name__, ag.sin.__doc__)
