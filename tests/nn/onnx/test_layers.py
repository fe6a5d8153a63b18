"""Every layer that can be exported computes elsewhere what it computes here, in batches of any size."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tapegrad import nn
from tapegrad.nn import layers

from .cases import CASES, NOT_CALLED, NOT_EXPORTED
from .running import assert_same, assert_same_by_reference, exported

# Without a kernel in onnxruntime for float64. ONNX's own evaluator has one, to these digits: it rounds erf to float32.
ONLY_FLOAT32 = {"AveragePool": 1e-9, "Col2Im": 1e-9, "Conv": 1e-9, "ConvTranspose": 1e-9, "Erf": 1e-6}


def drawn(name: str, dtype: type) -> nn.Module:
    """The layer, with parameters and statistics that are not those it starts with."""
    model = CASES[name].layer().to(dtype)
    rng = np.random.default_rng(1)
    for parameter in model.parameters():
        parameter.data = rng.normal(0, 0.5, parameter.shape)
    for buffer in model.buffers():
        if buffer.dtype == dtype:
            buffer.data = rng.uniform(0.5, 2, buffer.shape)
    return model


def test_every_layer_is_here() -> None:
    assert {name.partition(" ")[0] for name in CASES} | {*NOT_CALLED, *NOT_EXPORTED} == set(layers.__all__)


@pytest.mark.parametrize("name", CASES)
def test_float32(name: str, tmp_path: Path) -> None:
    case, model = CASES[name], drawn(name, np.float32)

    proto = exported(model, case.inputs(1, np.float32), tmp_path / "m.onnx", batch_axis=case.axis)

    for batch in (1, 4):
        assert_same(proto, model, case.inputs(batch, np.float32, seed=batch))


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.float64])
def test_float64(name: str, tmp_path: Path) -> None:
    case, model = CASES[name], drawn(name, np.float64)

    proto = exported(model, case.inputs(3, np.float64), tmp_path / "m.onnx", batch_axis=case.axis)

    inputs, kinds = case.inputs(2, np.float64, seed=1), {node.op_type for node in proto.graph.node}
    if kinds & ONLY_FLOAT32.keys():
        assert_same_by_reference(proto, model, inputs, max(ONLY_FLOAT32.get(kind, 0) for kind in kinds))
    else:
        assert_same(proto, model, inputs, tolerance=1e-9)


@pytest.mark.parametrize("name", NOT_EXPORTED)
def test_what_takes_indices_cannot_be_exported(name: str, tmp_path: Path) -> None:
    axes = int(name[-2])
    pool, unpool = getattr(nn, f"MaxPool{axes}d")(2, return_indices=True), getattr(nn, name)(2)
    model = nn.Lambda(lambda x: unpool(*pool(x)))
    with pytest.raises(nn.OnnxError, match="needs the values of a tensor"):
        nn.export_onnx(model, np.ones((1, 2, *[4] * axes), np.float32), tmp_path / "m.onnx")

    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("name", NOT_CALLED)
def test_what_cannot_be_called_cannot_be_exported(name: str, tmp_path: Path) -> None:
    with pytest.raises(NotImplementedError, match=f"{name} has no forward"):
        nn.export_onnx(getattr(nn, name)(), np.ones((1, 2), np.float32), tmp_path / "m.onnx")

    assert not [*tmp_path.iterdir()]
