"""Fourier transforms: adjoints, PyTorch's gradients, lengths and errors. The tables compare them with NumPy."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from tapegrad import Tensor, autograd, tensor
from tapegrad.autograd import fft, pullback
from tapegrad.autograd.testing import check_adjoint, check_grads

REAL = np.random.default_rng(0).normal(size=(3, 5, 4))
COMPLEX = REAL + 1j * REAL[::-1]
NORMS = ("backward", "ortho", "forward")
ONE = ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft")
SEVERAL = ("fftn", "ifftn", "rfftn", "irfftn")
TWO = ("fft2", "ifft2", "rfft2", "irfft2")


def leaf(x: Any) -> Tensor:
    return tensor(x, requires_grad=True)


def sample(name: str) -> NDArray[Any]:
    """Complex where a transform takes complex numbers."""
    return REAL if name in ("rfft", "ihfft", "rfft2", "rfftn") else COMPLEX


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 8, 9])
@pytest.mark.parametrize("name", ONE)
def test_the_gradient_is_the_adjoint(name: str, n: int, norm: str) -> None:
    """<Ax, v> = <x, A'v>, of odd and even lengths, of what is cut off and of what is filled up."""

    def transform(x: Any) -> Any:
        return getattr(fft, name)(x, n, 1, norm)

    def adjoint(v: Any) -> Any:
        x = leaf(sample(name))
        return pullback([transform(x)], [x], [v])[0]

    check_adjoint(transform, adjoint, sample(name))


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("n", [6, 7])
def test_the_inverse_takes_back(n: int, norm: Any) -> None:
    x = np.random.default_rng(1).normal(size=(2, n))
    pairs = [(fft.fft, fft.ifft), (fft.rfft, fft.irfft), (fft.ihfft, fft.hfft)]
    for there, back in pairs:
        again = back(there(leaf(x), norm=norm), n, norm=norm)
        np.testing.assert_allclose(again.numpy(), x, atol=1e-14)
        (gradient,) = pullback([(again.real**2).sum()], [again])
        np.testing.assert_allclose(gradient.numpy(), 2 * x, atol=1e-14)


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("name", ONE + SEVERAL + TWO)
def test_pytorch_agrees(name: str, norm: str) -> None:
    """On Σ |y| w with weights w."""
    for points in (None, 3, 6):
        ours, theirs = leaf(sample(name)), torch.tensor(sample(name), requires_grad=True)
        if name in ONE:
            y, other = getattr(fft, name)(ours, points, 1, norm), getattr(torch.fft, name)(theirs, points, 1, norm)
        else:
            s = None if points is None else (points, 4)
            y = getattr(fft, name)(ours, s, (1, 2), norm)
            other = getattr(torch.fft, name)(theirs, s, (1, 2), norm)
        np.testing.assert_allclose(y.numpy(), other.detach().resolve_conj().numpy(), atol=1e-13)
        w = np.random.default_rng(2).uniform(1, 2, y.shape)
        (gradient,) = pullback([(np.abs(y) * w).sum()], [ours])
        (expected,) = torch.autograd.grad((other.abs() * torch.tensor(w)).sum(), theirs)
        np.testing.assert_allclose(gradient.numpy(), expected.resolve_conj().numpy(), atol=1e-12)


@pytest.mark.parametrize("name", ONE + SEVERAL + TWO)
def test_single_precision_stays(name: str) -> None:
    x = leaf(np.asarray(sample(name), {"f": "float32", "c": "complex64"}[sample(name).dtype.kind]))
    y = getattr(fft, name)(x)
    assert y.dtype == getattr(np.fft, name)(x.numpy()).dtype
    assert y.dtype.itemsize == (4 if y.dtype.kind == "f" else 8)
    (gradient,) = pullback([np.abs(y).sum()], [x])
    assert gradient.dtype == x.dtype


def test_what_a_half_spectrum_cannot_say_has_no_gradient() -> None:
    """The imaginary parts at frequencies 0 and n/2 are not looked at."""
    for n, unseen in ((6, [0, 3]), (5, [0])):
        x = leaf(COMPLEX[0, 0])
        (gradient,) = pullback([(fft.irfft(x, n) ** 3).sum()], [x])
        assert (gradient.numpy().imag[unseen] == 0).all()
        assert (gradient.numpy().imag[[1, 2]] != 0).all()


@pytest.mark.parametrize("name", SEVERAL)
@pytest.mark.parametrize("axes", [(0, 0), (1, 1, -2), (2, 0, 2)])
def test_an_axis_may_be_transformed_again(name: str, axes: tuple[int, ...]) -> None:
    if name.startswith("r") and axes[-1] in axes[:-1]:
        axes = (*axes, 0) if axes[-1] != 0 else (*axes, 1)
    x = sample(name)
    np.testing.assert_allclose(getattr(fft, name)(leaf(x), axes=axes).numpy(), getattr(np.fft, name)(x, axes=axes))
    check_grads(lambda t: getattr(fft, name)(t, axes=axes), x)


@pytest.mark.parametrize("name", SEVERAL)
def test_sizes_without_axes_are_those_of_the_last(name: str) -> None:
    with warnings.catch_warnings(action="ignore"):  # NumPy is going to ask for the axes
        expected = getattr(np.fft, name)(sample(name), (4, 6))
    np.testing.assert_allclose(getattr(fft, name)(leaf(sample(name)), (4, 6)).numpy(), expected, atol=1e-14)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda f: f.fft(leaf(REAL), 0), ValueError, r"0 points|\(0\)"),
        (lambda f: f.fft(leaf(REAL), -1), ValueError, r"-1 points|\(-1\)"),
        (lambda f: f.rfft(leaf(np.zeros((2, 0)))), ValueError, r"0 points|\(0\)"),
        (lambda f: f.irfft(leaf(np.zeros((2, 1)))), ValueError, r"0 points|\(0\)"),
        (lambda f: f.hfft(leaf(np.zeros(3)), 0), ValueError, r"0 points|\(0\)"),
        (lambda f: f.irfftn(leaf(np.zeros((2, 1)))), ValueError, r"0 points|\(0\)"),
        (lambda f: f.fft(leaf(REAL), axis=3), IndexError, "axis 3|index out of range"),
        (lambda f: f.irfft(leaf(REAL), axis=3), IndexError, "axis 3|index out of range"),
        (lambda f: f.fft(leaf(np.array(1.0))), IndexError, "axis -1|index out of range"),
        (lambda f: f.fft2(leaf(np.zeros(4))), IndexError, "out of range|out of bounds"),
        (lambda f: f.rfftn(leaf(np.array(1.0))), (ValueError, IndexError), "needs an axis|index out of range"),
        (lambda f: f.fft(leaf(REAL), norm="none"), ValueError, "Invalid norm value none"),
        (lambda f: f.irfft(leaf(REAL), norm="none"), ValueError, "Invalid norm value none"),
        (lambda f: f.fftn(leaf(REAL), (4, 4), (0,)), ValueError, "same length|different lengths"),
        (lambda f: f.rfft(leaf(COMPLEX)), TypeError, "rfft_n_even"),
        (lambda f: f.ihfft(leaf(COMPLEX)), TypeError, "rfft_n_even"),
        (lambda f: f.fftfreq(2.5), ValueError, "n should be an integer"),
    ],
)
def test_errors(call: Any, error: type[Exception], message: str) -> None:
    """The same for our functions and for NumPy's, of tensors and of arrays."""

    class OfArrays:
        def __getattr__(self, name: str) -> Any:
            return lambda x, *args, **kwargs: getattr(np.fft, name)(getattr(x, "data", x), *args, **kwargs)

    for namespace in (fft, np.fft, OfArrays()):
        with pytest.raises(error, match=message):
            call(namespace)


def test_other_axes_may_be_empty() -> None:
    x = leaf(np.zeros((0, 3)))
    assert fft.fft(x).shape == fft.ifft(x).shape == (0, 3)
    assert fft.rfft(x, 5).shape == (0, 3)
    assert fft.fftn(leaf(np.array(2.0))).item() == 2
    (gradient,) = pullback([np.abs(fft.fft(x)).sum()], [x])
    assert gradient.shape == (0, 3)


def test_a_node_names_the_line_of_the_user() -> None:
    nodes: list[Any] = [fft.fft2(leaf(REAL)).node, autograd.special.zeta(2, leaf(1.5)).node]
    assert all(node.code.co_filename == __file__ for node in nodes)
