"""What is resumed goes on bit by bit as if nothing had happened: after Ctrl-C, after kill -9, anywhere in an epoch."""

from __future__ import annotations

import json
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


def test_20_interruptions_leave_the_end_as_it_is(tmp_path: Path) -> None:
    """Drawn at random: Ctrl-C, kill -9 at any moment, kill -9 in the writing of a checkpoint."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("interruptions.py")), str(tmp_path), "20"],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TAPEGRAD_JIT": "0"},  # children load no kernels
    )
    assert done.returncode == 0, done.stderr
    how = json.loads(done.stdout)
    assert len(how) == 20
    assert sum(text.startswith("killed after") for text in how) == 7
    assert sum(text.startswith("killed in write") for text in how) == 6
    expected = load_checkpoint(tmp_path / "whole" / "end.safetensors")
    for i, text in enumerate(how):
        state = load_checkpoint(tmp_path / str(i) / "end.safetensors")
        try:
            assert_identical(state, expected)
            assert untimed(state["history"]) == untimed(expected["history"])
        except AssertionError as error:
            error.add_note(text)
            raise
        log = [json.loads(line) for line in (tmp_path / str(i) / "log.jsonl").read_text("utf-8").splitlines()]
        assert [each["step"] for each in log if each["event"] == "step"] == list(range(1, 16)), text
        assert [each["epoch"] for each in log if each["event"] == "epoch"] == [1, 2, 3], text


def untimed(history: str) -> dict[str, Any]:
    """A history but for the seconds that it took."""
    content: dict[str, Any] = json.loads(history)
    for epoch in content["epochs"]:
        del epoch["seconds"]
    return content


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


def test_ctrl_c_without_a_folder(capsys: pytest.CaptureFixture[str], whole: dict[str, Any]) -> None:
    t = trainer()
    t.callbacks.append(StopAt(12))
    t.fit(*loaders(), epochs=EPOCHS)
    told = "interrupted in epoch 2 after 12 steps: fit(...) of this trainer goes on; with folder= another program could"
    assert capsys.readouterr().err == f"\n{told}\n"
    t.fit(*loaders(), epochs=EPOCHS)
    t.callbacks.pop()
    same(t.state_dict()["model"], whole["model"], "model")


class StopInValidation(Callback):
    """Ctrl-C in the middle of the second validation."""

    def on_evaluate_batch(self, trainer: Trainer, done: int) -> None:
        if trainer.epoch == 1 and done == 1:
            signal.raise_signal(signal.SIGINT)


def test_ctrl_c_in_a_validation(tmp_path: Path, whole: dict[str, Any]) -> None:
    t = trainer(tmp_path)
    t.callbacks.append(StopInValidation())
    t.fit(*loaders(), epochs=EPOCHS)
    assert (t.interrupted, t.epoch, t.batch, len(t.history.epochs)) == (True, 1, 9, 1)
    again = trainer(tmp_path)
    again.fit(*loaders(), epochs=EPOCHS, resume=True)
    same(again.state_dict()["model"], whole["model"], "model")
    assert again.step == 27


def test_nothing_to_resume_is_a_start(tmp_path: Path) -> None:
    t = trainer(tmp_path)
    t.fit(*loaders(), epochs=1, resume=True)
    assert t.step == 9
