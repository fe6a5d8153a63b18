"""A small problem to train on, and a program that trains on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from tapegrad import datasets, nn
from tapegrad.nn import functional as F
from tapegrad.nn.optim import Adam, lr_scheduler
from tapegrad.nn.training import EarlyStopping, Trainer, accuracy

__all__ = ["PROGRAM", "loaders", "model", "trainer"]


def loaders(n: int = 96, batch: int = 8) -> tuple[Any, Any]:
    """Two noisy half moons: training and validation batches."""
    rng = np.random.default_rng(0)
    angle, labels = rng.uniform(0, np.pi, n), rng.integers(0, 2, n)
    points = np.stack([np.cos(angle) + labels, np.sin(angle) * (1 - 2 * labels) + labels / 2], 1)
    data = datasets.ArrayDataset((points + rng.normal(0, 0.1, (n, 2))).astype(np.float32), labels)
    train, validation = datasets.random_split(data, [0.75, 0.25])
    return datasets.DataLoader(train, batch, shuffle=True, seed=3), datasets.DataLoader(validation, 16)


def model(seed: int = 1) -> nn.Module:
    rng = np.random.default_rng(seed)
    return nn.Sequential(nn.Linear(2, 8, rng=rng), nn.ReLU(), nn.Dropout(0.1), nn.Linear(8, 2, rng=rng))


def trainer(folder: Path | None = None, **options: Any) -> Trainer:
    """One with everything that has a state: dropout, schedule, averaging, momentum, early stopping."""
    nn.manual_seed(5)
    net = model()
    optimizer = Adam(net.parameters(), 0.01)
    given: dict[str, Any] = {
        "metrics": {"accuracy": accuracy},
        "schedule": lr_scheduler.CosineAnnealingLR(optimizer, 50),
        "schedule_every": "step",
        "ema": 0.9,
        "callbacks": [EarlyStopping(patience=50)],
        "folder": folder,
        **options,
    }
    return Trainer(net, optimizer, F.cross_entropy, **given)


PROGRAM = """
import sys
from pathlib import Path
sys.path.insert(0, {folder!r})
from problems import loaders, trainer
t = trainer(Path(sys.argv[1]), checkpoint_every=2)
print("ready", flush=True)
t.fit(*loaders(), epochs=int(sys.argv[2]), resume=True)
t.save(Path(sys.argv[1]) / "end.safetensors")
print("done", t.interrupted, flush=True)
"""
