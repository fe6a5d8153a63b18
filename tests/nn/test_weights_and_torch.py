"""Weights move between PyTorch and here: the same keys, and the same logits on either side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.torch
import torch

import tapegrad as tg
from tapegrad import nn
from tapegrad.nn import WeightsError

X = np.random.default_rng(0).normal(size=(5, 1, 12, 12)).astype(np.float32)


def mlp(lib: Any) -> Any:
    return lib.Sequential(lib.Flatten(), lib.Linear(144, 32), lib.Tanh(), lib.Linear(32, 10))


def cnn(lib: Any) -> Any:
    return lib.Sequential(
        lib.Conv2d(1, 4, 3, padding=1),
        lib.BatchNorm2d(4),
        lib.ReLU(),
        lib.MaxPool2d(2),
        lib.Conv2d(4, 8, 3),
        lib.GELU(),
        lib.Flatten(),
        lib.Linear(128, 10),
    )


def seen(model: Any) -> Any:
    """With statistics of its own in the running averages, then in evaluation mode."""
    x = torch.from_numpy(X) if isinstance(model, torch.nn.Module) else tg.tensor(X)
    model.train()
    model(2 * x + 1)
    return model.eval()


@pytest.mark.parametrize("model", [mlp, cnn])
def test_from_pytorch(model: Any, tmp_path: Path) -> None:
    theirs, ours = seen(model(torch.nn)), model(nn).eval()
    safetensors.torch.save_file(theirs.state_dict(), tmp_path / "w.safetensors")
    assert np.abs(ours(tg.tensor(X)).numpy() - theirs(torch.from_numpy(X)).detach().numpy()).max() > 1e-2

    state = nn.load(tmp_path / "w.safetensors")
    ours.load_state_dict(state)

    assert state.keys() == theirs.state_dict().keys() == ours.state_dict().keys()
    np.testing.assert_allclose(
        ours(tg.tensor(X)).numpy(), theirs(torch.from_numpy(X)).detach().numpy(), rtol=0, atol=1e-5
    )


@pytest.mark.parametrize("model", [mlp, cnn])
def test_to_pytorch(model: Any, tmp_path: Path) -> None:
    ours, theirs = seen(model(nn)), model(torch.nn).eval()
    nn.save(ours, tmp_path / "w.safetensors")

    theirs.load_state_dict(safetensors.torch.load_file(tmp_path / "w.safetensors"))

    np.testing.assert_allclose(
        theirs(torch.from_numpy(X)).detach().numpy(), ours(tg.tensor(X)).numpy(), rtol=0, atol=1e-5
    )


def test_what_torch_save_writes_is_refused_with_the_way_to_convert_it(tmp_path: Path) -> None:
    model = mlp(torch.nn)
    for name in ("w.pt", "w.pth", "w.safetensors", "w.npz"):
        torch.save(model.state_dict(), tmp_path / name)

    for name in ("w.pt", "w.pth"):
        with pytest.raises(WeightsError, match=r"safetensors\.torch\.save_file\(model\.state_dict\(\)"):
            nn.load(tmp_path / name)
    for name, says in (("w.safetensors", "looks like a zip archive"), ("w.npz", "which is no array")):
        with pytest.raises(WeightsError, match=says):
            nn.load(tmp_path / name)


def test_half_precision_of_pytorchs_that_numpy_does_not_have(tmp_path: Path) -> None:
    state = {"w": torch.ones(3, dtype=torch.bfloat16)}
    safetensors.torch.save_file(state, tmp_path / "w.safetensors")
    with pytest.raises(
        WeightsError, match=r"'w' is BF16, which NumPy does not have; convert it in PyTorch: tensor\.float"
    ):
        nn.load(tmp_path / "w.safetensors")

    safetensors.torch.save_file({"w": state["w"].half()}, tmp_path / "w.safetensors")
    np.testing.assert_array_equal(nn.load(tmp_path / "w.safetensors")["w"], np.ones(3, np.float16), strict=True)
