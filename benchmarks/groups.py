"""The groups of measurements: a new one is a file with `measure(settings)` and one line in `GROUPS`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib import import_module
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.figures import Table

GROUPS = {
    "overhead": "what one operation costs when the arrays are tiny",
    "mlp": "one training step of a dense network, batch 32 and 128",
    "peak": "how much float32 arithmetic this machine can do at most",
    "convolution": "forward, input gradient and weight gradient, by themselves",
    "pooling": "2x2 max pooling, forward + backward",
    "normalization": "batch and layer norm, forward + backward",
    "cnn": "one training step of two convolutional networks, batch 128",
    "loading": "a batch from a DataLoader, and the step that it feeds with augmented images",
    "watching": "a training step under detect_anomaly and profile",
    "scaling": "the smaller one's step, from batch 1 to 1024",
    "first_step": "the first training step in a fresh process",
    "time_to_accuracy": "from a cold start of training to 99 % of MNIST's test images",
    "footprint": "peak memory of training steps in fresh processes",
    "imports": "what `import tapegrad` costs beside `import numpy`",
    "chain": "graphs of up to a million operations: build, backward, release",
    "memory": "what 10,000 training steps leave behind, garbage collector off",
}


@dataclass(frozen=True)
class Settings:
    """What the command line settles for every group."""

    rounds: int
    threads: int
    seed: int
    compile: bool

    def with_rounds(self, share: float) -> Settings:
        """The same with a share of the rounds, at least one: long calls are steadier than short ones."""
        return replace(self, rounds=ceil(self.rounds * share))


def measure(group: str, settings: Settings) -> list[Table]:
    """Run one group; its file is imported here, so that a group loads only the peers that it measures."""
    tables: list[Table] = import_module(f"benchmarks.{group}").measure(settings)
    return tables
