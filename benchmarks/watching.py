"""The group `watching`: a training step under `detect_anomaly` and under `profile`, beside the same step without."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import tapegrad as tg
from benchmarks import mlp_network
from benchmarks.cnn_networks import NETWORKS
from benchmarks.figures import Table, overview
from benchmarks.groups import Settings
from benchmarks.timing import Candidate, interleave
from benchmarks.trainers import tapegrad
from benchmarks.training import Problem

BATCH = 128
PLAIN = "not watched"
WATCHED: dict[str, Callable[[], AbstractContextManager[object]]] = {
    "detect_anomaly": tg.detect_anomaly,
    "profile": tg.profile,
}
MUST_REACH = {"detect_anomaly": 2.0}


def measure(settings: Settings) -> list[Table]:
    """One table a network."""
    problems = {"MLP 784-256-128-10": mlp_network.draw(BATCH, settings.seed)}
    problems |= {name: network.draw(BATCH, settings.seed) for name, network in NETWORKS.items()}
    return [measure_steps(name, problem, settings.with_rounds(1 / 2)) for name, problem in problems.items()]


def measure_steps(name: str, problem: Problem, settings: Settings) -> Table:
    """The step of one network."""
    contexts = {PLAIN: nullcontext, **WATCHED}
    candidates = [stepping(what, problem, context) for what, context in contexts.items()]
    samples = interleave(candidates, rounds=settings.rounds, seed=settings.seed)
    return overview(
        f"One training step of {name}, batch {BATCH}, watched",
        {what: {"tapegrad": samples[what], PLAIN: samples[PLAIN]} for what in WATCHED},
        (PLAIN,),
        unit="ms",
        scale=1e3,
        must_reach=MUST_REACH,
    )


def stepping(name: str, problem: Problem, context: Callable[[], AbstractContextManager[object]]) -> Candidate:
    """A step, watched by what the context brings."""
    trainer = tapegrad(problem)

    def step() -> None:
        with context():
            trainer.step()

    return Candidate(name, step, trainer.restart)
