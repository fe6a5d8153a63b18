"""The group `loading`: a batch from a DataLoader, beside PyTorch's, and a training step that is fed by ours.

The images are 60,000 of 28x28 at random, kept as bytes: as large as MNIST's training set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import cycle
from typing import Any

import numpy as np

import tapegrad as tg
from benchmarks.cnn_networks import IMAGE, NETWORKS
from benchmarks.figures import Table, comparison, overview
from benchmarks.groups import Settings
from benchmarks.peers import load
from benchmarks.timing import Candidate, interleave
from benchmarks.training import BATCHES, CLASSES, LEARNING_RATE, MOMENTUM, Problem
from tapegrad import nn
from tapegrad.datasets import DataLoader, ImageDataset, transforms

IMAGES, BATCH = 60_000, 128
NETWORK = "CNN 1-32-64"
HELD = "arrays in memory"
# Long turns: a short one would live on the batches that were made ahead before it began.
TURN_SECONDS = 0.4
SHIFTED = transforms.RandomShift(2, whole=True)
ROTATED = transforms.RandomAffine(degrees=10, shift=2)
ELASTIC = transforms.RandomElastic(alpha=20)
FEEDS: dict[str, dict[str, Any]] = {
    "no augmentation": {},
    "shift": {"transform": SHIFTED},
    "shift and rotate": {"transform": ROTATED},
    "shift and rotate, prefetch": {"transform": ROTATED, "prefetch": 2},
    "elastic, prefetch": {"transform": ELASTIC, "prefetch": 2},
}
MUST_REACH = 1.05  # of the step on arrays in memory

Batches = Iterator[tuple[Any, ...]]


def measure(settings: Settings) -> list[Table]:
    """One table of batches alone, one of training steps."""
    rng = np.random.default_rng(settings.seed)
    pixels = rng.integers(256, size=(IMAGES, *IMAGE[1:]), dtype=np.uint8)
    labels = rng.integers(CLASSES, size=IMAGES)
    return [measure_batches(pixels, labels, settings), measure_steps(pixels, labels, settings.with_rounds(1 / 2))]


def measure_batches(pixels: Any, labels: Any, settings: Settings) -> Table:
    """A shuffled batch of float32 images and their labels; PyTorch's data set is the float32 tensor."""
    data = load("torch.utils.data")
    torch = load("torch")
    floats = torch.from_numpy(pixels[:, np.newaxis] / np.float32(255))
    dataset = data.TensorDataset(floats, torch.from_numpy(labels))
    at_once = data.BatchSampler(data.RandomSampler(dataset), BATCH, drop_last=True)
    feeds = {
        "tapegrad": DataLoader(ImageDataset(pixels, labels, white=255), BATCH, shuffle=True, drop_last=True),
        "PyTorch": data.DataLoader(dataset, BATCH, shuffle=True, drop_last=True),
        "PyTorch, rows at once": data.DataLoader(dataset, sampler=at_once, batch_size=None),
    }
    candidates = [Candidate(name, next_of(endless(feed))) for name, feed in feeds.items()]
    samples = interleave(candidates, rounds=settings.rounds, seed=settings.seed)
    title = f"A batch of {BATCH} images of 28x28 from a DataLoader"
    return comparison(title, samples, unit="µs", scale=1e6, must_reach={})


def measure_steps(pixels: Any, labels: Any, settings: Settings) -> Table:
    """The step of a network on batches that are there, and on batches that a loader makes meanwhile."""
    dataset = ImageDataset(pixels, labels, white=255)
    problem = NETWORKS[NETWORK].draw(BATCH, settings.seed)
    held = [dataset[np.arange(number * BATCH, (number + 1) * BATCH)] for number in range(BATCHES)]
    feeds: dict[str, Batches] = {HELD: cycle(held)}
    for name, options in FEEDS.items():
        feeds[name] = endless(DataLoader(dataset, BATCH, shuffle=True, drop_last=True, **options))
    candidates = [trainer(name, problem, feed) for name, feed in feeds.items()]
    samples = interleave(candidates, rounds=settings.rounds, seed=settings.seed, turn_seconds=TURN_SECONDS)
    return overview(
        f"One training step of {NETWORK}, batch {BATCH}, fed by a DataLoader",
        {name: {"tapegrad": samples[name], HELD: samples[HELD]} for name in FEEDS},
        (HELD,),
        unit="ms",
        scale=1e3,
        must_reach=dict.fromkeys(FEEDS, MUST_REACH),
    )


def trainer(name: str, problem: Problem, feed: Batches) -> Candidate:
    """Ours, on the batches of a feed."""
    model, loss_of = problem.network(nn), nn.CrossEntropyLoss()
    names = list(model.state_dict())
    optimizer = nn.optim.SGD(model.parameters(), lr=LEARNING_RATE, momentum=MOMENTUM)

    def restart() -> None:
        nonlocal optimizer
        model.load_state_dict(dict(zip(names, problem.module_parameters(), strict=True)))
        optimizer = nn.optim.SGD(model.parameters(), lr=LEARNING_RATE, momentum=MOMENTUM)

    def step() -> None:
        images, labels = next(feed)
        loss = loss_of(model(tg.Tensor(images, copy=None)), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return Candidate(name, step, restart)


def endless(loader: Iterable[tuple[Any, ...]]) -> Batches:
    """The batches of epoch after epoch."""
    while True:
        yield from loader


def next_of(feed: Batches) -> Callable[[], object]:
    """The function that takes the next batch."""
    return lambda: next(feed)
