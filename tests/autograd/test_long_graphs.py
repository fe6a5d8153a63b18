"""Graphs of a million operations: built, walked and released without recursion."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from tapegrad import Tensor, autograd, tensor
from tapegrad.autograd import pullback

MILLION = 1_000_000


def test_a_chain_of_a_million_operations() -> None:
    x = tensor(1.0, requires_grad=True)
    y = x
    for _ in range(MILLION // 2):
        y = -(y * 1.0)
    assert y.item() == 1
    y.backward()
    assert x.grad is not None
    assert x.grad.item() == 1
    del y


def test_a_long_chain_is_released_unwalked() -> None:
    y: Tensor = tensor(1.0, requires_grad=True)
    for _ in range(MILLION // 10):
        y = y * 1.0
    del y


def test_a_long_chain_of_second_order() -> None:
    x = tensor(1.0, requires_grad=True)
    y = x
    n = 3_000
    for _ in range(n):
        y = y * x
    (g,) = pullback([y], [x], create_graph=True)
    (gg,) = pullback([g], [x])
    assert g.item() == n + 1
    assert gg.item() == (n + 1) * n


@pytest.mark.parametrize("depth", [10 * sys.getrecursionlimit()])
def test_depth_is_not_bounded_by_recursion(depth: int) -> None:
    x = tensor([1.0, 2.0], requires_grad=True)
    y = x
    for i in range(depth):
        y = y + x if i % 2 else y[::-1]
    y.sum().backward()
    assert x.grad is not None
    assert x.grad.numpy().sum() == depth + 2
    assert y.node is not None
    assert len(autograd.graph.topological_order([y.node])) == depth + 1


def test_a_very_wide_graph() -> None:
    xs = [tensor(float(i), requires_grad=True) for i in range(3_000)]
    y = np.stack([x * x for x in xs]).sum()
    y.backward()
    assert all(x.grad is not None and x.grad.item() == 2 * i for i, x in enumerate(xs))
