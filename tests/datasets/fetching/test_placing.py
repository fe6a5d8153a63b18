from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import tapegrad
from tapegrad.datasets.fetching.placing import write_atomically

SOURCE = Path(tapegrad.__file__).parent.parent

# The process kills itself where it hurts most: when all is written, just before the new file takes the old one's place.
KILLED_AT_RENAME = """
import os, signal, sys
from pathlib import Path
from tapegrad.datasets.fetching.placing import write_atomically

sys.addaudithook(lambda event, _: os.kill(os.getpid(), signal.SIGKILL) if event == "os.rename" else None)
write_atomically(Path(sys.argv[1]), b"new" * 1000)
"""


def test_writes_and_makes_the_folder(tmp_path: Path) -> None:
    path = tmp_path / "some" / "folder" / "file"

    write_atomically(path, b"old")
    write_atomically(path, b"new")

    assert path.read_bytes() == b"new"
    assert list(path.parent.iterdir()) == [path]


def test_a_failure_leaves_all_as_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "name"
    (folder / "inside").mkdir(parents=True)

    with pytest.raises(OSError, match="name"):
        write_atomically(folder, b"a file cannot take the place of a folder")
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL")
def test_a_process_killed_before_the_rename_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")

    killed = subprocess.run(
        [sys.executable, "-c", KILLED_AT_RENAME, str(path)], env={**os.environ, "PYTHONPATH": str(SOURCE)}, check=False
    )

    assert killed.returncode == -signal.SIGKILL
    assert path.read_bytes() == b"old"

    [abandoned] = tmp_path.glob(".file.*.part")
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert abandoned.exists()  # for all we know, another process is writing it

    two_hours_ago = time.time() - 7200
    os.utime(abandoned, (two_hours_ago, two_hours_ago))
    write_atomically(path, b"newer")
    assert list(tmp_path.iterdir()) == [path]
