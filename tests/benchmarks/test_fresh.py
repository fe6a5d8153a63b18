"""Fresh processes: what they print comes back, what they are told arrives, and their memory is read right."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import first_step, first_steps, footprint, fresh
from benchmarks.groups import Settings
from benchmarks.samples import Interval

SETTINGS = Settings(rounds=3, threads=1, seed=0, compile=False)
linux_only = pytest.mark.skipif(not first_steps.RESET.exists(), reason="only Linux tells a process's peak memory")


def test_a_process_prints_and_has_the_environment_that_it_is_given() -> None:
    program = "import os; print(os.environ['TAPEGRAD_CACHE_DIR'], 'PYTHONDONTWRITEBYTECODE' in os.environ)"
    assert fresh.python("-P", "-c", program, environment={"TAPEGRAD_CACHE_DIR": "there"}) == "there False\n"


def test_a_process_that_fails_is_an_error() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        fresh.python("-c", "import sys; sys.exit(3)")


def test_libraries_are_imported_before_anything_that_they_need() -> None:
    program = "import sys, benchmarks.first_steps; print('numpy' in sys.modules, 'tapegrad' in sys.modules)"
    assert fresh.python("-c", program) == "False False\n"


@linux_only
def test_the_peak_is_seen_after_it_is_over_and_can_be_forgotten() -> None:
    program = (
        "from benchmarks.first_steps import forget_peak, resident_bytes\n"
        "forget_peak(); before = resident_bytes('VmRSS')\n"
        "block = bytes(b'x') * 50_000_000; del block\n"
        "peak = resident_bytes('VmHWM'); forget_peak()\n"
        "print(peak - before, resident_bytes('VmHWM') - before)"
    )
    peak, afterwards = map(int, fresh.python("-c", program).split())
    assert 49e6 < peak < 60e6
    assert afterwards < 10e6


def reports_by_library(
    monkeypatch: pytest.MonkeyPatch, module: Any, values: dict[str, dict[str, float]]
) -> list[tuple[str, str, int, bool]]:
    """Let a group read these reports in place of processes; who asked, for which network, and was its cache filled."""
    asked: list[tuple[str, str, int, bool]] = []

    def answer(library: str, network: str, images: int, cache: str | None = None) -> dict[str, float]:
        filled = cache is not None and Path(cache, "kernel").exists()
        asked.append((library, network, images, filled))
        if cache is not None:
            Path(cache).mkdir(exist_ok=True)
            Path(cache, "kernel").touch()
        return values["filled" if filled else library]

    monkeypatch.setattr(module, "first_steps", answer)
    monkeypatch.setattr(first_step, "first_steps", answer)
    return asked


def test_the_first_step_is_taken_with_a_filled_cache_and_with_an_empty_one(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = {"import": 0.1, "build": 0.1, "first step": 0.5}
    slow = {"import": 0.1, "build": 0.1, "first step": 7.0}
    peer = {"import": 1.0, "build": 0.5, "first step": 0.25}
    values = {"filled": quick, "tapegrad": slow, "PyTorch NCHW": peer}
    asked = reports_by_library(monkeypatch, first_step, values)
    (table,) = first_step.measure(SETTINGS)
    assert sorted(asked) == sorted(
        [("tapegrad", "CNN 1-16-32", 128, False)] * (1 + 3)  # to fill the cache, and in three rounds
        + [("tapegrad", "CNN 1-16-32", 128, True)] * 3
        + [("PyTorch NCHW", "CNN 1-16-32", 128, False)] * 4  # once untimed
    )
    cached, empty, pytorch = table.rows
    assert [table.verdict(row) for row in table.rows] == ["yes", "no", None]
    assert cached.values["first step"] == Interval(0.5, 0.5, 0.5)
    assert empty.values["first step"] == Interval(7.0, 7.0, 7.0)
    assert pytorch.values["all three"] == Interval(1.75, 1.75, 1.75)


def test_memory_is_what_the_steps_add_against_the_layout_that_adds_less(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(footprint, "STATUS", Path(__file__))
    values = {
        "tapegrad": {"before": 100e6, "after": 150e6, "peak": 900e6},
        "filled": {"before": 100e6, "after": 160e6, "peak": 280e6},
        "PyTorch NCHW": {"before": 300e6, "after": 305e6, "peak": 500e6},
        "PyTorch channels-last": {"before": 300e6, "after": 310e6, "peak": 470e6},
    }
    asked = reports_by_library(monkeypatch, footprint, values)
    (table,) = footprint.measure(SETTINGS)
    steps, code, whole = table.rows
    assert {images for _, _, images, _ in asked} == {1}
    assert steps.values["tapegrad"] == pytest.approx(120)
    assert steps.against == "PyTorch channels-last"
    assert steps.values[table.judged] == Interval(0.75, 0.75, 0.75)
    assert code.values["tapegrad"] == pytest.approx(180)
    assert [table.verdict(row) for row in table.rows] == ["yes", None, "yes"]
    assert whole.values[table.judged] == Interval(280 / 470, 280 / 470, 280 / 470)
    assert np.isclose(float(whole.values["PyTorch NCHW"]), 500)  # type: ignore[arg-type]


def test_without_linux_there_is_nothing_to_tell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(footprint, "STATUS", tmp_path / "none")
    monkeypatch.setattr(first_steps, "STATUS", tmp_path / "none")
    assert footprint.measure(SETTINGS) == []
    assert first_steps.resident_bytes("VmRSS") is None


def test_the_program_reports_on_a_library() -> None:
    report = fresh.first_steps("PyTorch NCHW", "CNN 1-16-32", 1)
    assert set(report) == {"import", "build", "first step", "before", "after", "peak"}
    assert all(report[phase] > 0 for phase in first_step.PHASES)
    if first_steps.RESET.exists():
        assert report["peak"] > report["before"] > 0
