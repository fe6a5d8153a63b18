"""The JSON record is whole or not touched, and the tables say what it says."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks import report
from benchmarks.figures import Row, Table
from benchmarks.groups import Settings
from benchmarks.report import Record, write_whole
from benchmarks.samples import Interval

SETTINGS = Settings(rounds=3, threads=1, seed=7, compile=False)


def table(title: str = "Speed, µs") -> Table:
    peer: dict[str, float | Interval] = {"median": 1234.5, "ratio": Interval(0.5, 0.4, 0.6)}
    rows = (Row("ours", {"median": 1.0}), Row("peer", peer, 0.7, against="peer"))
    return Table(title, ("median", "ratio"), "ratio", rows)


def test_the_record_is_complete_after_every_group(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "bench.json"
    record = Record(path, SETTINGS)
    record.add("first", [table()], seconds=1.25, others=0.5)
    assert list(json.loads(path.read_text(encoding="utf-8"))["groups"]) == ["first"]
    record.add("second", [table("Size"), table("Weight")], seconds=2.0, others=None)

    content = json.loads(path.read_text(encoding="utf-8"))
    assert set(content) == {"machine", "settings", "threads", "groups"}
    assert {"date", "processor", "cores", "system", "python", "versions"} == set(content["machine"])
    assert content["machine"]["versions"]["numpy"]
    assert content["settings"] == {"rounds": 3, "threads": 1, "seed": 7, "compile": False}
    assert content["groups"]["first"]["seconds"] == 1.25
    assert [group["cores busy with other processes"] for group in content["groups"].values()] == [0.5, None]
    assert [len(group["tables"]) for group in content["groups"].values()] == [1, 2]
    ours, peer = content["groups"]["first"]["tables"][0]["rows"]
    assert ours == {"name": "ours", "values": {"median": 1.0}, "must_reach": None, "against": "", "reached": None}
    assert peer["values"]["ratio"] == {"value": 0.5, "low": 0.4, "high": 0.6}
    assert peer["against"] == "peer"
    assert peer["reached"] == "yes"
    assert [file.name for file in path.parent.iterdir()] == ["bench.json"]


@pytest.mark.parametrize("content", [{"not a number": float("nan")}, {"not JSON": object()}])
def test_what_cannot_be_written_leaves_the_old_file(tmp_path: Path, content: object) -> None:
    path = tmp_path / "bench.json"
    write_whole(path, {"whole": True})
    with pytest.raises((TypeError, ValueError)):
        write_whole(path, content)
    assert json.loads(path.read_text(encoding="utf-8")) == {"whole": True}
    assert [file.name for file in tmp_path.iterdir()] == ["bench.json"]


def test_a_disk_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "bench.json"
    write_whole(path, {"whole": True})

    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, {"whole": False})
    assert json.loads(path.read_text(encoding="utf-8")) == {"whole": True}
    assert [file.name for file in tmp_path.iterdir()] == ["bench.json"]


def shown(*tables: Table, others: float | None = None) -> str:
    console = Console(file=io.StringIO(), width=100)
    report.show(tables, others, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_table_shows_figures_ranges_limits_and_verdicts() -> None:
    text = shown(table())
    peer = next(line for line in text.splitlines() if "peer" in line)
    assert "Speed, µs" in text
    assert "1,234" in peer
    assert "0.5 (0.4–0.6)" in peer
    assert "≤ 0.7 yes" in peer


def test_a_table_without_limits_has_no_column_for_them() -> None:
    assert "must reach" in shown(table())
    assert "must reach" not in shown(Table("Size", ("median",), "median", (Row("ours", {"median": 1.0}),)))


def test_a_busy_machine_is_told() -> None:
    assert "other processes kept 1.5 cores busy" in shown(table(), others=1.5)
    assert "other processes" not in shown(table(), others=0.1)
    assert "other processes" not in shown(table(), others=None)


def test_the_summary_counts_limits(tmp_path: Path) -> None:
    record = Record(tmp_path / "bench.json", SETTINGS)
    unclear = Row("close", {"ratio": Interval(0.7, 0.6, 0.8)}, 0.7)
    record.add("group", [table(), Table("Size", ("ratio",), "ratio", (unclear,))], seconds=0.0, others=None)
    console = Console(file=io.StringIO(), width=200)
    report.summarise(record, None, console)
    assert isinstance(console.file, io.StringIO)
    assert "1 of 2 figures reached" in console.file.getvalue()
    assert "plot" not in console.file.getvalue()
    assert "1 unclear" in console.file.getvalue()


def test_the_summary_says_where_the_plot_lies(tmp_path: Path) -> None:
    console = Console(file=io.StringIO(), width=1000)
    report.summarise(Record(tmp_path / "bench.json", SETTINGS), tmp_path / "bench.png", console)
    assert isinstance(console.file, io.StringIO)
    assert f"plot: {tmp_path / 'bench.png'}" in console.file.getvalue()


def test_the_caption_says_what_was_measured_on_and_how(tmp_path: Path) -> None:
    record = Record(tmp_path / "bench.json", SETTINGS)
    assert record.machine.processor in record.caption()
    assert "1 thread, 3 rounds" in record.caption()
    assert f"numpy {record.machine.versions['numpy']}" in record.caption()


def test_the_caption_warns_of_the_busiest_group(tmp_path: Path) -> None:
    record = Record(tmp_path / "bench.json", SETTINGS)
    for others in (0.1, None):
        record.add(f"while {others} cores are busy", [table()], seconds=1.0, others=others)
    assert "busy" not in record.caption()
    for others in (1.4, 0.3):
        record.add(f"while {others} cores are busy", [table()], seconds=1.0, others=others)
    assert "other processes kept 1.4 cores busy" in record.caption()


@pytest.mark.parametrize(
    ("figure", "text"), [(0.0, "0"), (0.02567, "0.0257"), (1.2345, "1.23"), (99.96, "100"), (1234.5, "1,234")]
)
def test_numbers_have_three_digits_and_no_exponent(figure: float, text: str) -> None:
    assert report.number(figure) == text
