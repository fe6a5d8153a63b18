"""Modules find their parameters by looking; names, order and modes are PyTorch's."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

import tapegrad as tg
from tapegrad import nn
from tapegrad.nn import Module, Parameter


class Twice(Module):
    """A module of everything in which parameters may lie."""

    def __init__(self) -> None:
        self.scale = Parameter(np.ones(1))
        self.head = nn.Linear(2, 3)
        self.blocks = [nn.Linear(3, 3), nn.Sequential(nn.ReLU(), nn.Linear(3, 4, bias=False))]
        self.heads = {"digit": nn.Linear(4, 10), "letter": (nn.Linear(4, 26), Parameter(np.zeros(2)))}
        self.tied = self.head
        self.again = self.scale
        self.plain = tg.tensor([1.0], requires_grad=True)
        self.number = 3

    def forward(self, x: Any) -> Any:
        return self.scale * self.head(x)


NAMES = [
    "scale",
    "heads.letter.1",
    "head.weight",
    "head.bias",
    "blocks.0.weight",
    "blocks.0.bias",
    "blocks.1.1.weight",
    "heads.digit.weight",
    "heads.digit.bias",
    "heads.letter.0.weight",
    "heads.letter.0.bias",
]


def test_names_in_lists_dicts_and_tuples_each_parameter_once() -> None:
    model = Twice()
    named = list(model.named_parameters())

    assert [name for name, _ in named] == NAMES
    assert len({id(parameter) for _, parameter in named}) == len(NAMES)
    assert [id(p) for p in model.parameters()] == [id(p) for _, p in named]


def test_modules_each_once_parents_first() -> None:
    names = [name for name, _ in Twice().named_modules()]

    assert names == [
        "", "head", "blocks.0", "blocks.1", "blocks.1.0", "blocks.1.1", "heads.digit", "heads.letter.0",
    ]  # fmt: skip


def test_children_are_the_modules_directly_inside() -> None:
    model = nn.Sequential(nn.Linear(1, 1), nn.Sequential(nn.ReLU()))

    assert [name for name, _ in model.named_children()] == ["0", "1"]


def test_a_module_in_itself_is_no_endless_loop() -> None:
    model = nn.Sequential(nn.Linear(2, 2))
    model[0].parent = model

    assert [name for name, _ in model.named_parameters()] == ["0.weight", "0.bias"]


def test_name_of() -> None:
    model = Twice()

    assert model.name_of(model.head.weight) == "head.weight"
    assert model.name_of(model.plain) is None


def test_a_parameter_that_is_replaced_is_the_new_one() -> None:
    layer = nn.Linear(2, 2)
    layer.bias = Parameter(np.zeros(2))

    assert list(layer.parameters())[1] is layer.bias


def test_train_and_eval_reach_everything() -> None:
    model = nn.Sequential(nn.Dropout(), nn.Sequential(nn.Dropout()))

    def modes() -> list[bool]:
        return [module.training for _, module in model.named_modules()]

    assert modes() == [True] * 4
    assert model.eval() is model
    assert modes() == [False] * 4
    assert model.train() is model
    assert modes() == [True] * 4
    assert not model.train(False).training


def test_zero_grad() -> None:
    model = nn.Linear(2, 1)
    model(tg.tensor(np.ones((3, 2), np.float32))).sum().backward()
    assert all(p.grad is not None for p in model.parameters())

    model.zero_grad()

    assert all(p.grad is None for p in model.parameters())


def test_a_module_without_forward_says_so() -> None:
    class Empty(Module):
        pass

    with pytest.raises(NotImplementedError, match=r"Empty has no forward\(\); define it"):
        Empty()(1)


def test_forward_gets_all_arguments() -> None:
    class Sum(Module):
        def forward(self, *numbers: int, start: int) -> int:
            return sum(numbers, start)

    assert Sum()(1, 2, start=10) == 13


def test_repr_shows_the_tree() -> None:
    model = nn.Sequential(nn.Flatten(), nn.Sequential(nn.Linear(4, 2), nn.ReLU()), nn.Dropout(0.2))

    assert repr(model) == (
        "Sequential(\n"
        "  (0): Flatten(start_dim=1, end_dim=-1)\n"
        "  (1): Sequential(\n"
        "    (0): Linear(in_features=4, out_features=2, bias=True)\n"
        "    (1): ReLU()\n"
        "  )\n"
        "  (2): Dropout(p=0.2)\n"
        ")"
    )


@pytest.mark.parametrize(
    ("data", "options", "dtype"),
    [
        ([1, 2], {}, np.float32),
        (np.ones(2), {}, np.float32),
        (np.ones(2), {"dtype": np.float64}, np.float64),
        (np.ones(2), {"dtype": None}, np.float32),
        (np.ones(2) * 1j, {}, np.complex64),
        (np.ones(2) * 1j, {"dtype": np.complex128}, np.complex128),
    ],
)
def test_a_parameter_is_float32_unless_told_otherwise(data: Any, options: dict[str, Any], dtype: Any) -> None:
    parameter = Parameter(data, **options)

    assert parameter.dtype == dtype
    assert parameter.requires_grad
    assert parameter.is_leaf


def test_a_parameter_may_be_frozen() -> None:
    assert not Parameter(np.ones(2), requires_grad=False).requires_grad


def test_what_is_computed_from_a_parameter_is_no_parameter() -> None:
    assert type(Parameter(np.ones(2)) * 2) is tg.Tensor


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64])
def test_a_copied_model_is_equal_and_shares_nothing(dtype: Any) -> None:
    model = nn.Sequential(nn.Linear(3, 2, dtype=dtype))
    twin = copy.deepcopy(model)

    for (name, mine), (twins_name, its) in zip(model.named_parameters(), twin.named_parameters(), strict=True):
        assert name == twins_name
        assert type(its) is Parameter
        assert its.dtype == mine.dtype == dtype
        np.testing.assert_array_equal(its.numpy(), mine.numpy())
        its.data += 1
        assert not np.array_equal(its.numpy(), mine.numpy())
