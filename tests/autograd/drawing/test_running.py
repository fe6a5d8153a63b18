"""Functions and modules are run to be drawn, and are afterwards as they were."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest

import tapegrad as tg
from tapegrad import Tensor, nn
from tapegrad.autograd import GraphError, exp
from tapegrad.autograd.drawing import draw
from tapegrad.nn.random import generator

from .parts import rows, titles


def test_arguments_have_the_names_of_the_function() -> None:
    def loss(x: Any, params: Any, *rest: Any) -> Any:
        return (x @ params["w"] + rest[0] + rest[1]).sum()

    drawing = draw(loss, np.ones((2, 3)), {"w": np.ones(3)}, np.ones(2), np.ones(2))
    assert titles(drawing) == ["x", "params['w']", "rest[0]", "rest[1]", "matmul", "add", "add", "sum"]
    assert rows(drawing)[0] == ["x", "f64[2, 3]"]


def test_arguments_are_inputs_and_other_leaves_are_parameters() -> None:
    w = tg.tensor(np.ones(3), requires_grad=True, name="w")
    text = draw(lambda x: (x * w).sum(), np.ones(3)).text()
    assert "x  (input)" in text
    assert "w  (parameter)" in text


def test_integers_are_inputs_too() -> None:
    text = draw(lambda table, places: table[places].sum(), np.ones(3), np.array([0, 2])).text()
    assert "table  (input)" in text
    assert "getitem(table, index=" in text


def test_a_constant_argument_keeps_its_name_where_no_rule_asks_for_it() -> None:
    count = tg.tensor(np.ones(3, np.int64))
    assert ["add", "f64[3]", "x2=n"] in rows(draw(lambda x, n: x + n, np.ones(3), count))


def test_a_builtin_function() -> None:
    assert titles(draw(exp, 2 * np.ones(3)))[-1] == "exp"
    assert draw(np.tanh, np.ones(3)).boxes == 2


@pytest.mark.parametrize("result", [list, tuple])
def test_several_results(result: type) -> None:
    drawing = draw(lambda x: result([x.sum(), 3, np.tanh(x)]), np.ones(3))
    assert titles(drawing) == ["x", "sum", "tanh"]


def test_results_with_names() -> None:
    class Out(NamedTuple):
        total: Any
        top: Any

    assert titles(draw(lambda x: {"total": x.sum(), "n": 3}, np.ones(3)))[-1] == "total = sum"
    assert titles(draw(lambda x: Out(x.sum(), x.max()), np.ones(3)))[1:] == ["total = sum", "top = max"]


def test_what_has_no_graph() -> None:
    with pytest.raises(GraphError, match="the target has no graph"):
        draw(lambda x: x.detach(), np.ones(3))
    with pytest.raises(TypeError, match="the target is 3"):
        draw(lambda x: 3, np.ones(3))
    with pytest.raises(TypeError, match="an example is for a function or a module"):
        draw(tg.tensor(1.0, requires_grad=True), np.ones(3))
    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        draw(lambda x: x)


def test_a_module_without_parameters() -> None:
    assert titles(draw(nn.ReLU(), np.ones(3))) == ["x", "ReLU"]


def test_even_under_no_grad() -> None:
    with tg.no_grad():
        assert draw(nn.Linear(3, 2), np.ones((1, 3), np.float32), gradients=True).boxes == 2


def test_a_module_is_left_as_it_was() -> None:
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Dropout(0.5), nn.Linear(4, 1))
    kept = tg.tensor(np.full((4, 3), 7.0, np.float32))
    model[0].weight.grad = kept
    before = {name: value.copy() for name, value in model.state_dict().items()}
    drawn = generator().bit_generator.state
    draw(
        model, np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32), values=True, gradients=True, times=True
    )
    after = model.state_dict()
    assert before.keys() == after.keys()
    for name in before:
        np.testing.assert_array_equal(before[name], after[name], err_msg=name)
    assert model[0].weight.grad is kept
    assert model[3].weight.grad is None
    assert generator().bit_generator.state == drawn
    assert model.training


def test_an_error_of_the_function_is_the_users_own_and_leaves_the_module_as_it_was() -> None:
    class Fails(nn.Module):
        def __init__(self) -> None:
            self.norm = nn.BatchNorm1d(2)

        def forward(self, x: Tensor) -> Tensor:
            self.norm(x)
            raise ZeroDivisionError("of the user")

    model = Fails()
    mean = model.norm.running_mean
    assert mean is not None
    before = mean.numpy().copy()
    with pytest.raises(ZeroDivisionError, match="of the user"):
        draw(model, np.arange(6.0, dtype=np.float32).reshape(3, 2))
    np.testing.assert_array_equal(mean.numpy(), before)


def test_the_given_arrays_are_not_tracked_afterwards() -> None:
    x, n = tg.tensor(np.ones(3)), tg.tensor(np.arange(3))
    draw(lambda x, n: (x * n).sum(), x, n)
    assert not x.requires_grad
    assert x.grad is None


def test_names_in_containers_and_modules() -> None:
    model = nn.Linear(3, 2)
    params = {"scale": tg.tensor(np.ones(2), requires_grad=True)}
    names: dict[str, Any] = {"params": params, "model": model}
    names["itself"] = names
    y = (tg.tensor(np.ones(3)) @ (model.weight * 1).T * params["scale"]).sum()
    assert set(titles(draw(y, names=names))) >= {"params.scale", "model.weight"}
