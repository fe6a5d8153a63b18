"""Gradients of linear algebra are PyTorch's, for losses that do not depend on arbitrary phases and signs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st

from tapegrad import autograd, tensor
from tapegrad.autograd import linalg as ours

from ...tables.matrices import hermitian, rectangular, square

theirs = torch.linalg
some = settings(max_examples=max(settings().max_examples // 2, 10))
DOUBLE = st.sampled_from(("float64", "complex128"))
SQUARE = square(dtype=DOUBLE, min_side=1)
RECTANGULAR = rectangular(dtype=DOUBLE, min_side=1)
TALL = RECTANGULAR.filter(lambda a: a.shape[-2] >= a.shape[-1])
HERMITIAN = hermitian(dtype=DOUBLE, min_side=1)
DEFINITE = hermitian(definite=True, dtype=DOUBLE, min_side=1)


def mH(a: Any) -> Any:  # noqa: N802 - the array API's name
    return a.mH if isinstance(a, torch.Tensor) else autograd.conj(a.mT)


def squares(v: Any) -> Any:
    return abs(v) ** 2


def eigen(result: Any) -> Any:
    """What is the same whatever the order, phases and signs of eigenvectors."""
    w, v = result
    return (w**2).sum(-1), (squares(v) * w[..., None, :]).sum(-1)


def singular(result: Any) -> Any:
    u, s, vh = result
    return s, squares(u), squares(vh), u[..., :1] @ vh[..., :1, :]


def pair(function: str, after: Callable[[Any], Any] = lambda y: y, **options: Any) -> tuple[Any, Any]:
    return (
        lambda *xs: after(getattr(ours, function)(*xs, **options)),
        lambda *xs: after(getattr(theirs, function)(*xs, **options)),
    )


def symmetric_pair(function: str, *after: Any, **options: Any) -> tuple[Any, Any]:
    """Both of the Hermitian part: PyTorch's gradients take it for granted that the argument has no other."""
    f, g = pair(function, *after, **options)
    return lambda a: f((a + mH(a)) / 2), lambda a: g((a + mH(a)) / 2)


CALLS: dict[str, tuple[tuple[Any, Any], Any]] = {
    "inv": (pair("inv"), SQUARE),
    "det": (pair("det"), SQUARE),
    "slogdet": (pair("slogdet", tuple), SQUARE),
    "pinv": (pair("pinv"), RECTANGULAR),
    "cholesky": (symmetric_pair("cholesky"), DEFINITE),
    "cholesky, upper": (symmetric_pair("cholesky", upper=True), DEFINITE),
    "qr": (pair("qr", tuple), TALL),
    "svd": (pair("svd", singular, full_matrices=False), RECTANGULAR),
    "svdvals": (pair("svdvals"), RECTANGULAR),
    "eigh": (symmetric_pair("eigh", eigen), HERMITIAN),
    "eigvalsh": (symmetric_pair("eigvalsh"), HERMITIAN),
    "eig": (pair("eig", eigen), SQUARE),
    "eigvals": (pair("eigvals", lambda w: (w**3).sum(-1)), SQUARE),
    "matrix_power": (pair("matrix_power", n=-3), SQUARE),
    "cond, nuc": (pair("cond", p="nuc"), SQUARE),
    "matrix_norm, nuc": (pair("matrix_norm", ord="nuc"), RECTANGULAR),
    "matrix_norm, 2": (pair("matrix_norm", ord=2), RECTANGULAR),
    "vector_norm, 3": (pair("vector_norm", ord=3), RECTANGULAR),
}


def flat(y: Any) -> list[Any]:
    return list(y) if isinstance(y, tuple | list) else [y]


@pytest.mark.parametrize("name", CALLS)
@given(st.data())
@some
def test_gradients_are_pytorchs(name: str, data: st.DataObject) -> None:
    (f, f_torch), drawn = CALLS[name]
    array = data.draw(drawn)
    if name.startswith("eig") and array.dtype.kind == "f" and name != "eigh":
        array = array.astype(np.complex128)  # theirs is complex also where all eigenvalues are real
    rng = np.random.default_rng(0)
    x, x_torch = tensor(array, requires_grad=True), torch.tensor(array.copy(), requires_grad=True)
    ys, ys_torch = flat(f(x)), flat(f_torch(x_torch))
    loss, loss_torch = tensor(0.0), torch.tensor(0.0)
    for y, y_torch in zip(ys, ys_torch, strict=True):
        weights = rng.normal(size=y.shape) + 1j * rng.normal(size=y.shape)
        loss = loss + autograd.real(y * weights).sum()
        loss_torch = loss_torch + (y_torch * torch.tensor(weights)).real.sum()
    np.testing.assert_allclose(loss.numpy(), loss_torch.detach().numpy(), rtol=1e-9, atol=1e-9)
    loss.backward()
    if not loss_torch.requires_grad:  # theirs is a constant for some batches of nothing
        assert not array.size
        return
    loss_torch.backward()  # type: ignore[no-untyped-call]
    assert x.grad is not None
    assert x_torch.grad is not None
    np.testing.assert_allclose(x.grad.numpy(), x_torch.grad.numpy(), rtol=1e-8, atol=1e-8)


@given(st.data(), DOUBLE, st.sampled_from([(4, 2), (3, 3), (2, 4)]))
@some
def test_systems(data: st.DataObject, dtype: str, shape: tuple[int, int]) -> None:
    """solve and lstsq: several right sides, of full rank."""
    a = data.draw(rectangular(shape, (), st.just(dtype)))
    rng = np.random.default_rng(1)
    b = rng.normal(size=(shape[0], 2)).astype(dtype)
    for name in ("lstsq", "solve") if shape == (3, 3) else ("lstsq",):
        xs = [tensor(x, requires_grad=True) for x in (a, b)]
        xs_torch = [torch.tensor(x.copy(), requires_grad=True) for x in (a, b)]
        y = getattr(ours, name)(*xs)
        options = {"driver": "gelsd"} if name == "lstsq" else {}
        y_torch = getattr(theirs, name)(*xs_torch, **options)
        y, y_torch = (y[0], y_torch[0]) if name == "lstsq" else (y, y_torch)
        squares(y).sum().backward()
        squares(y_torch).sum().backward()
        for x, x_torch in zip(xs, xs_torch, strict=True):
            assert x.grad is not None
            assert x_torch.grad is not None
            np.testing.assert_allclose(x.grad.numpy(), x_torch.grad.numpy(), rtol=1e-8, atol=1e-8)
