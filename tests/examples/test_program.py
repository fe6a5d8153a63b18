"""`python -m examples.mnist` as a process: pipes, terminals, Ctrl-C, and what it says when a library is missing."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tapegrad import nn

pytestmark = pytest.mark.usefixtures("offline")
PROGRAM = [sys.executable, "-m", "examples.mnist"]
NEVER_ENDING = ["train", "--epochs", "1000000", "--model", "linear"]


def run(root: Path, *arguments: Any, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        cwd=root,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    "variables", [{"CI": "true"}, {"TERM": "xterm-256color", "FORCE_COLOR": "1"}, {"COLUMNS": "20"}]
)
def test_in_a_pipe_there_are_plain_lines(root: Path, tmp_path: Path, variables: dict[str, str]) -> None:
    done = run(root, "train", "--epochs", 2, "--out", tmp_path / "run", **variables)

    assert done.returncode == 0
    assert "\x1b[?25" not in done.stdout  # no cursor is hidden
    assert "\r" not in done.stdout
    assert "images/s" not in done.stdout
    rows = re.findall(r"^ +(\d+)( +[\d.]+ +[\d.]+ %){2} +\d+\.\d s$", done.stdout, re.MULTILINE)
    assert [row[0] for row in rows] == ["1", "2"]
    assert "test accuracy on Digits, not on MNIST: " in done.stdout


def test_two_processes_with_one_seed_give_the_same_weights(root: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert run(root, "train", "--epochs", 1, "--seed", 5, "--out", tmp_path / name).returncode == 0
    one, two = (nn.load(tmp_path / name / "weights.safetensors") for name in ("one", "two"))

    for name, array in one.items():
        np.testing.assert_array_equal(array, two[name])


def test_ctrl_c_keeps_what_was_trained(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    with subprocess.Popen(
        [*PROGRAM, *NEVER_ENDING, "--out", str(out)],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.split()[:1] == ["3"]:  # the row of the third epoch
                break
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=30)

    assert process.returncode == 130
    assert "stopped by Ctrl-C; what was trained so far is kept" in rest
    assert "test accuracy on Digits, not on MNIST: " in rest
    assert "Traceback" not in errors
    _, *epochs, end = [json.loads(line) for line in (out / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert end["interrupted"] is True
    assert len(epochs) >= 3
    assert nn.load(out / "weights.safetensors")["1.weight"].shape == (10, 64)
    assert sorted(path.name for path in out.iterdir()) == ["log.jsonl", "weights.safetensors"]


def test_on_a_terminal_a_bar_moves_and_ctrl_c_is_typed(root: Path, tmp_path: Path) -> None:
    """A real terminal: its line discipline turns the byte 3 into the signal."""
    terminal, program_side = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    for name in ("CI", "NO_COLOR", "TTY_INTERACTIVE", "TTY_COMPATIBLE"):
        environment.pop(name, None)
    process = subprocess.Popen(
        [sys.executable, "-c", CONTROLLED, *NEVER_ENDING, "--out", str(tmp_path / "run")],
        cwd=root,
        env=environment,
        stdin=program_side,
        stdout=program_side,
        stderr=program_side,
        start_new_session=True,
    )
    os.close(program_side)
    shown = b""
    typed = False
    while True:
        try:
            shown += os.read(terminal, 65536)
        except OSError:  # the program has closed its side
            break
        if not typed and b"images/s" in shown:
            os.write(terminal, b"\x03")
            typed = True
    os.close(terminal)

    assert process.wait(timeout=30) == 130
    text = shown.decode()
    assert "images/s" in text
    assert "stopped by Ctrl-C" in text
    assert text.index("\x1b[?25l") < text.rindex("\x1b[?25h")  # the cursor is back
    assert "Traceback" not in text


# Makes the terminal the controlling one of the new session, so that it may send signals, and becomes the program.
CONTROLLED = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.executable, [sys.executable, "-m", "examples.mnist", *sys.argv[1:]])
"""


@pytest.mark.parametrize("library", ["click", "rich", "threadpoolctl"])
def test_a_missing_library_names_the_extras(root: Path, library: str) -> None:
    program = f"import sys; sys.modules[{library!r}] = None; from examples.mnist.__main__ import main; main()"

    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr == (
        f'the example needs {library}, which is not installed: pip install "tapegrad[data,io,demo]"\n'
    )


def test_without_a_command_there_is_help(root: Path) -> None:
    done = run(root)

    assert "Usage: python -m examples.mnist [OPTIONS] COMMAND" in done.stdout + done.stderr
    assert "train" in done.stdout + done.stderr


def test_an_unknown_command(root: Path) -> None:
    done = run(root, "trian")

    assert done.returncode == 2
    assert "No such command 'trian'" in done.stderr
