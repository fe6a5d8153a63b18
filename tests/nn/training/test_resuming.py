"""What is resumed goes on bit by bit as if nothing had happened: after Ctrl-C, after kill -9, anywhere in an epoch."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tapegrad import nn
from tapegrad.nn.training import Callback, Trainer, load_checkpoint

from .problems import PROGRAM, loaders, trainer

EPOCHS = 3


class StopAt(Callback):
    """Ctrl-C after so many steps."""

    def __init__(self, step: int) -> None:
        self.step = step

    def on_step_end(self, trainer: Trainer, figures: dict[str, float]) -> None:
        if trainer.step == self.step:
            signal.raise_signal(signal.SIGINT)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The state at the end of a training that nothing interrupted."""
    path = tmp_path_factory.mktemp("whole")
    t = trainer(path)
    t.fit(*loaders(), epochs=EPOCHS)
    t.save(path / "end.safetensors")
    return load_checkpoint(path / "end.safetensors")


def assert_identical(state: dict[str, Any], expected: dict[str, Any]) -> None:
    for part in ("model", "optimizer", "average", "random", "callbacks", "schedule"):
        same(state[part], expected[part], part)
    assert state["place"]["step"] == expected["place"]["step"]


def same(one: Any, other: Any, path: str) -> None:
    if isinstance(one, dict):
        assert set(one) == set(other), path
        for key in one:
            same(one[key], other[key], f"{path}.{key}")
    elif isinstance(one, list):
        for i, (a, b) in enumerate(zip(one, other, strict=True)):
            same(a, b, f"{path}.{i}")
    elif isinstance(one, np.ndarray):
        assert one.dtype == other.dtype, path
        assert one.tobytes() == other.tobytes(), path
    else:
        assert one == other, path


@pytest.mark.parametrize("step", [1, 4, 8, 9, 10, 17, 18, 22, 26, 27])
def test_after_ctrl_c_at_any_step(step: int, tmp_path: Path, whole: dict[str, Any], capsys: Any) -> None:
    t = trainer(tmp_path)
    t.callbacks.append(StopAt(step))
    t.fit(*loaders(), epochs=EPOCHS)
    assert t.interrupted
    assert t.step == step
    assert f"after {step} steps: fit(..., resume=True) goes on from {tmp_path}" in capsys.readouterr().err
    nn.manual_seed(99)  # whatever happened in between
    again = trainer(tmp_path)
    again.callbacks.append(StopAt(-1))
    nn.generator().random(7)
    again.fit(*loaders(), epochs=EPOCHS, resume=True)
    again.callbacks.pop()
    again.save(tmp_path / "end.safetensors")
    assert_identical(load_checkpoint(tmp_path / "end.safetensors"), whole)
    assert [e["epoch"] for e in again.history.epochs] == [1, 2, 3]


def run(folder: Path, epochs: int) -> subprocess.Popen[str]:
    program = PROGRAM.format(folder=str(Path(__file__).parent))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", program, str(folder), str(epochs)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def test_after_kill_9(tmp_path: Path, whole: dict[str, Any]) -> None:
    """Killed for real, again and again, until it gets through."""
    rng = random.Random(0)
    killed = 0
    for _ in range(12):
        process = run(tmp_path, EPOCHS)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        if killed < 4:
            time.sleep(rng.uniform(0.0, 0.25))
            process.kill()
            process.wait()
            process.communicate()
            killed += 1
            continue
        out, err = process.communicate(timeout=60)
        assert out == "done False\n", err
        break
    assert_identical(load_checkpoint(tmp_path / "end.safetensors"), whole)


def test_ctrl_c_in_a_program_of_its_own(tmp_path: Path) -> None:
    process = run(tmp_path, 10_000)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    while not (tmp_path / "last.safetensors").exists():
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert out == "done True\n", err
    assert f"goes on from {tmp_path / 'last.safetensors'}" in err
    assert process.returncode == 0


def test_nothing_to_resume_is_a_start(tmp_path: Path) -> None:
    t = trainer(tmp_path)
    t.fit(*loaders(), epochs=1, resume=True)
    assert t.step == 9
