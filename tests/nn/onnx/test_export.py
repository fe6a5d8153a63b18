"""What stands in a file, what is refused, and that a model and a file are otherwise as they were."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import defs, numpy_helper

import tapegrad as tg
from tapegrad import nn
from tapegrad.nn import OnnxError, functional as F

from .running import assert_same, exported, outputs_of


class Two(nn.Module):
    """Two heads, by name, and weights that are used twice."""

    def __init__(self) -> None:
        self.first = nn.Linear(4, 4)
        self.norm = nn.BatchNorm1d(4)
        self.again = nn.Linear(4, 4)
        self.again.weight = self.first.weight
        self.parts = [nn.Parameter(np.ones(4)), nn.Parameter(np.zeros((4, 4)))]
        self.unused = nn.Linear(2, 2)

    def forward(self, x: Any, z: Any) -> Any:
        y = self.again(np.tanh(self.norm(self.first(x)))) * self.parts[0]
        return {"digit": y, "pair": (y @ self.parts[1], z.sum())}


def ones(*shape: int) -> Any:
    return np.ones(shape, np.float32)


def test_names_and_values_are_those_of_the_state_dict(tmp_path: Path) -> None:
    model = Two()
    proto = exported(model, (ones(2, 4), ones(3)), tmp_path / "m.onnx", batch_axis=(0, None))

    arrays = {known.name: numpy_helper.to_array(known) for known in proto.graph.initializer}
    used = {name for name in model.state_dict() if not name.startswith("unused") and "num_batches" not in name}
    used.remove("again.weight")  # first.weight once more, which is kept once
    assert {name for name in arrays if not name.startswith("constant")} == used
    for name in used:
        np.testing.assert_array_equal(arrays[name], model.state_dict()[name])
    assert [known.name for known in proto.graph.input] == ["input_0", "input_1"]
    assert [known.name for known in proto.graph.output] == ["digit", "pair_0", "pair_1"]
    shapes = [
        [size.dim_param or size.dim_value for size in known.type.tensor_type.shape.dim]
        for known in (*proto.graph.input, *proto.graph.output)
    ]
    assert shapes == [["batch", 4], [3], ["batch", 4], ["batch", 4], []]
    assert any(node.name.startswith("again/Gemm") for node in proto.graph.node)
    assert proto.producer_name == "tapegrad"


def test_own_names(tmp_path: Path) -> None:
    model = nn.Linear(3, 2)
    proto = exported(model, ones(1, 3), tmp_path / "m.onnx", input_names=["image"], output_names=["logits"])

    assert ([x.name for x in proto.graph.input], [y.name for y in proto.graph.output]) == (["image"], ["logits"])
    usual = exported(model, ones(1, 3), tmp_path / "m.onnx").graph
    assert (usual.input[0].name, usual.output[0].name) == ("input", "output")
    for names in (
        {"input_names": ["weight"]},
        {"output_names": ["input"]},
        {"input_names": ["a"], "output_names": ["a"]},
    ):
        with pytest.raises(OnnxError, match="would name two tensors in the file"):
            nn.export_onnx(model, ones(1, 3), tmp_path / "m.onnx", **names)  # type: ignore[arg-type]
    with pytest.raises(OnnxError, match="expected 1 input_names, got"):
        nn.export_onnx(model, ones(1, 3), tmp_path / "m.onnx", input_names=["a", "b"])


def test_the_model_is_as_before_and_exported_as_it_evaluates(tmp_path: Path) -> None:
    model = nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3), nn.Dropout(), nn.Linear(3, 1))
    model(tg.tensor(ones(5, 4))).sum().backward()
    model[1].eval()
    nn.manual_seed(1)
    before = [dict(vars(module)) for module in model.modules()]
    state = {name: array.tobytes() for name, array in model.state_dict().items()}
    grads = [parameter.grad for parameter in model.parameters()]

    proto = exported(model, ones(5, 4), tmp_path / "m.onnx")

    assert [vars(module) for module in model.modules()] == before
    assert {name: array.tobytes() for name, array in model.state_dict().items()} == state
    assert all(parameter.grad is grad for parameter, grad in zip(model.parameters(), grads, strict=True))
    drawn = nn.generator().random()
    nn.manual_seed(1)
    assert nn.generator().random() == drawn
    assert [module.training for module in model.modules()] == [True, True, False, True, True]
    assert_same(proto, model, (np.random.default_rng(0).random((3, 4), np.float32),))


def test_a_batch_of_one_size(tmp_path: Path) -> None:
    model = nn.Lambda(lambda x: x / len(x) + np.arange(len(x), dtype=np.float32)[:, None])
    proto = exported(model, ones(3, 4), tmp_path / "m.onnx", dynamic_batch=False)

    assert [size.dim_value for size in proto.graph.input[0].type.tensor_type.shape.dim] == [3, 4]
    assert_same(proto, model, (ones(3, 4) * 5,))


def test_sizes_that_are_multiples_of_the_batch(tmp_path: Path) -> None:
    def rows(x: Any) -> Any:
        n = len(x)
        x = x + x.sum(0) / n - (x > n)
        doubled = np.concatenate([x, np.zeros((n + 1, 6), np.float32)])
        return [
            doubled,
            doubled.reshape(2 * n + 1, 2, 3),
            np.broadcast_to(x[:, None], (n, 2, 6)),
            x[1 : n - 1],
            x[: 2 * n],
        ]

    model = nn.Lambda(rows)
    proto = exported(model, ones(1, 6), tmp_path / "m.onnx")

    dims = [known.type.tensor_type.shape.dim[0].dim_param for known in proto.graph.output]
    assert dims == ["2*batch+1", "2*batch+1", "batch", "batch-2", "batch"]
    for batch in (2, 7):
        assert_same(proto, model, (np.random.default_rng(0).random((batch, 6), np.float32),))


@pytest.mark.parametrize("opset", [18, 19, 20, 21, 22])
def test_versions_of_operators(opset: int, tmp_path: Path) -> None:
    model = nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.GELU(), nn.MaxPool2d(2), nn.AvgPool2d(2), nn.Flatten(),
        nn.Linear(4, 3), nn.LayerNorm(3), nn.Softmax(),
    )  # fmt: skip
    proto = exported(model, ones(2, 1, 6, 6), tmp_path / "m.onnx", opset=opset)

    assert proto.opset_import[0].version == opset
    assert_same(proto, model, (np.random.default_rng(0).random((3, 1, 6, 6), np.float32),))


def test_constants_are_in_the_file_once(tmp_path: Path) -> None:
    table = np.random.default_rng(0).random((3, 4), np.float32)
    hidden = nn.Linear(4, 4)  # a parameter that the model does not know of
    model = nn.Lambda(lambda x: hidden(x + table) * table + 1 - 1)
    proto = exported(model, ones(1, 3, 4), tmp_path / "m.onnx")

    shapes = sorted(tuple(known.dims) for known in proto.graph.initializer)
    assert shapes == [(), (3, 4), (4,), (4, 4)]
    assert_same(proto, model, (table[None] * 3,))
    assert outputs_of(model, (table[None],))[0].shape == (1, 3, 4)


def test_masks_of_attention(tmp_path: Path) -> None:
    """A padding mask is an input, the causal one is made by the model; the first example sees nothing at all."""

    class Masked(nn.Module):
        def __init__(self) -> None:
            self.attention = nn.MultiheadAttention(4, 2, batch_first=True)

        def forward(self, x: Any, padding: Any) -> Any:
            return self.attention(x, x, x, key_padding_mask=padding, is_causal=True)

    model, rng = Masked(), np.random.default_rng(0)
    proto = exported(model, (ones(1, 5, 4), np.zeros((1, 5), bool)), tmp_path / "m.onnx")

    padding = rng.random((3, 5)) > 0.5
    padding[0] = True
    assert_same(proto, model, (rng.random((3, 5, 4), np.float32), padding))


REFUSED: dict[str, tuple[Callable[[Any], Any], str]] = {
    "no counterpart": (lambda x: np.sort(x), r"Lambda '1', called at test_export.py:\d+: sort has no counterpart in O"),
    "no argument": (lambda x: x.sum(1, where=x.detach() > 0), "needs the values of a tensor"),
    "option": (lambda x: x.var(1, ddof=1), "var has no counterpart with ddof="),
    "if": (lambda x: x if x.sum() > 0 else -x, r"Lambda '1', called at test_export.py:\d+: this needs the values"),
    "float": (lambda x: x * float(x.max()), "needs the values of a tensor"),
    "in place": (lambda x: x.__iadd__(1), "needs the values of a tensor"),
    "division by the batch": (lambda x: x * (1 / len(x)), "multiply depends on the size of the batch, .* 0.5 and 0.3"),
    "numbers of examples": (lambda x: x + np.arange(len(x), dtype=np.float32)[:, None], "add depends on the size"),
    "half the batch": (lambda x: x[: len(x) // 2], "getitem depends on the size of the batch"),
    "a loop": (lambda x: sum(x[i] for i in range(len(x))), "which operations the model runs depends on the size"),
    "noise": (lambda x: F.dropout(x), "the model draws random numbers"),
    "no tensor": (lambda x: {"n": 3, "y": x}, "the model must return tensors, but 'n' is 3"),
    "complex": (lambda x: np.abs(x * 1j), "multiply has no counterpart"),
    "indices": (lambda x: F.max_pool1d(x[:, None], 2, return_indices=True), "needs the values of a tensor"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_says_where_and_why_and_leaves_the_file(name: str, tmp_path: Path) -> None:
    function, message = REFUSED[name]
    path = tmp_path / "m.onnx"
    path.write_bytes(b"before")
    nn.manual_seed(5)

    with pytest.raises(OnnxError, match=message):
        nn.export_onnx(nn.Sequential(nn.Tanh(), nn.Lambda(function)), ones(2, 4), path)

    assert [file.name for file in tmp_path.iterdir()] == ["m.onnx"]
    assert path.read_bytes() == b"before"
    drawn = nn.generator().random()
    nn.manual_seed(5)
    assert nn.generator().random() == drawn


def test_an_embedding_that_writes_to_its_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OnnxError, match="max_norm= writes to its table"):
        nn.export_onnx(nn.Embedding(3, 2, max_norm=1.0), np.zeros((1, 2), np.int64), tmp_path / "m.onnx")


def test_arguments_that_are_wrong(tmp_path: Path) -> None:
    model, path = nn.Identity(), tmp_path / "m.onnx"

    with pytest.raises(OnnxError, match=r"opset must be from 18 to \d+, got 17"):
        nn.export_onnx(model, ones(1, 3), path, opset=17)
    with pytest.raises(OnnxError, match="opset must be"):
        nn.export_onnx(model, ones(1, 3), path, opset=defs.onnx_opset_version() + 1)
    with pytest.raises(OnnxError, match=r"input 0 has shape \(\), no batch axis 0; say batch_axis="):
        nn.export_onnx(model, 1.0, path)
    with pytest.raises(OnnxError, match="batch_axis has 2 entries for 1 inputs"):
        nn.export_onnx(model, ones(1, 3), path, batch_axis=(0, 1))
    with pytest.raises(OnnxError, match=r"one batch size, not 0, got \[2, 3\]"):
        nn.export_onnx(nn.Lambda(lambda x, y: x), (ones(2, 3), ones(3, 3)), path)
    with pytest.raises(OnnxError, match=r"not 0, got \[0\]"):
        nn.export_onnx(model, ones(0, 3), path)
    with pytest.raises(tg.autograd.ShapeError, match="linear"):
        nn.export_onnx(nn.Linear(3, 2), ones(1, 4), path)
    assert not path.exists()


def test_a_model_that_cannot_be_copied(tmp_path: Path) -> None:
    model = nn.Sequential(nn.Tanh())
    model.generator = (x for x in "")  # type: ignore[attr-defined]

    with pytest.raises(OnnxError, match="the model cannot be copied: cannot pickle 'generator'"):
        nn.export_onnx(model, ones(1, 3), tmp_path / "m.onnx")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="cannot save ONNX model"):
        nn.export_onnx(nn.Tanh(), ones(1, 3), tmp_path / "nowhere" / "m.onnx")


def test_without_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(ImportError, match=r'pip install "tapegrad\[onnx\]"'):
        nn.export_onnx(nn.Tanh(), ones(1, 3), tmp_path / "m.onnx")
