"""Work of other processes is noticed, and our own is not taken for theirs."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from benchmarks.neighbours import STATISTICS, Watch, seconds_elsewhere

linux_only = pytest.mark.skipif(not STATISTICS.exists(), reason="only Linux tells how busy the machine is")
HALF_A_SECOND_OF_WORK = """
import time
while time.process_time() < 0.5:
    pass
print("done", flush=True)
input()
"""


def elsewhere() -> float:
    found = seconds_elsewhere()
    assert found is not None
    return found


@linux_only
def test_a_process_counts_as_another_until_it_is_our_finished_child() -> None:
    before = elsewhere()
    with subprocess.Popen(
        [sys.executable, "-c", HALF_A_SECOND_OF_WORK], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "done\n"
        working = elsewhere()
        process.communicate("end\n")
    finished = elsewhere()
    assert working - before > 0.4
    assert finished - working < -0.3


def everywhere() -> float:
    """Processor seconds of the whole machine, idle ones left out."""
    ticks = [int(field) for field in STATISTICS.read_text(encoding="ascii").splitlines()[0].split()[1:8]]
    return (sum(ticks) - ticks[3] - ticks[4]) / os.sysconf("SC_CLK_TCK")


@linux_only
def test_our_own_work_is_not_that_of_others() -> None:
    all_before, others_before = everywhere(), elsewhere()
    started = time.process_time()
    while time.process_time() - started < 0.5:
        pass
    all_work, others_work = everywhere() - all_before, elsewhere() - others_before
    assert all_work - others_work == pytest.approx(0.5, abs=0.1)


@linux_only
def test_a_watch_gives_cores() -> None:
    watch = Watch()
    time.sleep(0.05)
    cores = watch.cores()
    assert cores is not None
    assert cores >= 0
    assert watch.seconds() >= 0.05
