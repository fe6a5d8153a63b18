"""Special functions: corners, refusals, orders that are no integers, and PyTorch's. The tables compare with SciPy."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.special
import torch
from numpy import inf, nan

from tapegrad import Tensor, tensor
from tapegrad.autograd import DTypeError, MissingRuleError, grad, pullback, special
from tapegrad.autograd.ops.special.scipys import scipys
from tapegrad.autograd.testing import check_grads

PROMISED = """expit logit erf erfc erfinv erfcinv gamma gammaln digamma psi polygamma beta betaln gammainc gammaincc i0
i1 j0 j1 y0 y1 logsumexp softmax log_softmax erfcx loggamma i0e i1e ndtr ndtri log_ndtr entr expi xlogy xlog1py kl_div
rel_entr""".split()


def leaf(x: Any) -> Tensor:
    return tensor(x, requires_grad=True)


def test_what_was_promised_is_there() -> None:
    assert set(PROMISED) < set(special.__all__)
    assert len(set(special.__all__)) == len(special.__all__) > 100
    assert all(hasattr(scipy.special, name) for name in special.__all__), "SciPy's names"


CORNERS: list[tuple[str, tuple[Any, ...], tuple[Any, ...]]] = [
    ("xlogy", (0.0, 0.0), (0.0, 0.0)),
    ("xlogy", (0.0, 2.0), (np.log(2), 0.0)),
    ("xlogy", (2.0, 0.0), (-inf, None)),
    ("xlog1py", (0.0, -1.0), (0.0, 0.0)),
    ("xlog1py", (0.0, 1.0), (np.log(2), 0.0)),
    ("entr", (0.0,), (inf,)),
    ("rel_entr", (0.0, 0.0), (0.0, 0.0)),
    ("rel_entr", (0.0, 2.0), (-inf, 0.0)),
    ("kl_div", (0.0, 0.0), (0.0, 1.0)),
    ("kl_div", (0.0, 2.0), (-inf, 1.0)),
    ("kl_div", (2.0, 2.0), (0.0, 0.0)),
    ("gammaln", (-1.0,), (nan,)),
    ("rgamma", (0.0,), (1.0,)),
    ("rgamma", (-1.0,), (-1.0,)),
    ("rgamma", (-2.0,), (2.0,)),
    ("gammainc", (1, 0.0), (None, 1.0)),
    ("gammainc", (2, 0.0), (None, 0.0)),
    ("gammainc", (0.5, 0.0), (None, inf)),
    ("gammaincc", (1, 0.0), (None, -1.0)),
    ("betainc", (1, 1, 0.0), (None, None, 1.0)),
    ("betainc", (1, 1, 1.0), (None, None, 1.0)),
    ("betainc", (2, 1, 0.0), (None, None, 0.0)),
    ("exprel", (0.0,), (0.5,)),
    ("boxcox", (2.0, 0.0), (0.5, np.log(2) ** 2 / 2)),
    ("boxcox1p", (1.0, 0.0), (0.5, np.log(2) ** 2 / 2)),
    ("inv_boxcox", (2.0, 0.0), (np.exp(2), -2 * np.exp(2))),
    ("inv_boxcox1p", (2.0, 0.0), (np.exp(2), -2 * np.exp(2))),
    ("huber", (1.0, 0.0), (0.0, 0.0)),
    ("huber", (1.0, -5.0), (4.0, -1.0)),
    ("pseudo_huber", (0.0, 0.0), (0.0, 0.0)),
    ("spence", (1.0,), (-1.0,)),
    ("ellipk", (0.0,), (np.pi / 8,)),
    ("ellipkm1", (1.0,), (-np.pi / 8,)),
    ("ellipe", (0.0,), (-np.pi / 8,)),
    ("j0", (0.0,), (0.0,)),
    ("j1", (0.0,), (0.5,)),
    ("i1", (0.0,), (0.5,)),
    ("iv", (1, 0.0), (None, 0.5)),
    ("i0e", (0.0,), (0.0,)),
    ("i1e", (0.0,), (0.5,)),
    ("spherical_jn", (0, 0.0), (None, 0.0)),
    ("spherical_jn", (1, 0.0), (None, 1 / 3)),
    ("erf", (inf,), (0.0,)),
    ("erfcx", (inf,), (0.0,)),
    ("erfcx", (-inf,), (-inf,)),
    ("ndtr", (-inf,), (0.0,)),
    ("log_ndtr", (inf,), (0.0,)),
    ("expit", (800.0,), (0.0,)),
    ("expit", (-800.0,), (0.0,)),
    ("log_expit", (-800.0,), (1.0,)),
    ("log_expit", (800.0,), (0.0,)),
    ("lambertw", (0.0,), (1.0,)),
    ("powm1", (0.0, 2.0), (0.0, 0.0)),
    ("sinc", (0.0,), (0.0,)),
    ("logsumexp", ([-inf, 0.0],), ([0.0, 1.0],)),
    ("softmax", ([-1000.0, 0.0],), ([0.0, 0.0],)),
]


@pytest.mark.parametrize(("name", "arguments", "gradients"), CORNERS)
def test_corners(name: str, arguments: tuple[Any, ...], gradients: tuple[Any, ...]) -> None:
    """For both ways to walk, and without a warning."""
    for create_graph in (False, True):
        xs = [x if g is None else leaf(x) for x, g in zip(arguments, gradients, strict=True)]
        y = getattr(special, name)(*xs)
        wanted = [(x, g) for x, g in zip(xs, gradients, strict=True) if g is not None]
        got = pullback([y.real.sum()], [x for x, _ in wanted], create_graph=create_graph)
        for one, (_, expected) in zip(got, wanted, strict=True):
            np.testing.assert_allclose(one.numpy(), expected, rtol=1e-13, atol=1e-300)


@pytest.mark.parametrize("name", "logit ndtri erfinv entr gammaln digamma k0 y0 exp1 spence".split())
def test_a_branch_that_is_not_taken_gets_zero_through_a_pole(name: str) -> None:
    x = leaf([-1.0 if name == "erfinv" else 0.0, 0.5])
    y = np.where(np.arange(2) == 1, getattr(special, name)(x), 0)
    (gradient,) = pullback([y.sum()], [x])
    assert gradient.numpy()[0] == 0
    assert np.isfinite(gradient.numpy()[1])


X = np.array([0.3, 0.8, 1.7, 2.6])


@pytest.mark.parametrize(
    "name", ["jv", "yv", "iv", "kv", "ive", "kve", "hankel1", "hankel2", "hyp0f1", "gammainc", "gammaincc"]
)
@pytest.mark.parametrize("order", [0.5, 2.3])
def test_orders_that_are_no_integers(name: str, order: float) -> None:
    check_grads(lambda x: getattr(special, name)(order, x), X)
    check_grads(lambda x: getattr(special, name)(np.array([[order], [order + 0.25]]), x), X)


@pytest.mark.parametrize(
    ("name", "constants"),
    [
        ("gammaincinv", (0.7,)),
        ("gammainccinv", (2.6,)),
        ("betainc", (0.6, 2.5)),
        ("betaincc", (0.6, 2.5)),
        ("betaincinv", (1.6, 2.5)),
        ("betainccinv", (1.6, 2.5)),
        ("hyp1f1", (0.3, 1.2)),
        ("hyp2f1", (0.3, -0.4, 1.2)),
    ],
)
def test_parameters_that_are_no_integers(name: str, constants: tuple[float, ...]) -> None:
    check_grads(lambda x: getattr(special, name)(*constants, x), np.array([0.2, 0.5, 0.7]))


def test_zeta_of_any_exponent() -> None:
    check_grads(lambda q: special.zeta(2.7, q), X)
    assert special.zeta(tensor(2.0)).item() == pytest.approx(np.pi**2 / 6)


@pytest.mark.parametrize(
    ("name", "arguments", "named"),
    [
        ("jv", (0.5, 1.0), "v"),
        ("kn", (2.0, 1.0), "n"),
        ("betainc", (0.5, 1.5, 0.5), "a"),
        ("hyp2f1", (0.5, 1.5, 2.5, 0.5), "a"),
        ("polygamma", (1.0, 0.5), "n"),
        ("zeta", (2.5, 0.5), "x"),
        ("expn", (2.0, 0.5), "n"),
    ],
)
def test_an_argument_without_a_derivative_says_so_when_asked(name: str, arguments: Any, named: str) -> None:
    xs = [leaf(x) for x in arguments]
    y = getattr(special, name)(*xs)
    with pytest.raises(MissingRuleError, match=rf"special\.{name} has no derivative by its argument {named} here"):
        pullback([y], xs[:1], retain_graph=True)
    pullback([y], xs[-1:])  # the others have theirs


def test_what_is_not_holomorphic_is_refused() -> None:
    with pytest.raises(DTypeError, match=r"ive: exp\(-\|Re x\|\) has no complex derivative"):
        special.ive(1, leaf(1 + 1j)).real.backward()
    with pytest.raises(DTypeError, match="SciPy has the derivatives of digamma for real x alone"):
        special.digamma(leaf(1 + 1j)).real.backward()
    with pytest.raises(TypeError, match="'expit' not supported"):
        special.expit(leaf(1 + 1j))


def test_without_scipy_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.special", None)
    scipys.cache_clear()
    with pytest.raises(ImportError, match=r"special\.erfcx is SciPy's: pip install tapegrad\[special\]"):
        special.erfcx(leaf(1.0))
    assert special.log1p(leaf(0.0)).item() == 0  # is NumPy's


HALF = torch.tensor(0.5, dtype=torch.float64)
ONE = {
    "digamma": X, "erf": X, "erfc": X, "erfcx": X, "erfinv": X / 3, "exp2": X, "expit": X, "expm1": X, "gammaln": X,
    "i0": X, "i0e": X, "i1": X, "i1e": X, "log1p": X, "log_ndtr": -X * 10, "logit": X / 3, "ndtr": X, "ndtri": X / 3,
    "psi": X, "sinc": X, "entr": X,
}  # fmt: skip
OTHERS: dict[str, tuple[Callable[..., Any], tuple[Any, ...], Callable[..., Any]]] = {
    "xlogy": (special.xlogy, (X, X[::-1].copy()), torch.special.xlogy),
    "xlog1py": (special.xlog1py, (X, X[::-1].copy()), torch.special.xlog1py),
    "gammainc": (lambda x: special.gammainc(1.5, x), (X,), lambda x: torch.special.gammainc(HALF + 1, x)),
    "gammaincc": (lambda x: special.gammaincc(1.5, x), (X,), lambda x: torch.special.gammaincc(HALF + 1, x)),
    "multigammaln": (lambda x: special.multigammaln(x, 2), (X + 1,), lambda x: torch.special.multigammaln(x, 2)),
    "polygamma": (lambda x: special.polygamma(2, x), (X,), lambda x: torch.special.polygamma(2, x)),
    "logsumexp": (lambda x: special.logsumexp(x, 0), (X,), lambda x: torch.special.logsumexp(x, 0)),
    "softmax": (lambda x: special.softmax(x, 0), (X,), lambda x: torch.special.softmax(x, 0)),
    "log_softmax": (lambda x: special.log_softmax(x, 0), (X,), lambda x: torch.special.log_softmax(x, 0)),
}  # fmt: skip
OTHERS |= {name: (getattr(special, name), (x,), getattr(torch.special, name)) for name, x in ONE.items()}


@pytest.mark.parametrize("name", OTHERS)
def test_pytorch_agrees(name: str) -> None:
    f, arrays, theirs = OTHERS[name]
    xs, others = [leaf(x) for x in arrays], [torch.tensor(x, requires_grad=True) for x in arrays]
    y, other = f(*xs), theirs(*others)
    np.testing.assert_allclose(y.numpy(), other.detach().numpy(), rtol=1e-12)
    w = np.random.default_rng(0).uniform(1, 2, y.shape)
    expected = torch.autograd.grad((other * torch.tensor(w)).sum(), others)
    for one, by_torch in zip(pullback([(y * w).sum()], xs), expected, strict=True):
        np.testing.assert_allclose(one.numpy(), by_torch.numpy(), rtol=1e-9)


def test_real_arguments_of_complex_results_have_real_gradients() -> None:
    for name in ("lambertw", "wofz"):
        for dtype in (np.float32, np.float64):
            x = leaf(X.astype(dtype))
            (gradient,) = pullback([np.abs(getattr(special, name)(x)).sum()], [x])
            assert gradient.dtype == dtype
        check_grads(getattr(special, name), X)


@pytest.mark.parametrize("d", [0, -1, 1.5])
def test_multigammaln_needs_dimensions(d: Any) -> None:
    with pytest.raises(ValueError, match="expected a positive integer d"):
        special.multigammaln(leaf(X), d)
    with pytest.raises(ValueError, match="larger than"):
        special.multigammaln(leaf(X), 3)


def test_scipys_functions_reach_ours() -> None:
    x = leaf(X)
    assert scipy.special.erf(x).node.primitive is special.erf.primitive
    assert scipy.special.jv(0.5, x).node.primitive is special.jv.primitive
    si, ci = scipy.special.sici(x)
    assert grad(lambda t: scipy.special.sici(t)[0])(1.0).item() == pytest.approx(np.sin(1))
    assert si.requires_grad
    assert ci.requires_grad
