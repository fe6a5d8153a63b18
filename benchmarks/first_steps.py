"""A program: import one library, make a network, train it for some steps, and print what that took, as JSON.

    python -m benchmarks.first_steps tapegrad "CNN 1-16-32" 128        the first step on 128 images, as all others

Groups start it in fresh processes. It imports the library first of all, while nothing that the library needs is loaded.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from importlib import import_module
from pathlib import Path

MODULES = {"tapegrad": "tapegrad.nn", "PyTorch NCHW": "torch", "PyTorch channels-last": "torch"}
BATCH = 128
STEPS = 5
STATUS, RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def main(library: str, network: str, images: str) -> None:
    """Seconds for the import, for data and model, for the first step; bytes resident before and after it, and at most.

    The first step is on so many `images`. After one on a single image all code is loaded, and only arrays are to come.
    """
    started = time.perf_counter()
    import_module(MODULES[library])
    imported = time.perf_counter()

    from benchmarks.cnn import LAYOUTS, OURS
    from benchmarks.cnn_networks import NETWORKS

    ready = time.perf_counter()
    problem = NETWORKS[network].draw(BATCH, seed=0)
    pixels, labels = problem.batches[0]
    first = pixels[: int(images)], labels[: int(images)]
    trainer = (OURS | LAYOUTS)[library](replace(problem, batches=(first, *problem.batches)))
    trainer.restart()
    before = resident_bytes("VmRSS")
    built = time.perf_counter()
    trainer.step()
    stepped = time.perf_counter()
    after = resident_bytes("VmRSS")
    forget_peak()
    for _ in range(STEPS):
        trainer.step()
    report = {
        "import": imported - started,
        "build": built - ready,
        "first step": stepped - built,
        "before": before,
        "after": after,
        "peak": resident_bytes("VmHWM"),
    }
    print(json.dumps(report))


def resident_bytes(field: str) -> int | None:
    """What the process holds in memory (VmRSS), or held at most (VmHWM); None where the system does not tell."""
    if not STATUS.exists():
        return None
    fields = dict(line.split(":", 1) for line in STATUS.read_text(encoding="ascii").splitlines())
    return int(fields[field].split()[0]) * 1024


def forget_peak() -> None:
    """Let VmHWM begin anew from what the process holds now."""
    if RESET.exists():
        RESET.write_text("5", encoding="ascii")


if __name__ == "__main__":
    main(*sys.argv[1:])
