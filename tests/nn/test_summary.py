"""Summaries: counted by hand, held against PyTorch's counter, and leaving everything as it was."""

from __future__ import annotations

import doctest
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, strategies as st
from torch.utils.flop_counter import FlopCounterMode

import tapegrad as tg
from tapegrad import nn
from tapegrad.autograd import ShapeError
from tapegrad.autograd.primitive import registry
from tapegrad.nn.summary import Summary
from tapegrad.nn.summary.memory import kept_bytes


def small_cnn() -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(100, 10)
    )


def by_name(summary: Summary) -> dict[str, Any]:
    return {row.name: row for row in summary.rows}


def test_figures_of_a_small_network_by_hand() -> None:
    summary = small_cnn().summary((8, 1, 12, 12))
    rows = by_name(summary)

    assert [row.kind for row in summary.rows] == [
        "Sequential", "Conv2d", "BatchNorm2d", "ReLU", "MaxPool2d", "Flatten", "Linear",
    ]  # fmt: skip
    assert [rows[name].output_shapes for name in ("0", "3", "4", "")] == [
        ((8, 4, 10, 10),), ((8, 4, 5, 5),), ((8, 100),), ((8, 10),),
    ]  # fmt: skip
    assert [rows[str(i)].parameters for i in range(6)] == [4 * 9 + 4, 4 + 4, 0, 0, 0, 100 * 10 + 10]
    assert rows["0"].multiply_adds == 8 * 4 * 10 * 10 * 9
    assert rows["5"].multiply_adds == 8 * 10 * 100
    assert rows["2"].multiply_adds == 0
    assert rows["2"].other_operations == 8 * 4 * 10 * 10
    assert rows["3"].other_operations == 8 * 4 * 10 * 10  # each element is compared once
    assert rows["4"].other_operations == 0
    assert rows["0"].output_bytes == 8 * 4 * 10 * 10 * 4
    assert summary.total_parameters == summary.trainable_parameters == 40 + 8 + 1010
    assert summary.multiply_adds == 8 * 4 * 10 * 10 * 9 + 8 * 10 * 100
    assert summary.flops == 2 * summary.multiply_adds
    assert summary.parameter_bytes == 4 * 1058
    assert summary.buffer_bytes == 2 * 4 * 4 + 8
    assert summary.batch_size == 8


def torchs_flops(model: torch.nn.Module, *inputs: torch.Tensor, **options: Any) -> int:
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model(*inputs, **options)
    return int(counter.get_total_flops())


@given(
    axes=st.sampled_from([1, 2, 3]),
    transposed=st.booleans(),
    groups=st.sampled_from([1, 2, 4]),
    kernel=st.integers(1, 3),
    stride=st.integers(1, 2),
    padding=st.integers(0, 1),
    dilation=st.integers(1, 2),
)
def test_convolutions_cost_what_pytorch_counts(axes: int, transposed: bool, groups: int, **options: int) -> None:
    name = f"Conv{'Transpose' if transposed else ''}{axes}d"
    options["kernel_size"] = options.pop("kernel")
    ours = getattr(nn, name)(4, 8, groups=groups, **options)
    theirs = getattr(torch.nn, name)(4, 8, groups=groups, **options)
    shape = (2, 4, *(7, 6, 5)[:axes])

    assert ours.summary(shape).flops == torchs_flops(theirs, torch.zeros(shape))


def test_attention_and_linear_layers_cost_what_pytorch_counts() -> None:
    ours = nn.MultiheadAttention(16, 4, kdim=6, vdim=10, batch_first=True)
    theirs = torch.nn.MultiheadAttention(16, 4, kdim=6, vdim=10, batch_first=True)
    shapes = ((2, 5, 16), (2, 7, 6), (2, 7, 10))

    assert ours.summary(shapes).flops == torchs_flops(theirs, *map(torch.zeros, shapes))
    assert nn.Linear(5, 3).summary((2, 4, 5)).flops == torchs_flops(torch.nn.Linear(5, 3), torch.zeros(2, 4, 5))
    assert nn.Bilinear(5, 3, 4).summary(((2, 5), (2, 3))).flops == 2 * (2 * 4 * 5 * 3 + 2 * 4 * 3)


class Own(nn.Module):
    """A module that nobody knows, with products that no layer does."""

    def __init__(self) -> None:
        self.weight = nn.Parameter(np.ones((3, 5)))
        self.inner = {"twice": nn.Linear(5, 5, bias=False)}
        self.unused = nn.Linear(2, 2)
        self.count = 0

    def forward(self, x: tg.Tensor) -> Any:
        self.count += 1
        self.seen = x
        with tg.no_grad():
            np.tanh(x)
        y = self.inner["twice"](self.inner["twice"](x @ self.weight))
        return {"y": y, "square": np.einsum("ni,nj->ij", y, y), "n": 3}


def test_a_module_of_the_users_own_is_counted_by_what_it_does() -> None:
    summary = Own().summary((4, 3))
    rows = by_name(summary)

    assert rows[""].multiply_adds == 4 * 3 * 5 + 4 * 5 * 5
    assert rows[""].other_operations == 4 * 3  # also outside the graph
    assert rows[""].output_shapes == ((4, 5), (5, 5))
    assert rows["inner.twice"].calls == 2
    assert rows["inner.twice"].parameters == 25
    assert rows["inner.twice"].multiply_adds == 2 * 4 * 5 * 5
    assert rows["inner.twice"].output_bytes == 2 * 4 * 5 * 4
    assert rows["inner.twice"].depth == 1
    assert rows["unused"].calls == 0
    assert "not called" in str(summary)
    assert "Linear × 2" in str(summary)


def test_a_users_operation_of_the_same_name_as_a_product() -> None:
    ours = registry["linear"]

    @tg.autograd.primitive
    def linear(x: Any) -> Any:
        return x * 2

    registry["linear"] = ours
    summary = nn.Lambda(linear).summary((4, 3))

    assert (summary.multiply_adds, summary.other_operations) == (0, 12)


def test_nothing_is_changed() -> None:
    model = nn.Sequential(Own(), nn.Lambda(lambda out: out["y"]), nn.BatchNorm1d(5), nn.Dropout(), nn.Linear(5, 1))
    model[3].eval()
    model[4].freeze()
    seen: list[Any] = []
    model[4].register_forward_hook(lambda module, args, output: seen.append(output))
    embedding = nn.Embedding(4, 3, max_norm=0.1)
    model(tg.tensor(np.ones((4, 3), np.float32))).sum().backward()
    nn.manual_seed(3)

    def state() -> Any:
        values = {name: array.tobytes() for name, array in model.state_dict().items()}
        attributes = [{name: id(value) for name, value in vars(module).items()} for module in model.modules()]
        hooks = [[*module._hooks, *module._pre_hooks] for module in model.modules()]
        grads = [None if p.grad is None else (id(p.grad), p.grad.numpy().tobytes()) for p in model.parameters()]
        return values, attributes, hooks, grads, [p.requires_grad for p in model.parameters()]

    before, table = state(), embedding.weight.numpy()
    model.summary((4, 3), training=True)
    model.summary((4, 3))
    with pytest.raises(ShapeError):
        model.summary((4, 2), training=True)
    embedding.summary((2,), dtype=np.int64)

    assert state() == before
    np.testing.assert_array_equal(embedding.weight.numpy(), table)
    assert len(seen) == 3  # the user's own hooks belong to the model
    drawn = nn.generator().random()
    nn.manual_seed(3)
    assert drawn == nn.generator().random()
    assert tg.autograd.is_grad_enabled()


def test_training_mode_draws_and_normalises_by_the_batch() -> None:
    model = nn.Sequential(nn.BatchNorm1d(3), nn.Dropout())

    dropped = [model.summary((4, 3), training=training).rows[2].other_operations for training in (True, False)]
    assert dropped == [12, 0]
    with pytest.raises(ShapeError, match=r"in BatchNorm1d '0', given float32\[1, 3\]: .* two values"):
        model.summary((1, 3), training=True)
    model.summary((1, 3))


def test_shared_modules_and_parameters_count_once_and_frozen_ones_apart() -> None:
    model = nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 4))
    model[2].weight = model[0].weight
    model.append(model[0])
    model[2].bias.requires_grad = False

    summary = model.summary((1, 4))
    rows = by_name(summary)

    assert summary.total_parameters == 16 + 4 + 4 == sum(p.size for p in model.parameters())
    assert (summary.trainable_parameters, summary.frozen_parameters) == (20, 4)
    assert (rows["0"].parameters, rows["2"].parameters, rows["2"].frozen) == (20, 4, 4)
    assert rows["0"].calls == 2
    assert "3" not in rows
    assert "4 (frozen)" in str(summary)
    assert summary.multiply_adds == 3 * 16


def test_rows_end_at_a_depth_and_totals_do_not() -> None:
    model = nn.Sequential(nn.Sequential(nn.Linear(3, 4), nn.Sequential(nn.Linear(4, 2))), nn.Linear(2, 1))
    whole = model.summary((5, 3))

    assert [row.depth for row in whole.rows] == [0, 1, 2, 2, 3, 1]
    for depth, names in ((0, [""]), (1, ["", "0", "1"]), (2, ["", "0", "0.0", "0.1", "1"])):
        part = model.summary((5, 3), depth=depth)
        assert [row.name for row in part.rows] == names
        for total in ("total_parameters", "flops", "other_operations"):
            assert getattr(part, total) == getattr(whole, total)
    assert by_name(model.summary((5, 3), depth=1))["0"].parameters == 12 + 4 + 8 + 2


def test_an_error_names_the_layer() -> None:
    model = nn.Sequential(nn.Flatten(), nn.Sequential(nn.Linear(4, 3)))

    with pytest.raises(ShapeError, match=r"summary: in Linear '1\.0', given float32\[2, 5\]: linear: .* 5 != 4"):
        model.summary((2, 5))
    with pytest.raises(TypeError, match="expected integers") as caught:
        nn.Sequential(nn.Embedding(4, 3)).summary((2, 5))
    assert "Embedding '0', given float32[2, 5]; other inputs are asked for by dtype=" in caught.value.__notes__[-1]


@pytest.mark.parametrize("shape", [5, "5", (2.0, 3), ((2, 3), 4), None])
def test_what_is_no_shape(shape: Any) -> None:
    with pytest.raises(TypeError, match="input_shape must be a shape with its batch axis"):
        nn.Identity().summary(shape)


def test_options_that_are_wrong() -> None:
    with pytest.raises(ValueError, match="negative"):
        nn.Identity().summary((2, -3))
    with pytest.raises(ValueError, match="2 dtypes for 1 inputs"):
        nn.Identity().summary((2, 3), dtype=(int, float))
    with pytest.raises(ValueError, match="depth must be at least 0"):
        nn.Identity().summary((2, 3), depth=-1)
    with pytest.raises(ValueError, match="optimizer must be one of sgd, momentum, adam"):
        nn.Identity().summary((2, 3)).training_bytes("sdg")


def test_dtypes() -> None:
    assert nn.Linear(3, 2, dtype=np.float64).summary((4, 3)).input_dtypes == ("float64",)
    two = nn.Lambda(lambda i, x: i + x).summary(((4, 1), (3,)), dtype=(np.int32, np.float16))
    assert two.input_dtypes == ("int32", "float16")
    assert two.rows[0].output_shapes == ((4, 3),)
    assert nn.Identity().summary(()).rows[0].output_shapes == ((),)


def test_memory_of_a_training_step_by_hand() -> None:
    model = nn.Sequential(nn.Linear(30, 20), nn.ReLU(), nn.Linear(20, 10))
    summary = model.summary((8, 30), training=True)
    parameters = 4 * (30 * 20 + 20 + 20 * 10 + 10)

    # the input, what relu returned, and the output; the first layer's output is not kept
    assert summary.activation_bytes == 4 * 8 * (30 + 20 + 10)
    assert summary.training_bytes("sgd") == 2 * parameters + summary.activation_bytes
    assert summary.training_bytes("adam") == 4 * parameters + summary.activation_bytes
    assert summary.training_bytes("momentum", 24) == 3 * parameters + 3 * summary.activation_bytes
    enough = summary.training_bytes("adam", 100)
    assert summary.largest_batch(enough) == 100
    assert summary.largest_batch(enough - 1) == 99
    assert summary.largest_batch(1000) == 0
    model[0].freeze()
    frozen = model.summary((8, 30), training=True)
    assert frozen.activation_bytes == 4 * 8 * (30 + 20 + 10)  # the second layer wants what relu returned
    assert frozen.training_bytes("adam") == parameters + 3 * 4 * 210 + frozen.activation_bytes


def test_looking_does_not_change_what_is_kept() -> None:
    """Convolution, relu and pooling become one kernel where nobody looks at what is between them."""
    model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8 * 49, 3))
    x = tg.tensor(np.random.default_rng(0).random((32, 3, 16, 16), np.float32))

    y = model(x)
    y.numpy()

    assert model.summary((32, 3, 16, 16), training=True).activation_bytes == kept_bytes([x], [y], model.parameters())


def test_forms() -> None:
    model = nn.Sequential({"first<b>": nn.Linear(3, 4), "act": nn.Tanh()})
    summary = model.summary((2, 3))

    known = json.loads(json.dumps(summary.to_dict()))
    assert known["total_parameters"] == 16
    assert known["rows"][1]["flops"] == 2 * 2 * 3 * 4
    assert known["training_bytes"]["sgd"] == summary.training_bytes("sgd")

    lines = str(summary).splitlines()
    assert lines[0].split("  ")[0] == "Layer"
    assert lines[2].startswith("Sequential ")
    assert lines[3].startswith("  Linear ")
    end = lines[0].index("Mult-adds") + len("Mult-adds")
    assert lines[3][:end].endswith("  24")
    assert len(lines[1]) == end
    assert "(2, 4)" in lines[4]
    assert "first&lt;b&gt;" in summary._repr_html_()
    assert "<b>" not in summary._repr_html_()


def test_a_batch_of_nothing() -> None:
    summary = nn.Linear(3, 2).summary((0, 3))

    assert summary.multiply_adds == 0
    with pytest.raises(ValueError, match="empty batch"):
        summary.training_bytes("adam", 5)


def test_the_page_on_summaries() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "summary.md"
    results = doctest.testfile(str(page), module_relative=False, optionflags=doctest.ELLIPSIS)

    assert (results.failed, results.attempted) == (0, 7)
