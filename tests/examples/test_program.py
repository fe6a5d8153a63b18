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
from click.testing import CliRunner

from examples.mnist.commands import COMMANDS, mnist
from tapegrad import nn

pytestmark = pytest.mark.usefixtures("offline")
PROGRAM = [sys.executable, "-m", "examples.mnist"]
QUICK = ["--model", "linear", "--data", "digits"]
NEVER_ENDING = ["train", *QUICK, "--epochs", "1000000"]


def run(root: Path, *arguments: Any, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        cwd=root,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=3000,
    )


def test_in_a_pipe_there_are_plain_lines(root: Path, tmp_path: Path) -> None:
    variables = {"TERM": "xterm-256color", "FORCE_COLOR": "1", "COLUMNS": "20"}

    done = run(root, "train", *QUICK, "--epochs", 2, "--out", tmp_path / "run", **variables)

    assert done.returncode == 0
    for stream in (done.stdout, done.stderr):
        assert "\x1b" not in stream  # no colours, and no cursor is hidden
        assert "\r" not in stream
    rows = re.findall(r"^ +(\d+)( +[\d.]+){4} +\d+\.\d s$", done.stderr, re.MULTILINE)
    assert [row[0] for row in rows] == ["1", "2"]
    assert "test accuracy on Digits: " in done.stdout


def test_another_process_with_the_same_seed_gives_the_same_weights(root: Path, tmp_path: Path) -> None:
    chosen = ["--data", "digits", "--model", "tiny", "--augment", "affine", "--epochs", "1", "--seed", "5"]
    assert run(root, "train", *chosen, "--out", tmp_path / "one").returncode == 0
    assert CliRunner().invoke(mnist, ["train", *chosen, "--out", str(tmp_path / "two")]).exit_code == 0
    one, two = (nn.load(tmp_path / name / "weights.safetensors") for name in ("one", "two"))

    for name, array in one.items():
        np.testing.assert_array_equal(array, two[name])


def test_ctrl_c_leaves_a_checkpoint_and_says_how_to_go_on(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    with subprocess.Popen(
        [*PROGRAM, *NEVER_ENDING, "--out", str(out)],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.split()[:1] == ["3"]:  # the row of the third epoch
                break
        process.send_signal(signal.SIGINT)
        shown, errors = process.communicate(timeout=300)

    assert process.returncode == 130
    assert f"python -m examples.mnist train --resume --out {out}" in shown
    assert "test accuracy on Digits: " in shown
    assert "Traceback" not in errors
    result = json.loads((out / "result.json").read_text(encoding="utf-8"))
    assert result["interrupted"] is True
    done = result["epochs"]
    assert done >= 3
    assert nn.load(out / "weights.safetensors")["1.weight"].shape == (10, 784)

    again = run(root, "train", "--resume", "--out", out, "--epochs", done + 1)
    assert again.returncode == 0
    assert json.loads((out / "result.json").read_text(encoding="utf-8"))["epochs"] == done + 1


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
        if not typed and b"samples/s" in shown:
            os.write(terminal, b"\x03")
            typed = True
    os.close(terminal)

    assert process.wait(timeout=300) == 130
    text = shown.decode()
    assert "samples/s" in text
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
    program = (
        f"import sys; sys.modules[{library!r}] = None; sys.argv = ['', 'train', '--help']; "
        "from examples.mnist.__main__ import main; main()"
    )

    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr == (
        f'the example needs {library}, which is not installed: pip install "tapegrad[data,io,demo]"\n'
    )


def test_without_a_command_and_without_a_terminal_there_is_help(root: Path) -> None:
    done = run(root)

    assert done.returncode == 2
    assert "Usage: python -m examples.mnist [OPTIONS] [COMMAND]" in done.stderr
    assert "train" in done.stderr


def test_without_a_command_a_terminal_has_the_menu(root: Path) -> None:
    terminal, program_side = pty.openpty()
    process = subprocess.Popen(
        PROGRAM, cwd=root, env={**os.environ, "TERM": "xterm"}, stdin=program_side, stdout=program_side,
        stderr=program_side,
    )  # fmt: skip
    os.close(program_side)
    shown = b""
    while b"your choice" not in shown:
        shown += os.read(terminal, 65536)
    os.write(terminal, b"8\n")

    assert process.wait(timeout=300) == 0
    os.close(terminal)
    assert "train several configurations" in shown.decode()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_does(root: Path, name: str) -> None:
    result = CliRunner().invoke(mnist, [name, "--help"])

    assert result.exit_code == 0
    assert "Usage: mnist" in result.output


def test_an_unknown_command_suggests_the_nearest(root: Path) -> None:
    done = run(root, "trian")

    assert done.returncode == 2
    assert "there is no command 'trian'. Did you mean 'train'?" in done.stderr


def test_the_list_of_commands_loads_none_of_them(root: Path) -> None:
    program = (
        "import sys; sys.argv = ['', '--help']\n"
        "try:\n from examples.mnist.__main__ import main; main()\n"
        "except SystemExit: pass\n"
        "assert 'tapegrad' not in sys.modules and 'numpy' not in sys.modules, 'loaded'"
    )
    subprocess.run([sys.executable, "-c", program], cwd=root, check=True, capture_output=True, timeout=3000)
