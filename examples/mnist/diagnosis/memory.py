"""Whether a step of the training fits into memory, and which batch would."""

from __future__ import annotations

import os
from pathlib import Path

from examples.mnist.diagnosis.finding import Finding
from examples.mnist.diagnosis.problem import Problem
from examples.mnist.settings import Settings

__all__ = ["available_memory", "check_memory"]

MEASURED = 64  # images; more need as much more
SAFE = 0.5  # of what is free: an estimate knows nothing of what kernels need for a moment
STATES = {"nesterov": "momentum"}  # by the names that a model's summary has for them


def check_memory(problem: Problem, free: int | None = None) -> Finding:
    """What parameters, gradients, optimizer and activations need, beside what is free.

    Args:
        free: bytes; None for what the system tells.
    """
    free = available_memory() if free is None else free
    settings = problem.settings
    size = len(problem.data.train) if settings.batch_size == "full" else int(settings.batch_size)
    summary = problem.fresh().summary((MEASURED, *problem.data.shape), training=True)
    needed = summary.training_bytes(state_of(settings), size)
    says = f"a step with {size:,} images needs about {in_words(needed)}"
    if free is None:
        return Finding("memory", f"{says}; how much is free this system does not tell")
    largest = summary.largest_batch(int(SAFE * free), state_of(settings))
    says = f"{says} of {in_words(free)} that are free; up to {largest:,} images are safe"
    if size <= largest:
        return Finding("memory", says)
    if not largest:
        return Finding("memory", says, "the model alone is too large: fewer --hidden units or --channels")
    fitting = 2 ** (largest.bit_length() - 1)
    return Finding(
        "memory", says,
        f"--batch-size {fitting}; with --accumulate {-(-size // fitting)} the step is that of the larger batch. "
        "--stream keeps the images on disk",
    )  # fmt: skip


def state_of(settings: Settings) -> str:
    """What an optimizer keeps, by the name that a model's summary has for it."""
    if settings.optimizer == "sgd" and settings.momentum:
        return "momentum"
    return STATES.get(settings.optimizer, settings.optimizer)


def available_memory() -> int | None:
    """Bytes that can be had without swapping; None where the system does not tell."""
    table = Path("/proc/meminfo")
    if table.exists():
        for line in table.read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (AttributeError, ValueError, OSError):
        return None


def in_words(count: float) -> str:
    """Bytes as a reader wants them."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"
