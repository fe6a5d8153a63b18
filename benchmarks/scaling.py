"""The group `scaling`: the training step of the smaller convolutional network, from one image to a thousand."""

from __future__ import annotations

from benchmarks.cnn import LAYOUTS, OURS, time_step
from benchmarks.cnn_networks import NETWORKS
from benchmarks.figures import Table, overview
from benchmarks.groups import Settings

NETWORK = "CNN 1-16-32"
BATCHES = (1, 4, 16, 64, 256, 1024)


def measure(settings: Settings) -> list[Table]:
    """One row a batch size, against the faster of PyTorch's layouts."""
    fewer = settings.with_rounds(1 / 3)
    problems = {f"batch {batch}": NETWORKS[NETWORK].draw(batch, settings.seed) for batch in BATCHES}
    cases = {name: time_step(OURS | LAYOUTS, problem, fewer) for name, problem in problems.items()}
    return [
        overview(
            f"One training step, {NETWORK}, by batch size",
            cases,
            tuple(LAYOUTS),
            unit="ms",
            scale=1e3,
            must_reach={},
            label=f"{NETWORK} step",
        )
    ]
