"""Activations beside PyTorch's of the same name: value, gradient and repr, for drawn inputs and options."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st

from tapegrad import nn, tensor
from tapegrad.autograd import ShapeError
from tapegrad.autograd.testing import check_grads
from tapegrad.nn import functional as F

some = settings(max_examples=max(settings().max_examples, 100))
SLOPES = st.sampled_from((0.3, 1.0, 2.0))
DIMS = st.sampled_from((0, 1, -1))
OPTIONS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "ReLU": {},
    "ReLU6": {},
    "LeakyReLU": {"negative_slope": SLOPES},
    "ELU": {"alpha": SLOPES},
    "SELU": {},
    "Sigmoid": {},
    "Tanh": {},
    "Softplus": {"beta": SLOPES, "threshold": st.sampled_from((20.0, 2.0))},
    "Softmax": {"dim": DIMS},
    "LogSoftmax": {"dim": DIMS},
    "CELU": {"alpha": st.sampled_from((0.5, 1.0, 2.0))},  # PyTorch rounds 1 / alpha to float32
    "GELU": {"approximate": st.sampled_from(("none", "tanh"))},
    "GLU": {"dim": DIMS},
    "Hardshrink": {"lambd": SLOPES},
    "Hardsigmoid": {},
    "Hardswish": {},
    "Hardtanh": {"min_val": st.sampled_from((-1.0, -2.0)), "max_val": SLOPES},
    "LogSigmoid": {},
    "Mish": {},
    "PReLU": {"num_parameters": st.sampled_from((1, 2)), "init": SLOPES},
    "SiLU": {},
    "Softmin": {"dim": DIMS},
    "Softshrink": {"lambd": SLOPES},
    "Softsign": {},
    "Tanhshrink": {},
    "Threshold": {"threshold": st.sampled_from((0.1, -1.0)), "value": SLOPES},
}


@pytest.mark.parametrize("name", OPTIONS)
@given(data=st.data())
@some
def test_twins(name: str, data: st.DataObject) -> None:
    options = data.draw(st.fixed_dictionaries({}, optional=OPTIONS[name]))
    if name == "Threshold":
        options = {"threshold": 0.1, "value": 2.0, **options}
    if name in ("Softmax", "LogSoftmax", "Softmin"):
        options.setdefault("dim", -1)
    x = np.random.default_rng(data.draw(st.integers(0, 999))).normal(
        0, 4, (4, 2, *data.draw(st.sampled_from(((), (2,)))))
    )
    ours, theirs = getattr(nn, name)(**options).to(np.float64), getattr(torch.nn, name)(**options).double()
    one, other = tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)

    y, expected = ours(one), theirs(other)
    g = np.random.default_rng(0).normal(size=tuple(expected.shape))
    y.backward(g)
    expected.backward(torch.tensor(g))

    np.testing.assert_allclose(y.numpy(), expected.detach().numpy(), 1e-12, 1e-12)
    assert one.grad is not None
    rounded = 1e-7 if name == "Hardsigmoid" else 1e-12  # PyTorch's gradient has 1/6 rounded to float32 in it
    np.testing.assert_allclose(one.grad.numpy(), other.grad.numpy(), rounded, 1e-12)  # type: ignore[union-attr]
    for mine, their in zip(ours.parameters(), theirs.parameters(), strict=True):
        np.testing.assert_allclose(mine.grad.numpy(), their.grad.numpy(), 1e-12, 1e-12)
    assert set(ours.state_dict()) == set(theirs.state_dict())


@pytest.mark.parametrize("size", [3, 1000])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_gelu_with_kernels_and_without(size: int, dtype: Any) -> None:
    x = np.random.default_rng(0).normal(0, 3, size).astype(dtype)
    expected = torch.nn.functional.gelu(torch.tensor(x)).numpy()
    y = F.gelu(tensor(x))
    assert y.dtype == dtype
    np.testing.assert_allclose(y.numpy(), expected, 64 * np.finfo(dtype).eps, 64 * np.finfo(dtype).eps)
    check_grads(F.gelu, x.astype(np.float64)[::50])


def test_one_slope_for_each_channel() -> None:
    with pytest.raises(
        ShapeError, match=r"prelu: expected 1 weight or 3, one for each channel of \(2, 3\), got \(2,\)"
    ):
        nn.PReLU(2)(tensor(np.ones((2, 3))))
    with pytest.raises(ShapeError, match=r"glu: axis -1 must have an even size, got shape \(2, 3\)"):
        nn.GLU()(tensor(np.ones((2, 3))))


@pytest.mark.parametrize("p", [1.0, 2.0, 3.0])
def test_normalize(p: float) -> None:
    x = np.random.default_rng(0).normal(size=(4, 3))
    expected = torch.nn.functional.normalize(torch.tensor(x), p).numpy()
    np.testing.assert_allclose(F.normalize(tensor(x), p).numpy(), expected, 1e-12)
    check_grads(lambda x: F.normalize(x, p), x)
    assert F.normalize(tensor(np.zeros((1, 3)))).numpy().tolist() == [[0, 0, 0]]
