"""The command `info`."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import tapegrad as tg
from examples.mnist.commands import mnist
from examples.mnist.models import MODELS
from tapegrad.datasets import MNIST


def test_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kernels").mkdir()
    (tmp_path / "kernels/one").write_bytes(bytes(1000))
    (tmp_path / MNIST.test_files[0].name).touch()
    (tmp_path / f"{MNIST.test_files[1].name}.gz").touch()
    monkeypatch.setenv("TAPEGRAD_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("TAPEGRAD_DATA", str(tmp_path))
    monkeypatch.delenv("TAPEGRAD_JIT", raising=False)
    result = CliRunner().invoke(mnist, ["info", "--json"])

    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["versions"]["numpy"] == np.__version__
    assert found["processor"]["threads of kernels"] == tg.get_num_threads()
    assert found["kernels"] == {"folder": str(tmp_path / "kernels"), "bytes": 1000}
    assert found["settings"]["TAPEGRAD_DATA"] == str(tmp_path)
    assert found["settings"]["TAPEGRAD_JIT"] is None
    assert found["data"]["missing"] == [file.name for file in MNIST.train_files]
    assert list(found["models"]) == list(MODELS)
    assert found["models"]["mlp"]["parameters"] == 235_146
    assert found["shipped model"]["test accuracy"] > 0.99


def test_as_tables() -> None:
    result = CliRunner().invoke(mnist, ["info"], env={"COLUMNS": "120"})

    assert result.exit_code == 0
    for text in ("versions", "processor", "TAPEGRAD_NUM_THREADS", "235,146 parameters", "shipped model"):
        assert text in result.output
