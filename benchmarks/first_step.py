"""The group `first_step`: the first training step of a convolutional network in a fresh process."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.figures import Row, Table
from benchmarks.first_steps import BATCH
from benchmarks.fresh import first_steps
from benchmarks.groups import Settings
from benchmarks.samples import quartiles

NETWORK = "CNN 1-16-32"
ROUNDS = 3
CACHED, EMPTY = "tapegrad, kernels cached", "tapegrad, empty cache"
PEER = "PyTorch NCHW"
MUST_REACH = {CACHED: 1.0, EMPTY: 6.0}  # seconds
PHASES = {"import": "import", "build": "data and model", "first step": "first step"}
STEP, ALL = "first step", "all three"


def measure(settings: Settings) -> list[Table]:
    """Seconds by phase; our kernels lie in a cache that an earlier process filled, or have to be compiled."""
    with TemporaryDirectory() as caches:
        filled = str(Path(caches, "filled"))
        programs = {
            CACHED: partial(first_steps, "tapegrad", NETWORK, BATCH, filled),
            EMPTY: partial(in_empty_cache, caches),
            PEER: partial(first_steps, PEER, NETWORK, BATCH),
        }
        for name in (CACHED, PEER):
            programs[name]()  # untimed: files are read into memory, and the cache is filled
        found = rounds_of(programs, min(ROUNDS, settings.rounds), settings.seed)
    rows = tuple(Row(name, phases(reports), MUST_REACH.get(name)) for name, reports in found.items())
    return [Table(f"First steps of {NETWORK} in a fresh process, s", (*PHASES.values(), ALL), STEP, rows)]


def in_empty_cache(caches: str) -> dict[str, Any]:
    """The report of a process that finds no kernel of ours."""
    with TemporaryDirectory(dir=caches) as cache:
        return first_steps("tapegrad", NETWORK, BATCH, cache)


def rounds_of(
    programs: Mapping[str, Callable[[], dict[str, Any]]], rounds: int, seed: int
) -> dict[str, list[dict[str, Any]]]:
    """The programs' reports, taken in shuffled turns."""
    shuffled = random.Random(seed).sample
    reports: dict[str, list[dict[str, Any]]] = defaultdict(list, {name: [] for name in programs})
    for _ in range(rounds):
        for name in shuffled(list(programs), len(programs)):
            reports[name].append(programs[name]())
    return reports


def phases(reports: list[dict[str, Any]]) -> dict[str, Any]:
    """Medians and quartiles of the phases, and of their sum."""
    seconds = np.array([[report[phase] for phase in PHASES] for report in reports])  # (rounds, phases)
    values = {column: quartiles(samples) for column, samples in zip(PHASES.values(), seconds.T, strict=True)}
    return values | {ALL: quartiles(seconds.sum(axis=1))}
