"""A module and PyTorch's of the same name and options, with the same weights: made, called and compared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from tapegrad import nn, tensor

__all__ = ["close", "compare", "pair"]


def pair(name: str, *sizes: Any, **options: Any) -> tuple[nn.Module, Any]:
    """Ours and theirs in float64, with equal weights, none of which is a 0 or 1 that would hide a mistake."""
    ours: nn.Module = getattr(nn, name)(*sizes, **options).to(np.float64)
    theirs = getattr(torch.nn, name)(*sizes, **options).double()
    rng = np.random.default_rng(0)
    for parameter in ours.parameters():
        parameter.data = parameter.numpy() + rng.uniform(-0.3, 0.3, parameter.shape)
    state = ours.state_dict()
    assert sorted(state) == sorted(theirs.state_dict())
    theirs.load_state_dict({name: torch.tensor(np.array(value, order="C")) for name, value in state.items()})
    return ours, theirs


def compare(
    ours: nn.Module, theirs: Any, *inputs: Any, call: Callable[[Any], Any] = lambda module: module, **options: Any
) -> None:
    """Values, and gradients by all floating inputs and all parameters, to 1e-9; and the text of `extra_repr`.

    Arrays among the options are given to both as constants. `call` makes the function of the inputs, if that is not
    the module itself.
    """
    ours.zero_grad()
    theirs.zero_grad()
    mine = [tensor(x, requires_grad=x.dtype.kind == "f") for x in inputs]
    their = [torch.tensor(x, requires_grad=x.dtype.kind == "f") for x in inputs]
    constants = {key: value for key, value in options.items() if isinstance(value, np.ndarray)}

    results = flat(call(ours)(*mine, **options | {key: tensor(value) for key, value in constants.items()}))
    expected = flat(call(theirs)(*their, **options | {key: torch.tensor(value) for key, value in constants.items()}))
    rng = np.random.default_rng(1)
    total, wanted = 0.0, 0.0
    for y, e in zip(results, expected, strict=True):
        assert (y is None) == (e is None)
        if y is not None:
            close(y.numpy(), e.detach().numpy())
            g = rng.normal(size=y.shape)
            total, wanted = total + (y * g).sum(), wanted + (e * torch.tensor(g)).sum()
    total.backward(), wanted.backward()  # type: ignore[attr-defined]

    for x, t in zip(mine, their, strict=True):
        if x.requires_grad:
            close(x.grad.numpy(), t.grad.numpy())  # type: ignore[union-attr]
    gradients = {name: parameter.grad for name, parameter in theirs.named_parameters()}
    for name, parameter in ours.named_parameters():
        gradient = gradients.pop(name)
        if gradient is None:
            assert parameter.grad is None
        else:
            close(parameter.grad.numpy(), gradient.numpy())  # type: ignore[union-attr]
    assert not gradients
    assert ours.extra_repr() == theirs.extra_repr()


def flat(result: Any) -> list[Any]:
    return [part for each in result for part in flat(each)] if isinstance(result, tuple) else [result]


def close(ours: Any, theirs: Any) -> None:
    """To 1e-9 of the largest element: sums of many terms are no better than their largest term."""
    assert ours.shape == theirs.shape
    np.testing.assert_allclose(ours, theirs, 1e-9, 1e-9 * max(1e-3, np.abs(theirs).max(initial=0)))
