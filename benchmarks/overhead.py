"""The group `overhead`: one operation on tiny arrays, where only the engine's own work is seen."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import Table, comparison
from benchmarks.groups import Settings
from benchmarks.tanh_chains import LIBRARIES, OPERATIONS, Chain, W, X
from benchmarks.timing import Candidate, interleave

MUST_REACH = {"forward": {"PyTorch eager": 0.6}, "forward + backward": {"PyTorch eager": 0.65}}


def measure(settings: Settings) -> list[Table]:
    """Forward, then forward + backward, after checking that every library computes the same."""
    chains = {name: library() for name, library in LIBRARIES.items()}
    check(chains)
    passes = {
        "forward": [Candidate(name, chain.forward) for name, chain in chains.items() if chain.forward],
        "forward + backward": [Candidate(name, chain.both) for name, chain in chains.items() if chain.both],
    }
    return [
        comparison(
            f"Overhead, {what}: a chain of {OPERATIONS} operations on {X.size} numbers",
            interleave(candidates, rounds=settings.rounds, seed=settings.seed),
            unit="µs per operation",
            scale=1e6 / OPERATIONS,
            must_reach=MUST_REACH[what],
            label=f"one operation, {what}",
        )
        for what, candidates in passes.items()
    ]


def check(chains: dict[str, Chain]) -> None:
    """Raise unless all libraries agree, to rounding, with the chain and its gradient in float64."""
    y, slope = X.astype(np.float64), np.ones(X.size)
    for _ in range(OPERATIONS // 2):
        y = np.tanh(y * W)
        slope *= (1 - y**2) * W
    for name, chain in chains.items():
        for what, function, expected in (("y", chain.forward, y), ("the gradient", chain.both, slope)):
            if function is not None:
                found = plain(function())
                if found.dtype != np.float32 or not np.allclose(found, expected, rtol=1e-4, atol=0):
                    raise ArithmeticError(f"{name}: {what} is {found} ({found.dtype}), expected {expected} in float32")


def plain(value: Any) -> NDArray[Any]:
    """The array behind a library's tensor."""
    return np.asarray(value.detach() if hasattr(value, "detach") else value)
