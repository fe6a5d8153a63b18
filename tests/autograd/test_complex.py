"""Complex numbers: the gradient of a real loss L is dL/dRe + i dL/dIm, the direction of steepest ascent."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch

from tapegrad import Tensor, tensor
from tapegrad.autograd import GraphError, grad, pullback
from tapegrad.autograd.testing import check_grads


def leaf(x: Any) -> Tensor:
    return tensor(x, requires_grad=True)


Z = np.array([0.7 + 0.4j, -0.3 + 1.2j, 1.1 - 0.8j, -0.9 - 0.5j])


@pytest.mark.parametrize(
    "name",
    (
        "exp log log2 log10 log1p sqrt square sin cos tan sinh cosh tanh arcsin arccos arctan arcsinh arccosh arctanh "
        "abs angle real imag conj sign reciprocal negative sum mean prod cumsum var std sinc"
    ).split(),
)
def test_pytorch_agrees(name: str) -> None:
    """On |f(z)|² and on Re f(z) + 2 Im f(z)."""
    z, other = leaf(Z), torch.tensor(Z, requires_grad=True)
    names = {"sign": "sgn", "conj": "conj_physical"}
    options = {"dim": 0} if name == "cumsum" else {"correction": 0} if name in ("var", "std") else {}
    y = getattr(np, name)(z)
    theirs = getattr(torch, names.get(name, name))(other, **options)
    for ours, their in (
        (np.abs(y) ** 2, theirs.abs() ** 2),
        (y.real + 2 * y.imag, torch.view_as_real(theirs + 0j)),
    ):
        their = their if their.shape == theirs.shape else their[..., 0] + 2 * their[..., 1]
        (got,) = pullback([ours.sum()], [z], retain_graph=True)
        (expected,) = torch.autograd.grad(their.sum(), other, retain_graph=True)
        np.testing.assert_allclose(got.numpy(), expected.numpy(), rtol=1e-12, atol=1e-13)


TWO = {
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "power": lambda a, b: a**b,
    "subtract": lambda a, b: a - b,
    "exponential": lambda a, b: (a.exp() if isinstance(a, torch.Tensor) else np.exp(a)) * b,
}


@pytest.mark.parametrize("name", TWO)
@pytest.mark.parametrize("real", [None, 0, 1])
def test_pytorch_agrees_on_two_arguments(name: str, real: int | None) -> None:
    """Also where one of them is real: its gradient is the real part."""
    arrays = [np.abs(x) if i == real else x for i, x in enumerate((Z, Z[::-1] * 0.8j))]
    ours, theirs = [leaf(x) for x in arrays], [torch.tensor(x, requires_grad=True) for x in arrays]
    got = pullback([np.abs(TWO[name](*ours)).sum()], ours)
    expected = torch.autograd.grad(TWO[name](*theirs).abs().sum(), theirs)
    for one, other in zip(got, expected, strict=True):
        assert one.dtype == other.numpy().dtype
        np.testing.assert_allclose(one.numpy(), other.numpy(), rtol=1e-12, atol=1e-15)


def test_the_gradient_of_a_holomorphic_function_is_the_conjugate_of_its_derivative() -> None:
    z = leaf(1 + 2j)
    (z**3).real.backward()
    assert z.grad is not None
    assert z.grad.item() == pytest.approx(np.conj(3 * (1 + 2j) ** 2))


def test_the_gradient_of_a_square_is_twice_the_number() -> None:
    """|z|² = x² + y²: the steepest ascent leads away from 0."""
    assert grad(lambda z: (z * z.conj()).real)(1 + 2j).item() == 2 + 4j
    assert grad(lambda z: np.abs(z) ** 2)(1 + 2j).item() == pytest.approx(2 + 4j)
    assert grad(lambda z: z.real)(1 + 2j).item() == 1
    assert grad(lambda z: z.imag)(1 + 2j).item() == 1j


def test_a_complex_output_needs_to_be_told_which_part() -> None:
    z = leaf(1 + 2j)
    with pytest.raises(GraphError, match="only a real scalar needs no gradient="):
        (z * z).backward()
    for part, of_part in ((1 + 0j, np.real), (1j, np.imag)):
        (by_seed,) = pullback([z * z], [z], [np.asarray(part)])
        (by_part,) = pullback([of_part(z * z)], [z])
        assert by_seed.item() == by_part.item()


def test_descent_by_the_gradient_fits_complex_parameters() -> None:
    """Every step lowers |A (z - s)|², the first by what the length of the gradient says, and the last ends at s."""
    rng = np.random.default_rng(1)
    A = rng.normal(size=(12, 3)) + 1j * rng.normal(size=(12, 3))
    s = np.array([1 + 2j, -0.5j, 2.0 + 0j])
    z, rate = leaf(np.zeros(3, complex)), 0.25 / np.linalg.norm(A, 2) ** 2
    losses = []
    for _ in range(300):
        loss = (np.abs(A @ (z - s)) ** 2).sum()
        losses.append(loss.item())
        (gradient,) = pullback([loss], [z])
        z.data -= rate * gradient.numpy()
    assert all(later < earlier for earlier, later in pairwise(losses))
    downhill = 2 * A.conj().T @ A @ -s
    curvature = rate * np.linalg.norm(A @ downhill) ** 2
    assert losses[0] - losses[1] == pytest.approx(rate * (np.linalg.norm(downhill) ** 2 - curvature))
    np.testing.assert_allclose(z.numpy(), s, atol=1e-4)


def test_a_real_parameter_of_a_complex_model_stays_real() -> None:
    """|x exp(iφ) - i|² = x² + 1 - 2x sin φ: both gradients are real, and those of float32 are float32."""
    x, phi = leaf(np.array([2.0, 3.0], np.float32)), leaf(np.float32(0.3))
    loss = (np.abs(x * np.exp(phi * 1j) - 1j) ** 2).sum()
    loss.backward()
    assert x.grad is not None
    assert phi.grad is not None
    assert x.grad.dtype == phi.grad.dtype == np.float32
    np.testing.assert_allclose(x.grad.numpy(), [4 - 2 * np.sin(0.3), 6 - 2 * np.sin(0.3)], rtol=1e-5)
    np.testing.assert_allclose(phi.grad.numpy(), -2 * 5 * np.cos(0.3), rtol=1e-5)


REAL_CUTS = {
    "sqrt": (-2.5,),
    "log": (-2.5,),
    "log2": (-2.5,),
    "log10": (-2.5,),
    "log1p": (-2.5,),
    "arccosh": (-2.5, 0.5),
}
REAL_CUTS |= dict.fromkeys(("arcsin", "arccos", "arctanh"), (-2.5, 2.5))
IMAGINARY_CUTS = dict.fromkeys(("arctan", "arcsinh"), (-2.5, 2.5))


@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize(
    ("name", "x"),
    [(name, x + 0j) for name, at in REAL_CUTS.items() for x in at]
    + [(name, x * 1j) for name, at in IMAGINARY_CUTS.items() for x in at],
)
def test_on_a_cut_the_gradient_is_that_of_the_side_which_the_value_is_of(name: str, x: complex, side: int) -> None:
    """NumPy reads the side off the sign of a zero."""
    f = getattr(np, name)

    def beside(distance: float) -> complex:
        away = np.copysign(distance, side)
        return complex(x.real or away, x.imag or away)

    on, near = beside(0.0), beside(1e-9)
    np.testing.assert_allclose(f(on), f(near), atol=1e-7)
    for part in (np.real, np.imag):
        gradient = grad(lambda z, part=part: part(f(z)))
        np.testing.assert_allclose(gradient(on).item(), gradient(near).item(), rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize("exponent", [2, 2.0, 0.5, -1.5, 1 + 1j])
@pytest.mark.parametrize("base", [1.5, -1.5 + 0.2j, 2j, 1 - 1j])
def test_powers(base: complex, exponent: complex) -> None:
    """x1 ** x2 = exp(x2 ln x1), of complex and real numbers."""
    a, b = leaf(np.asarray(base)), leaf(np.asarray(exponent) * 1.0)
    exp: Any = np.exp
    plain = pullback([(a**b).real], [a, b])
    through = pullback([exp(b * np.log(a)).real], [a, b])
    for one, other in zip(plain, through, strict=True):
        assert one.dtype == other.dtype
        np.testing.assert_allclose(one.numpy(), other.numpy(), rtol=1e-12, atol=1e-14)
    (constant,) = pullback([(a**exponent).real], [a])
    np.testing.assert_allclose(constant.numpy(), plain[0].numpy(), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(
    "f", [np.abs, np.angle, np.sign, lambda z: (z.conj() * z**2).imag, lambda z: z.real**2 / z.imag, lambda z: z**z]
)
def test_higher_derivatives_of_what_is_not_holomorphic(f: Callable[..., Any]) -> None:
    check_grads(f, Z, order=3)
