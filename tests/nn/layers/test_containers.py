"""Modules made of modules, of parameters, and of a function."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

import tapegrad as tg
from tapegrad import nn


class Append(nn.Module):
    """Notes that it was called."""

    def __init__(self, mark: str) -> None:
        self.mark = mark

    def forward(self, x: str) -> str:
        return x + self.mark


def test_modules_are_called_in_order() -> None:
    assert nn.Sequential(Append("a"), nn.Sequential(Append("b"), Append("c")), Append("d"))("") == "abcd"


def test_a_module_that_stands_twice_is_called_twice_and_trained_once() -> None:
    layer = nn.Linear(2, 2)
    model = nn.Sequential(layer, nn.ReLU(), layer)

    assert [name for name, _ in model.named_parameters()] == ["0.weight", "0.bias"]
    assert len(model) == 3
    x = tg.tensor(np.ones((1, 2), np.float32))
    np.testing.assert_array_equal(model(x).numpy(), layer(nn.functional.relu(layer(x))).numpy())


def test_it_is_a_sequence() -> None:
    parts = [nn.Linear(1, 2), nn.ReLU(), nn.Linear(2, 1)]
    model = nn.Sequential(*parts)

    assert list(model) == parts
    assert len(model) == 3
    assert model[0] is parts[0]
    assert model[-1] is parts[2]
    with pytest.raises(IndexError):
        model[3]


def test_more_than_ten_keep_their_order() -> None:
    marks = "abcdefghijklmn"

    assert nn.Sequential(*map(Append, marks))("") == marks


def test_an_empty_one_gives_back_what_it_got() -> None:
    assert nn.Sequential()(5) == 5
    assert repr(nn.Sequential()) == "Sequential()"


@pytest.mark.parametrize("item", [np.tanh, "relu", None, [nn.ReLU()]])
def test_what_is_no_module_is_refused(item: Any) -> None:
    with pytest.raises(TypeError, match="Sequential: item 1 must be a Module, got"):
        nn.Sequential(nn.ReLU(), item)


def test_named_parts() -> None:
    model = nn.Sequential({"first": Append("a"), "second": Append("b")})
    model.add_module("third", Append("c"))

    assert model("") == "abc"
    assert [name for name, _ in model.named_children()] == ["first", "second", "third"]


@pytest.mark.parametrize("kind", [nn.Sequential, nn.ModuleList])
def test_a_list_is_edited_as_a_list(kind: Any) -> None:
    a, b, c, d = (nn.Linear(1, i) for i in range(1, 5))
    layers: Any = kind()
    expected: list[nn.Module] = []
    sequence: Any
    for sequence in (layers, expected):
        sequence.append(a)
        sequence.extend([b, c])
        sequence.insert(1, d)
        sequence += [a]
        del sequence[0]
        sequence[-2] = b

    assert list(layers) == expected
    assert [name for name, _ in layers.named_children()] == ["0", "1", "2", "3"]
    assert type(layers[1:3]) is kind
    assert list(layers[1:3]) == expected[1:3]
    with pytest.raises(IndexError):
        layers[4]
    with pytest.raises(TypeError, match=r"item 4 must be a Module, got 3; wrap a function in Lambda"):
        layers.append(3)
    assert list(layers) == expected


def test_lists_and_dicts_have_torchs_names() -> None:
    def parts(library: Any) -> Any:
        lists = [library.ModuleList([library.Linear(1, 2), library.ModuleDict({"x": library.Linear(2, 3)})])]
        return library.Sequential(*lists, library.Linear(3, 1))

    ours, theirs = parts(nn), parts(torch.nn)

    assert list(ours.state_dict()) == list(theirs.state_dict())
    assert repr(ours) == repr(theirs)


def test_a_dict_of_modules() -> None:
    one, two = nn.Linear(1, 1), nn.ReLU()
    modules = nn.ModuleDict({"one": one})
    modules["two"] = two
    modules.update({"three": two})

    assert (list(modules), len(modules), "two" in modules, "four" in modules) == (
        ["one", "two", "three"],
        3,
        True,
        False,
    )
    assert modules["one"] is one
    assert list(modules.values()) == [one, two, two]
    assert modules.pop("three") is two
    del modules["one"]
    assert list(modules.items()) == [("two", two)]
    for name in ("one", "training", "keys"):
        with pytest.raises(KeyError):
            modules[name]
    for name in ("a.b", "", "keys", "training", "forward"):
        with pytest.raises(KeyError, match="cannot be the name of a module"):
            modules[name] = one
    with pytest.raises(TypeError, match="ModuleDict: 'f' must be a Module, got"):
        modules["f"] = np.tanh  # type: ignore[assignment]


def test_a_list_of_parameters() -> None:
    weights = [nn.Parameter(np.ones(2)), nn.Parameter(np.ones((1, 3)))]
    model = nn.ParameterList(weights)
    model.append(weights[0])

    assert list(model) == [*weights, weights[0]]
    assert [name for name, _ in model.named_parameters()] == ["0", "1"]
    with pytest.raises(TypeError, match=r"ParameterList: item 0 must be a Parameter, got .*; Parameter\(x\) makes one"):
        nn.ParameterList([tg.tensor([1.0])])  # type: ignore[list-item]


def test_a_function_as_a_module() -> None:
    x = tg.tensor(np.linspace(-1, 1, 3), requires_grad=True)
    model = nn.Sequential(nn.Lambda(np.tanh), nn.Lambda(lambda x: x * 2, "double"))

    y = model(x)
    y.sum().backward()

    np.testing.assert_allclose(y.numpy(), 2 * np.tanh(x.numpy()))
    assert x.grad is not None
    np.testing.assert_allclose(x.grad.numpy(), 2 / np.cosh(x.numpy()) ** 2)
    assert repr(model) == "Sequential(\n  (0): Lambda(tanh)\n  (1): Lambda(double)\n)"
    with pytest.raises(TypeError, match="Lambda: expected a function, got 'tanh'"):
        nn.Lambda("tanh")  # type: ignore[arg-type]
