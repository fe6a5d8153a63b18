"""Modules as boxes around boxes: nesting, names, closing by depth, and equal ones in sequence drawn once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tapegrad as tg
from tapegrad import Tensor, nn
from tapegrad.autograd.drawing import Drawing, draw

from .parts import arrows, modules, rows, titles


class Block(nn.Module):
    """A residual block that does more than one operation."""

    def __init__(self, size: int = 4) -> None:
        self.inner = nn.Linear(size, size)

    def forward(self, x: Any) -> Any:
        return x + np.tanh(self.inner(x))


class Stack(nn.Module):
    """Blocks in sequence, with something in between if asked."""

    def __init__(self, blocks: list[nn.Module], between: bool = False) -> None:
        self.blocks = blocks
        self.between = between

    def forward(self, x: Any) -> Any:
        for block in self.blocks:
            x = block(x)
            if self.between:
                x = x * 0.5
        return x


def ones(*shape: int) -> Tensor:
    return tg.tensor(np.ones(shape, np.float32))


def test_boxes_around_boxes() -> None:
    drawing = draw(Stack([Block()]), ones(2, 4))
    assert modules(drawing) == ["Stack", "blocks.0: Block"]
    assert titles(drawing) == ["x", "inner: Linear", "tanh", "add"]
    assert rows(drawing)[1] == ["inner: Linear", "f32[2, 4]", "weight [4, 4], bias [4]"]
    assert set(arrows(drawing)) == {("x", "inner: Linear"), ("inner: Linear", "tanh"), ("tanh", "add"), ("x", "add")}


def test_parameters_stand_inside_of_their_module() -> None:
    class Scaled(nn.Module):
        def __init__(self) -> None:
            self.scale = nn.Parameter(np.ones(4, np.float32))

        def forward(self, x: Any) -> Any:
            return (x * self.scale).sum()

    source = draw(Stack([Scaled()]), ones(2, 4)).source
    assert titles(draw(Stack([Scaled()]), ones(2, 4))) == ["scale", "x", "multiply", "sum"]
    number = titles(draw(Stack([Scaled()]), ones(2, 4))).index("scale")
    _, _, inner = source.partition("blocks.0: Scaled")
    assert f"n{number}\n" in inner.partition("}")[0]


def test_a_parameter_that_two_modules_share_stands_outside_of_both() -> None:
    class Scaled(nn.Module):
        def __init__(self, scale: nn.Parameter) -> None:
            self.scale = scale

        def forward(self, x: Any) -> Any:
            return np.tanh(x * self.scale)

    scale = nn.Parameter(np.ones(4, np.float32))
    picture = draw(Stack([Scaled(scale), Scaled(scale)], between=True), ones(2, 4))._whole
    [shared] = [box for box in picture.boxes if box.title == "blocks.0.scale"]
    assert [picture.groups[group].type for group in picture.around(shared.group)] == ["Stack"]


@pytest.mark.parametrize(
    ("depth", "expected"),
    [
        (0, ["x", "Stack"]),
        (1, ["x", "blocks.0: Block", "multiply", "blocks.1: Block", "multiply"]),
        (2, ["x", *["inner: Linear", "tanh", "add", "multiply"] * 2]),
        (None, ["x", *["inner: Linear", "tanh", "add", "multiply"] * 2]),
    ],
)
def test_depth(depth: int | None, expected: list[str]) -> None:
    drawing = draw(Stack([Block(), Block()], between=True), ones(2, 4), depth=depth)
    assert titles(drawing) == expected


def test_a_closed_module_says_what_is_inside() -> None:
    drawing = draw(Stack([Block(), Block(), Block()], between=True), ones(2, 4), depth=0)
    assert rows(drawing)[1] == ["Stack", "f32[2, 4]", "6 parameters"]
    assert arrows(drawing) == [("x", "Stack")]


@pytest.mark.parametrize("depth", [-1, 1.5, "all"])
def test_other_depths(depth: object) -> None:
    with pytest.raises(ValueError, match="depth must be None or a number of levels from 0 on, got"):
        draw(Block(), ones(2, 4), depth=depth)  # type: ignore[arg-type]


def test_equal_modules_in_sequence_are_drawn_once() -> None:
    drawing = draw(Stack([Block() for _ in range(12)]), ones(2, 4))
    assert modules(drawing) == ["Stack", "blocks.0 … 11: Block ×12"]
    assert titles(drawing) == ["x", "inner: Linear", "tanh", "add"]
    assert ("x", "inner: Linear") in arrows(drawing)
    assert not any(target == "x" for _, target in arrows(drawing))


def test_each_is_drawn_where_that_is_asked_for() -> None:
    drawing = draw(Stack([Block() for _ in range(3)]), ones(2, 4), fold=False)
    assert modules(drawing) == ["Stack", "blocks.0: Block", "blocks.1: Block", "blocks.2: Block"]


def test_only_equal_modules_are_folded() -> None:
    class Other(Block):
        def forward(self, x: Any) -> Any:
            return x + np.sin(self.inner(x))

    drawing = draw(Stack([Block(), Block(), Other(), Block()]), ones(2, 4))
    assert modules(drawing) == ["Stack", "blocks.0 … 1: Block ×2", "blocks.2: Other", "blocks.3: Block"]
    assert titles(drawing).count("tanh") == 2
    by_size = draw(Stack([nn.Linear(4, 4), nn.Linear(4, 4), nn.Linear(4, 3), nn.Linear(3, 4)]), ones(2, 4))
    assert titles(by_size) == ["x", "blocks.0 … 1: Linear ×2", "blocks.2: Linear", "blocks.3: Linear"]


def test_modules_with_something_in_between_are_not_in_sequence() -> None:
    drawing = draw(Stack([Block(), Block()], between=True), ones(2, 4))
    assert modules(drawing) == ["Stack", "blocks.0: Block", "blocks.1: Block"]


def test_a_result_that_is_used_elsewhere_too_is_not_hidden() -> None:
    class Both(Stack):
        def forward(self, x: Any) -> Any:
            first = self.blocks[0](x)
            return first + self.blocks[1](first)

    assert modules(draw(Both([Block(), Block()]), ones(2, 4))) == ["Both", "blocks.0: Block", "blocks.1: Block"]


def test_a_shared_argument_is_no_obstacle() -> None:
    class Masked(nn.Module):
        def forward(self, x: Any, mask: Any) -> Any:
            return np.tanh(x) * mask

    class Three(nn.Module):
        def __init__(self, blocks: list[nn.Module]) -> None:
            self.blocks = blocks

        def forward(self, x: Any, mask: Any) -> Any:
            for block in self.blocks:
                x = block(x, mask)
            return x

    drawing = draw(Three([Masked() for _ in range(3)]), ones(2, 4), ones(2, 4))
    assert modules(drawing) == ["Three", "blocks.0 … 2: Masked ×3"]
    assert arrows(drawing).count(("mask", "multiply")) == 1


def test_each_must_take_the_same_from_the_one_before_it() -> None:
    class Two(nn.Module):
        def forward(self, x: Any, y: Any) -> Any:
            return np.tanh(x) * y, np.sin(y) * x

    class Chain(nn.Module):
        def __init__(self, crossed: bool) -> None:
            self.parts = [Two(), Two(), Two()]
            self.crossed = crossed

        def forward(self, x: Any, y: Any) -> Any:
            first, second, third = self.parts
            x, y = second(*first(x, y))
            return third(y, x) if self.crossed else third(x, y)

    assert modules(draw(Chain(False), ones(2), ones(2))) == ["Chain", "parts.0 … 2: Two ×3"]
    assert modules(draw(Chain(True), ones(2), ones(2))) == ["Chain", "parts.0 … 1: Two ×2", "parts.2: Two"]


def test_repeats_inside_of_repeats() -> None:
    drawing = draw(Stack([Stack([Block(), Block()]) for _ in range(3)]), ones(2, 4))
    assert modules(drawing) == ["Stack", "blocks.0 … 2: Stack ×3", "blocks.0 … 1: Block ×2"]
    assert drawing.boxes == 4


def test_a_module_called_twice_has_two_boxes() -> None:
    class Twice(nn.Module):
        def __init__(self) -> None:
            self.block = Block()

        def forward(self, x: Any) -> Any:
            return self.block(self.block(x) * 2)

    assert modules(draw(Twice(), ones(2, 4))) == ["Twice", "block: Block", "block: Block"]


def test_twelve_layers_of_a_transformer() -> None:
    layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)
    drawing = draw(nn.TransformerEncoder(layer, 12), np.ones((2, 3, 8), np.float32), depth=2)
    assert modules(drawing) == ["TransformerEncoder", "layers.0 … 11: TransformerEncoderLayer ×12"]
    assert [title.partition(":")[0] for title in titles(drawing)] == [
        "src", "self_attn", "add", "norm1", "linear1", "relu", "linear2", "add", "norm2",
    ]  # fmt: skip


def test_a_module_in_a_function() -> None:
    block = Block()
    drawing = draw(lambda x: (block(x) ** 2).sum(), ones(2, 4))
    assert modules(drawing) == ["Block"]
    assert titles(drawing) == ["x", "inner: Linear", "tanh", "add", "power", "sum"]


def test_long_chains_of_modules_do_not_recurse() -> None:
    def nested(levels: int) -> Drawing:
        module: nn.Module = Block(1)
        for _ in range(levels):
            module = Stack([module])
        x = tg.tensor(np.ones((1, 1), np.float32), requires_grad=True)
        return draw(module(x), depth=0)

    assert nested(100).boxes == 2
    deep = draw(Stack([Block(1) for _ in range(400)], between=True), ones(1, 1))
    assert deep.boxes == 400 * 4 + 1
