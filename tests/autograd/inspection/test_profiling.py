"""profile: everything that runs is counted once, in the right direction, module and line."""

from __future__ import annotations

import json
import sys
import time
from contextlib import suppress
from io import StringIO
from typing import Any

import numpy as np
import pytest
from rich.console import Console

import tapegrad as tg
from tapegrad import nn, tensor
from tapegrad.autograd import primitive
from tapegrad.autograd.inspection import Profile


@primitive
def nap(x: Any) -> Any:
    time.sleep(0.02)
    return x + 0


@primitive
def nap_back(g: Any) -> Any:
    time.sleep(0.03)
    return g + 0


nap.defvjp(lambda g, _y, _x: nap_back(g))
nap_back.defvjp(lambda g, _y, _g: g)


def run() -> tuple[Profile, int]:
    net = nn.Sequential(nn.Conv2d(2, 3, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(12, 4))
    x = tensor(np.ones((5, 2, 6, 6), np.float32))
    with tg.profile() as seen:
        loss = (net(x) * 2).sum(); line = sys._getframe().f_lineno  # fmt: skip # noqa: E702
        loss.backward()
    return seen, line


def rows(table: Any) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in table.rows}


def test_operations_modules_and_lines() -> None:
    seen, line = run()
    operations = rows(seen.by_operation())
    assert {name: row["calls"] for name, row in operations.items()} == {
        "convolution + relu + max_pool2d": 1, "reshape": 1, "linear": 1, "multiply": 1, "sum": 1,
        "convolution": 2, "relu": 1, "max_pool2d": 1,  # rules: of weight and bias, one, one
    }  # fmt: skip
    modules = rows(seen.by_module())
    assert list(modules["Sequential"]) == ["name", "calls", "forward", "backward", "bytes"]
    assert {"Sequential", "0 (Conv2d)", "4 (Linear)", "no module"} <= set(modules)
    inside = sum(event.seconds for event in seen.events if event.module)
    assert modules["Sequential"]["forward"] + modules["Sequential"]["backward"] == pytest.approx(inside)
    assert list(rows(seen.by_line())) == [f"test_profiling.py:{line}"]
    assert operations["multiply"]["bytes"] == 2 * 5 * 4 * 4  # the product, and its gradient


def test_seconds_are_those_of_the_operation_and_add_up() -> None:
    x = tensor(np.ones(3), requires_grad=True)
    with tg.profile() as seen:
        nap(x).sum().backward()
    row = rows(seen.by_operation())["nap"]
    assert row["forward"] >= 0.02
    assert row["backward"] >= 0.03
    assert sum(event.seconds for event in seen.events) <= seen.seconds
    for before, after in zip(seen.events, seen.events[1:], strict=False):
        assert before.start + before.seconds <= after.start + 1e-9


def test_views_take_no_memory() -> None:
    x = tensor(np.ones((3, 4)), requires_grad=True)
    with tg.profile() as seen:
        x[:2] * x[1:]
    assert [(event.name, event.nbytes) for event in seen.events] == [("getitem", 0), ("getitem", 0), ("multiply", 64)]


def test_a_recorded_walk_counts_each_thing_once() -> None:
    x = tensor(np.ones(3), requires_grad=True)
    with tg.profile() as seen:
        nap(x).sum().backward(create_graph=True)
    assert 0.05 <= sum(event.seconds for event in seen.events) <= seen.seconds


def test_text_json_trace_and_rich() -> None:
    seen, line = run()
    text = str(seen)
    assert "operation" in text
    assert "backward ms" in text
    assert f"test_profiling.py:{line}" in text
    assert json.loads(json.dumps(seen.to_dict()))["operation"] == seen.by_operation().rows
    trace = json.loads(json.dumps(seen.to_chrome_trace()))["traceEvents"]
    assert len(trace) == len(seen.events)
    assert {event["ph"] for event in trace} == {"X"}
    assert {event["cat"] for event in trace} == {"forward", "backward"}
    assert trace[0]["args"]["module"] == "Sequential > 2 (MaxPool2d)"
    console = Console(width=100, record=True, file=StringIO())
    console.print(seen)
    assert "convolution + relu + max_pool2d" in console.export_text()


def test_nothing_is_seen_outside_and_an_error_ends_it() -> None:
    x = tensor(np.ones(3), requires_grad=True)
    with suppress(ZeroDivisionError), tg.profile() as seen:
        x * 2
        raise ZeroDivisionError
    x * 3
    assert [event.name for event in seen.events] == ["multiply"]
    assert seen.seconds > 0
    assert str(Profile()).startswith("0 ms")


class Block(nn.Module):
    """A layer, and an activation that others have, too."""

    def __init__(self, activation: nn.Module) -> None:
        self.layer, self.activation = nn.Linear(3, 3), activation

    def forward(self, x: Any) -> Any:
        return self.activation(self.layer(x))


class Again(nn.Module):
    """A module that calls itself."""

    def forward(self, x: Any, times: int = 3) -> Any:
        return self(np.tanh(x), times - 1) if times else x


def calls_by_module(seen: Profile) -> dict[str, int]:
    return {row["name"]: row["calls"] for row in seen.by_module().rows}


def test_modules_that_are_shared_or_call_themselves_count_once_in_each() -> None:
    shared = nn.Tanh()
    net, x = nn.Sequential(Block(shared), Block(shared)), tensor(np.ones((2, 3), np.float32))
    with tg.profile() as seen:
        net(x)
    blocks = {"0 (Block)": 2, "1 (Block)": 2, "0.layer (Linear)": 1, "1.layer (Linear)": 1}
    assert calls_by_module(seen) == {"Sequential": 4, **blocks, "0.activation (Tanh)": 2}
    with tg.profile() as seen:
        Again()(x)
    assert calls_by_module(seen) == {"Again": 3}


def test_modules_of_two_models_are_told_apart() -> None:
    generator, critic = (nn.Sequential(nn.Linear(3, 3)) for _ in range(2))
    with tg.profile() as seen:
        critic(generator(tensor(np.ones((2, 3), np.float32))))
        critic(tensor(np.ones((2, 3), np.float32)))
    names = {"Sequential": 1, "0 (Linear)": 1, "Sequential 2": 2, "0 (Linear) of Sequential 2": 2}
    assert calls_by_module(seen) == names
