"""A file of weights is written whole or not at all: failed writes, killed writers, and what these leave behind."""

from __future__ import annotations

import os
import resource
import signal
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tapegrad import nn

BASE = np.arange(24.0)
both_formats = pytest.mark.parametrize("name", ["w.safetensors", "w.npz"])


@both_formats
def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path, name: str) -> None:
    """A real failure half-way: a process that may not write files of more than 4 kB."""
    path = tmp_path / name
    nn.save({"x": BASE}, path)
    before = path.read_bytes()
    program = f"import numpy as np; from tapegrad import nn; nn.save({{'x': np.zeros(5000)}}, {str(path)!r})"

    def small_files_only() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    done = subprocess.run(
        [sys.executable, "-c", program], preexec_fn=small_files_only, capture_output=True, text=True, check=False
    )

    assert "OSError: [Errno 27] cannot save the weights: File too large" in done.stderr
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == [name]


@both_formats
def test_a_folder_that_is_not_there(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileNotFoundError, match=name):
        nn.save({"x": BASE}, tmp_path / "nowhere" / name)
    assert list(tmp_path.iterdir()) == []


@both_formats
def test_others_may_read_the_file_if_they_may_read_new_files(tmp_path: Path, name: str) -> None:
    (tmp_path / "plain").touch()
    nn.save({"x": BASE}, tmp_path / name)

    mode, usual = (stat.S_IMODE((tmp_path / each).stat().st_mode) for each in (name, "plain"))
    assert mode == usual


@both_formats
def test_the_next_save_removes_what_a_killed_one_left(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    left = [tmp_path / f".{name}.{token}.part" for token in ("0123456789abcdef", "fedcba9876543210")]
    others = [
        tmp_path / f".other.{name}.0123456789abcdef.part",  # of another file
        tmp_path / f".{name}.notes.part",  # somebody's own
        tmp_path / f".{name}.1111111111111111.part",  # of a writer that may still be at work
    ]
    for file in (*left, *others):
        file.write_bytes(b"half a f")
    for file in (*left, *others[:2]):
        os.utime(file, (0, 0))

    nn.save({"x": BASE}, path)

    assert sorted(tmp_path.iterdir()) == sorted([path, *others])


def test_a_name_with_wildcards_removes_no_other_files(tmp_path: Path) -> None:
    other = tmp_path / ".w.npz.0123456789abcdef.part"
    other.touch()
    os.utime(other, (0, 0))

    nn.save({"x": BASE}, tmp_path / "[a-z].npz")
    nn.save({"x": BASE}, tmp_path / "*.npz")

    assert other.exists()
