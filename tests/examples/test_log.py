"""The log: JSON lines, there at once, never over another."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from examples.mnist.log import Log, versions


def test_lines_are_on_disk_as_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    with Log(path) as log:
        log.write("start", name="Žižka", n=1)
        log.write("epoch", figures={"loss": 0.5})

        lines = path.read_text(encoding="utf-8").splitlines()

    assert [json.loads(line) for line in lines] == [
        {"event": "start", "name": "Žižka", "n": 1},
        {"event": "epoch", "figures": {"loss": 0.5}},
    ]


def test_a_log_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text("old")

    with pytest.raises(FileExistsError):
        Log(path)
    assert path.read_text() == "old"


def test_what_json_has_no_word_for_is_refused(tmp_path: Path) -> None:
    with Log(tmp_path / "log.jsonl") as log, pytest.raises(ValueError, match="JSON"):
        log.write("epoch", loss=float("nan"))

    assert (tmp_path / "log.jsonl").read_text() == ""


def test_versions() -> None:
    assert versions()["numpy"].split(".")[0].isdigit()
