"""How busy other processes keep the machine while a group is measured: figures from a busy machine mislead."""

from __future__ import annotations

import os
import time
from pathlib import Path

STATISTICS = Path("/proc/stat")
MOST_CORES = 0.2


class Watch:
    """Counts, from its making on, the processor time that was spent outside this process and its children."""

    def __init__(self) -> None:
        self.started = time.perf_counter()
        self.before = seconds_elsewhere()

    def seconds(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self.started

    def cores(self) -> float | None:
        """How many cores other processes kept busy on average; None where the system does not tell."""
        now = seconds_elsewhere()
        if self.before is None or now is None:
            return None
        return max(0.0, (now - self.before) / self.seconds())


def seconds_elsewhere() -> float | None:
    """Processor seconds since the machine started, less those of this process and its finished children; on Linux."""
    if not STATISTICS.exists():
        return None
    # cpu user nice system idle iowait irq softirq ..., in ticks over all cores
    user, nice, system, _, _, irq, softirq = map(int, STATISTICS.read_text(encoding="ascii").split(maxsplit=8)[1:8])
    own = os.times()
    everything = (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")
    return everything - own.user - own.system - own.children_user - own.children_system
