"""The first NaN or Inf is found where it is born: faults are put into every primitive, forward and backward."""

from __future__ import annotations

import re
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from types import CellType, FunctionType
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies as st

import tapegrad as tg
from tapegrad import Tensor, nn, tensor
from tapegrad.autograd import AnomalyError, fusing, pullback
from tapegrad.autograd.primitive import Primitive
from tests.autograd.tables import CASES
from tests.autograd.test_primitives import ENGINE

PROMISED = {"convolution": fusing.Convolved, "relu": fusing.Rectified, "max_pool2d": fusing.Pooled}
few = settings(max_examples=3, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])


@pytest.fixture(autouse=True)
def no_warnings() -> Iterator[None]:
    """NumPy warns of what we look for."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        yield


def spoiled(y: Any, bad: float) -> Any:
    y = np.array(y)
    y.flat[y.size - 1] = bad
    return y


def cells(function: Any) -> Iterator[CellType]:
    """Where a recorded operation keeps its forward, perhaps inside another."""
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        if name == "forward":
            yield cell
        elif isinstance(cell.cell_contents, FunctionType) and cell.cell_contents is not function:
            yield from cells(cell.cell_contents)


@contextmanager
def forward_fault(name: str, bad: float) -> Iterator[None]:
    """Within it the operation's result has one bad number."""
    places = list(cells(ENGINE[name]))
    assert places, f"{name} keeps no forward: where is its result made?"
    true: Callable[..., Any] = places[0].cell_contents
    for cell in places:
        cell.cell_contents = lambda *args, **params: spoiled(true(*args, **params), bad)
    try:
        yield
    finally:
        for cell in places:
            cell.cell_contents = true


def called(name: str, data: st.DataObject) -> Callable[[], Any]:
    """A call of an operation, on arrays from its table, with a result that can be spoiled."""
    arrays, params = data.draw(CASES[name].drawn)
    inputs = [tensor(x, requires_grad=np.asarray(x).dtype.kind in "fc") for x in arrays]
    y = ENGINE[name](*inputs, **params)
    assume(y.size and y.dtype.kind in "fc" and np.isfinite(y.numpy()).all())
    return lambda: (inputs, ENGINE[name](*inputs, **params))


NOTHING: AbstractContextManager[None] = nullcontext()


@pytest.mark.parametrize("name", [name for name in CASES if name != "convolution"])
@given(st.data(), st.sampled_from((np.nan, np.inf)))
@few
def test_a_fault_in_a_forward_is_found(name: str, data: st.DataObject, bad: float) -> None:
    call = called(name, data)
    (x, *_), y = call()
    if x.size and np.may_share_memory(x.numpy(), y.numpy()):  # a view makes no numbers: it shows those of its base
        with tg.no_grad():
            x.fill(complex(bad, bad) if x.dtype.kind == "c" else bad)
        expected, fault = f"(?s)^{name} gave .* was bad before: it is a leaf", NOTHING
    else:
        expected, fault = f"(?s)^{name} gave 1 (NaN|Inf) of .*born", forward_fault(name, bad)
    with fault, tg.detect_anomaly(), pytest.raises(AnomalyError, match=expected) as caught:
        call()
    assert "test_anomaly.py:" in str(caught.value)


@pytest.mark.parametrize("name", CASES)
@given(st.data(), st.sampled_from((np.nan, np.inf)))
@few
def test_a_fault_in_a_rule_is_found(name: str, data: st.DataObject, bad: float) -> None:
    call = called(name, data)
    primitive = ENGINE[name].primitive
    inputs, y = call()
    tracked = [x for x in inputs if x.requires_grad and x.size]
    assume(tracked and y.requires_grad)
    with rule_faults(primitive, bad), tg.detect_anomaly(), pytest.raises(AnomalyError) as caught:
        pullback([y], tracked, [np.zeros(y.shape, y.dtype)])
    assert re.match(rf"the derivative of {name} with respect to \S+ gave 1 (NaN|Inf)", str(caught.value))
    assert "test_anomaly.py:" in str(caught.value)


@contextmanager
def rule_faults(primitive: Primitive, bad: float) -> Iterator[None]:
    """Within it each gradient that a rule of the primitive gives has one bad number."""

    def wrong(rule: Callable[..., Any]) -> Callable[..., Any]:
        def spoiling(*args: Any, **params: Any) -> Any:
            g = rule(*args, **params)
            return [each if each is None else spoiled(each, bad) for each in g] if type(g) is tuple else spoiled(g, bad)

        return spoiling

    true = primitive.rules, primitive.rule_of_all
    primitive.rules = tuple(rule and wrong(rule) for rule in primitive.rules)
    primitive.rule_of_all = primitive.rule_of_all and wrong(primitive.rule_of_all)
    try:
        yield
    finally:
        primitive.rules, primitive.rule_of_all = true


@pytest.mark.parametrize("kind", PROMISED.values(), ids=PROMISED)
def test_a_fault_in_a_promised_result_is_found(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    true = kind.compute
    monkeypatch.setattr(kind, "compute", lambda self: spoiled(true(self), np.nan))
    net = nn.Sequential(nn.Conv2d(2, 3, 3), nn.ReLU(), nn.MaxPool2d(2))
    depth = list(PROMISED.values()).index(kind) + 1
    with (
        tg.detect_anomaly(),
        pytest.raises(AnomalyError, match=r"gave 1 NaN of \d+ elements, called at test_anomaly.py"),
    ):
        nn.Sequential(*list(net)[:depth])(tensor(np.ones((2, 2, 6, 6), np.float32))).sum()


def test_a_division_by_zero_and_the_way_to_it() -> None:
    x = tensor([0.0, 1.0], requires_grad=True, name="x")
    with tg.detect_anomaly(), pytest.raises(AnomalyError) as caught:
        np.log(x * 2)
    assert str(caught.value).splitlines() == [
        f"log gave 1 Inf of 2 elements, called at {here(-2)}",
        "    np.log(x * 2)",
        "  x: float64 (2,), from 0 to 2, mean 1",
        "  What it was given is finite: this is where it was born.",
        f"  x comes from multiply (2,) at {here(-6)} <- x",
    ]


def here(offset: int) -> str:
    return f"test_anomaly.py:{sys._getframe(1).f_lineno + offset}"


def test_a_gradient_that_is_born_infinite_and_the_way_to_it() -> None:
    x = tensor([0.0, 1.0], requires_grad=True, name="x")
    with tg.detect_anomaly():
        loss = np.sqrt(x).sum() * 3
        with pytest.raises(AnomalyError, match="the derivative of sqrt with respect to x gave 1 Inf of 2") as caught:
            loss.backward()
    assert "incoming gradient: float64 (2,), from 3 to 3" in str(caught.value)
    assert f"Its gradient came from sum at {here(-4)} <- multiply at {here(-4)}" in str(caught.value)
    assert x.grad is None


def test_bad_values_from_before_are_followed_back() -> None:
    x = tensor([0.0, 1.0], requires_grad=True, name="x")
    with np.errstate(divide="ignore"):
        y = np.log(x)
    with tg.detect_anomaly():
        with pytest.raises(AnomalyError, match=r"x1 was bad before: it comes from log .* outside of detect_anomaly"):
            y + 1
        with pytest.raises(AnomalyError, match="x2 was bad before: it is a constant"):
            x * np.array([np.nan, 1])
    z = tensor([np.nan], requires_grad=True, name="z")
    with pytest.raises(AnomalyError, match="z was bad before: it is a leaf"), tg.detect_anomaly():
        z * 2
    squared = z * z
    with pytest.raises(AnomalyError, match="x was bad before: it comes from z"), tg.detect_anomaly():
        np.exp(squared)


def test_parameters_and_modules_have_their_names() -> None:
    net = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
    net[2].weight.data[0, 0] = np.nan
    with pytest.raises(AnomalyError) as caught, tg.detect_anomaly():
        net(tensor(np.ones((5, 3), np.float32)))
    assert "in 2 (Linear)" in str(caught.value)
    assert "2.weight: float32 (2, 4)" in str(caught.value)
    assert "2.weight was bad before: it is a leaf" in str(caught.value)


def test_sums_of_gradients_that_overflow() -> None:
    x = tensor(np.float32(1), requires_grad=True, name="x")
    born = pytest.raises(AnomalyError, match=r"the gradient that arrives at x \(\) has 1 Inf .* its parts were finite")
    with tg.detect_anomaly(), born:
        pullback([x * 3, x * 3], [x], [np.float32(1e38)] * 2)


def test_infinities_can_be_allowed_and_large_sums_are_none() -> None:
    x = tensor(np.array([1, 2], np.float32), requires_grad=True)
    with tg.detect_anomaly(inf=False):
        masked = np.where([True, False], x, -np.inf)
        with pytest.raises(AnomalyError, match="gave 1 NaN"):
            masked - masked
    with tg.detect_anomaly():
        assert (tensor(np.full(4, 2e38, np.float32)) * 1).shape == (4,)
        with pytest.raises(AnomalyError, match="gave 1 Inf"):
            np.where([True, False], x, np.inf)


def test_higher_orders_and_writes() -> None:
    x = tensor([0.0, 4.0], requires_grad=True)
    with tg.detect_anomaly():
        y = x**1.5
        (g,) = pullback([y.sum()], [x], create_graph=True)
        with pytest.raises(AnomalyError, match="derivative of power"):
            g.sum().backward()
        z = x * 1
        with pytest.raises(AnomalyError, match="gave 1 NaN"):
            z[0] = np.nan


def test_only_inside_and_only_here() -> None:
    x = tensor([0.0], requires_grad=True)
    with tg.detect_anomaly():
        pass
    assert np.isinf(np.log(x).item())
    seen: list[Any] = []
    with tg.detect_anomaly():
        other = threading.Thread(target=lambda: seen.append(np.log(tensor([0.0]))))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            other.start()
            other.join()
    assert isinstance(seen[0], Tensor)
