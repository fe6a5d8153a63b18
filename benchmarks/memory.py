"""The group `memory`: what training steps leave behind when no garbage collector cleans up after them."""

from __future__ import annotations

import tracemalloc

import numpy as np

import tapegrad as tg
from benchmarks.figures import Row, Table
from benchmarks.groups import Settings
from benchmarks.timing import collector_off
from tapegrad import nn

STEPS = 10_000
WARM_UP = 100
MOST_KILOBYTES = 1_000
GROWTH, PEAK = "growth, kB", "peak growth, kB"


def measure(settings: Settings) -> list[Table]:
    """The growth of traced memory after steps that fill caches; one reference cycle a step would show."""
    rng = np.random.default_rng(settings.seed)
    images = tg.tensor(rng.standard_normal((8, 16), dtype=np.float32))
    labels = rng.integers(4, size=8)
    model = nn.Sequential(nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 4))
    loss_of = nn.CrossEntropyLoss()
    optimizer = nn.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)

    def train(steps: int) -> None:
        for _ in range(steps):
            loss = loss_of(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    with collector_off():
        tracemalloc.start()
        try:
            train(WARM_UP)
            before, _ = tracemalloc.get_traced_memory()
            tracemalloc.reset_peak()
            train(STEPS)
            after, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    row = Row(f"{STEPS:,} steps", {GROWTH: (after - before) / 1e3, PEAK: (peak - before) / 1e3}, MOST_KILOBYTES)
    return [Table("Memory after training, garbage collector off", (GROWTH, PEAK), GROWTH, (row,))]
