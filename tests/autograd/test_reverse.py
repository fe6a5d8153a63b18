"""backward and pullback: what they accumulate, free, refuse, and leave alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tapegrad import Tensor, autograd, tensor
from tapegrad.autograd import DTypeError, GraphError, primitive, pullback


def leaf(x: Any, **options: Any) -> Tensor:
    return tensor(x, requires_grad=True, **options)


def grad_of(x: Tensor) -> Any:
    assert x.grad is not None
    return x.grad.numpy().tolist()


def test_gradients_add_up_in_leaves_until_they_are_cleared() -> None:
    x = leaf([1.0, 2.0])
    for times in (1, 2, 3):
        (x * 3).sum().backward()
        assert grad_of(x) == [3 * times, 3 * times]
    x.grad = None
    (x * 3).sum().backward()
    assert grad_of(x) == [3, 3]


def test_every_path_counts_and_none_twice() -> None:
    x = leaf(2.0)
    y = x * x
    z = y * y + y * x + x
    z.backward()
    assert grad_of(x) == 4 * 8 + 3 * 4 + 1
    w = v = leaf(1.0)
    for _ in range(40):  # 2⁴⁰ paths
        v = v + v
    v.backward()
    assert grad_of(w) == 2.0**40


def test_only_leaves_that_ask_get_a_gradient() -> None:
    x, constant = leaf([1.0]), tensor([2.0])
    y = x * constant
    y.sum().backward()
    assert grad_of(x) == [2]
    assert constant.grad is None


def test_a_leaf_is_its_own_output() -> None:
    x = leaf(2.0)
    x.backward()
    assert grad_of(x) == 1
    assert pullback([x], [x], [5.0])[0].item() == 5


def test_a_second_walk_over_a_freed_graph() -> None:
    x = leaf([1.0, 2.0])
    y = np.exp(x) * 2
    y.sum().backward()
    expected = (
        r"the graph was freed by an earlier backward\(\) \(at (multiply|exp), called at test_reverse\.py:\d+\); pass"
    )
    with pytest.raises(GraphError, match=expected):
        y.sum().backward()
    first = grad_of(x)
    with pytest.raises(GraphError, match=r"pass retain_graph=True to the earlier one"):
        pullback([y.sum()], [x])
    assert grad_of(x) == first


def test_retain_graph() -> None:
    x = leaf([1.0, 2.0])
    y = (x * x).sum()
    y.backward(retain_graph=True)
    y.backward()
    assert grad_of(x) == [4, 8]
    with pytest.raises(GraphError, match="freed"):
        y.backward()


def test_what_another_graph_shares_is_freed_with_it() -> None:
    x = leaf(2.0)
    shared = x * x
    first, second = shared * 2, shared * 3
    first.backward()
    with pytest.raises(GraphError, match="freed"):
        second.backward()
    assert grad_of(x) == 8


def test_create_graph_keeps_the_graph_and_can_be_differentiated() -> None:
    x = leaf(2.0)
    y = x**3
    (g,) = pullback([y], [x], create_graph=True)
    assert g.item() == 12
    (gg,) = pullback([g], [x], create_graph=True)
    assert gg.item() == 12
    (ggg,) = pullback([gg], [x])
    assert ggg.item() == 6
    y.backward()
    assert grad_of(x) == 12


def test_backward_with_create_graph_leaves_gradients_that_are_tracked() -> None:
    x = leaf(2.0)
    (x**3).backward(create_graph=True)
    assert x.grad is not None
    assert x.grad.requires_grad
    (second,) = pullback([x.grad], [x])
    assert second.item() == 12
    (x**2).backward(create_graph=True)
    assert x.grad.item() == 16


def test_a_gradient_is_not_tracked_unless_asked() -> None:
    x = leaf([1.0])
    (x * x).sum().backward()
    assert x.grad is not None
    assert not x.grad.requires_grad
    assert not pullback([(x * x).sum()], [x])[0].requires_grad


def test_what_was_not_recorded_cannot_be_walked() -> None:
    with pytest.raises(GraphError, match=r"not tracked: no input has requires_grad=True, or .* under no_grad\(\)"):
        tensor(1.0).backward()
    x = leaf(1.0)
    with autograd.no_grad():
        y = x * 2
    with pytest.raises(GraphError, match="not tracked"):
        y.backward()
    with pytest.raises(DTypeError, match="a tensor of dtype bool has no gradient"):
        pullback([x > 0], [x])
    with pytest.raises(GraphError, match="pullback: an input is not tracked"):
        pullback([x * 2], [tensor(1.0)])


def test_pullback_by_a_result_and_by_what_does_not_matter() -> None:
    x, other = leaf([1.0, 2.0]), leaf(np.zeros((3, 1), np.float32))
    y = x * 3
    z = (y * y).sum()
    gy, gx, zero = pullback([z], [y, x, other])
    assert gy.numpy().tolist() == [6, 12]
    assert gx.numpy().tolist() == [18, 36]
    assert zero.shape == (3, 1)
    assert zero.dtype == np.float32
    assert not zero.numpy().any()
    assert x.grad is None


def test_pullback_of_several_outputs_and_of_one_twice() -> None:
    x = leaf([1.0, 2.0])
    y, z = x * 2, x * x
    (g,) = pullback([y, z, y], [x], [np.ones(2), np.ones(2), np.array([10.0, 0.0])])
    assert g.numpy().tolist() == [24, 6]


def test_pullback_by_one_input_twice() -> None:
    x = leaf([1.0, 2.0])
    first, second = pullback([(x * x).sum()], [x, x])
    assert first.numpy().tolist() == second.numpy().tolist() == [2, 4]


def test_pullback_walks_no_further_than_it_must() -> None:
    """Beyond what was asked for, rules are not called, and the graph stays."""

    @primitive
    def trap(x: Any) -> Any:
        return x * 1

    x = leaf([1.0, 2.0])
    y = trap(x)
    z = (y * y).sum()
    assert pullback([z], [y])[0].numpy().tolist() == [2, 4]


def test_a_rule_that_fails_names_the_line_and_changes_nothing() -> None:
    @primitive
    def broken(x: Any) -> Any:
        return x * 1

    def rule(g: Any, _y: Any, _x: Any) -> Any:
        raise KeyError("oops")

    broken.defvjp(rule)
    x, w = leaf([1.0]), leaf([2.0])
    x.grad = tensor([7.0])
    y = broken(x) + w
    with pytest.raises(KeyError) as caught:
        y.sum().backward()
    assert caught.value.__notes__[0].startswith("in the derivative of broken, called at test_reverse.py:")
    assert grad_of(x) == [7]
    assert w.grad is None
