"""What all optimizers share: what they refuse, whom they train, and that nothing changes behind a graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import numpy as np
import pytest

import tapegrad as tg
from tapegrad import nn
from tapegrad.nn.optim import SGD, Adam, Optimizer

Make: TypeAlias = Callable[[Iterable[tg.Tensor]], Optimizer]
KINDS: list[Make] = [
    lambda params: SGD(params, lr=0.1),
    lambda params: SGD(params, lr=0.1, momentum=0.9, nesterov=True),
    lambda params: Adam(params, lr=0.1),
]
every_kind = pytest.mark.parametrize("make", KINDS, ids=["SGD", "momentum", "Adam"])


def parameter(*values: float) -> nn.Parameter:
    return nn.Parameter(values, dtype=np.float64)


def give_gradient(p: tg.Tensor) -> None:
    """Leave in p the gradient of Σ p² / 2, which is p."""
    p.grad = None
    ((p * p).sum() * 0.5).backward()


@every_kind
def test_a_step_goes_downhill(make: Make) -> None:
    p = parameter(3, -2)
    optimizer = make([p])
    give_gradient(p)

    optimizer.step()

    assert p.numpy()[0] < 3
    assert p.numpy()[1] > -2
    assert optimizer.steps == 1


@every_kind
def test_a_living_graph_keeps_the_old_values(make: Make) -> None:
    p = parameter(3, -2)
    optimizer = make([p])
    cube = (p**3).sum()
    give_gradient(p)

    optimizer.step()
    optimizer.zero_grad()
    cube.backward()

    assert p.grad is not None
    np.testing.assert_array_equal(p.grad.numpy(), [27, 12])
    assert not np.array_equal(p.numpy(), [3, -2])


@every_kind
def test_two_walks_around_a_step_agree(make: Make) -> None:
    p = parameter(3, -2)
    optimizer = make([p])
    loss = (p**2).sum()
    loss.backward(retain_graph=True)
    assert p.grad is not None
    first = p.grad.numpy()

    optimizer.step()
    optimizer.zero_grad()
    loss.backward()

    np.testing.assert_array_equal(p.grad.numpy(), first)


@every_kind
def test_values_taken_out_before_a_step_stay(make: Make) -> None:
    p = parameter(3, -2)
    optimizer = make([p])
    taken, detached = p.numpy(), p.detach()
    give_gradient(p)

    optimizer.step()

    np.testing.assert_array_equal(taken, [3, -2])
    np.testing.assert_array_equal(detached.numpy(), [3, -2])


@every_kind
def test_the_array_that_a_parameter_was_made_from_stays(make: Make) -> None:
    array = np.array([3.0, -2.0])
    p = nn.Parameter(array, dtype=np.float64)
    optimizer = make([p])
    give_gradient(p)

    optimizer.step()

    np.testing.assert_array_equal(array, [3, -2])


@every_kind
def test_a_step_leaves_the_gradient_as_it_was(make: Make) -> None:
    p = parameter(3, -2)
    give_gradient(p)
    assert p.grad is not None

    make([p]).step()

    np.testing.assert_array_equal(p.grad.numpy(), [3, -2])


@every_kind
def test_steps_are_not_recorded(make: Make) -> None:
    p = parameter(3, -2)
    give_gradient(p)
    make([p]).step()

    assert p.is_leaf
    assert p.requires_grad


@every_kind
def test_what_has_no_gradient_is_left_alone(make: Make) -> None:
    used, unused = parameter(3), parameter(5)
    optimizer = make([used, unused])
    give_gradient(used)

    optimizer.step()

    assert unused.item() == 5
    assert used.item() != 3


@every_kind
def test_zero_grad(make: Make) -> None:
    p = parameter(3)
    optimizer = make([p])
    give_gradient(p)

    optimizer.zero_grad()

    assert p.grad is None


@every_kind
def test_the_learning_rate_can_be_changed(make: Make) -> None:
    p = parameter(3, -2)
    optimizer = make([p])
    give_gradient(p)

    optimizer.lr = 0.0
    optimizer.step()

    np.testing.assert_array_equal(p.numpy(), [3, -2])


@every_kind
@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.complex128])
def test_layouts_and_dtypes(make: Make, order: Any, dtype: Any) -> None:
    values = np.array([[1, 2, 3], [4, 5, 6]], dtype, order=order)
    p = tg.tensor(values, requires_grad=True)
    optimizer = make([p])
    for _ in range(2):
        optimizer.zero_grad()
        (p * p.conj()).real.sum().backward()
        optimizer.step()

    assert p.dtype == dtype
    assert (np.abs(p.numpy()) < np.abs(values)).all()


@every_kind
def test_training_finds_the_minimum(make: Make) -> None:
    p = parameter(3, -2)
    optimizer = make([p])
    for _ in range(300):
        optimizer.zero_grad()
        ((p - np.array([1.0, 4.0])) ** 2).sum().backward()
        optimizer.step()

    np.testing.assert_allclose(p.numpy(), [1, 4], atol=1e-3)


@every_kind
def test_parameters_may_come_from_a_generator(make: Make) -> None:
    layer = nn.Linear(2, 3)

    assert len(make(layer.parameters()).params) == 2


P = parameter(1)
MISTAKES: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (lambda: SGD([], 0.1), ValueError, r"SGD: there are no parameters to train"),
    (lambda: Adam(nn.ReLU().parameters()), ValueError, r"Adam: there are no parameters to train"),
    (lambda: Adam([{"params": []}]), ValueError, r"Adam: there are no parameters to train"),
    (lambda: SGD([P, P], 0.1), ValueError, r"SGD: a parameter is given twice: 1 is 0 again"),
    (lambda: SGD([P], "1e-3"), TypeError, r"SGD: lr must be a number, got '1e-3'"),  # type: ignore[arg-type]
    (lambda: SGD(P), TypeError, r"SGD: expected the tensors to train, .* got a Parameter"),
    (lambda: SGD(nn.Sequential(nn.ReLU())), TypeError, r"such as model.parameters\(\), got a Sequential"),
    (lambda: SGD(nn.Linear(1, 1).freeze().parameters()), TypeError, r"got one of shape \(1, 1\) that is frozen: give"),
    (lambda: SGD([P], -0.1), ValueError, r"SGD: lr must not be negative, got -0.1"),
    (lambda: Adam([P], float("nan")), ValueError, r"Adam: lr must not be negative, got nan"),
    (lambda: SGD([P], 0.1, momentum=-1), ValueError, r"SGD: momentum must not be negative, got -1"),
    (lambda: SGD([P], 0.1, weight_decay=-1), ValueError, r"SGD: weight_decay must not be negative, got -1"),
    (lambda: SGD([P], 0.1, nesterov=True), ValueError, r"SGD: nesterov needs a momentum above 0"),
    (lambda: Adam([P], betas=(1.0, 0.9)), ValueError, r"Adam: betas must lie in \[0, 1\), got \(1.0, 0.9\)"),
    (lambda: Adam([P], betas=(0.9, -0.1)), ValueError, r"Adam: betas must lie in \[0, 1\)"),
    (lambda: Adam([P], eps=-1e-8), ValueError, r"Adam: eps must not be negative, got -1e-08"),
    (lambda: Adam([P], weight_decay=-1), ValueError, r"Adam: weight_decay must not be negative, got -1"),
    (lambda: SGD([P, np.ones(2)], 0.1), TypeError, r"SGD: parameter 1 must be a leaf tensor .*, got array"),
    (lambda: SGD([P * 2], 0.1), TypeError, r"SGD: parameter 0 must be a leaf tensor that requires a gradient"),
    (lambda: Adam([tg.tensor([1.0])]), TypeError, r"Adam: parameter 0 must be a leaf tensor that requires a gradient"),
]


@pytest.mark.parametrize(("mistake", "error", "message"), MISTAKES)
def test_mistakes(mistake: Callable[[], Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        mistake()


def test_a_state_of_another_kind_changes_nothing() -> None:
    optimizer = Adam([P], 0.01)
    for state, message in (
        (SGD([P], 0.1).state_dict(), "Adam: the state is that of SGD"),
        ({}, "Adam: the state has no param_groups and no state"),
    ):
        with pytest.raises(ValueError, match=message):
            optimizer.load_state_dict(state)
    assert optimizer.lr == 0.01


def test_a_new_optimizer_needs_an_update() -> None:
    class Lazy(Optimizer):
        pass

    p = parameter(1)
    give_gradient(p)

    with pytest.raises(NotImplementedError):
        Lazy([p], lr=0.1).step()
