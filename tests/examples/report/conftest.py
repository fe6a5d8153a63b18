"""Evaluations of small models on made-up images."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from examples.mnist.models import find
from examples.mnist.report import Evaluation
from tapegrad import nn
from tapegrad.nn.training import History

IMAGES = 150


def history(*names: str) -> History:
    epochs = [
        {"epoch": float(e), "seconds": 1.0, "lr": 0.1}
        | {f"{start}{name}": 1 / e for name in names for start in ("", "val_")}
        for e in range(1, 5)
    ]
    steps = [{"step": float(s), "lr": 0.1} | dict.fromkeys(names, 1 / s) for s in range(1, 200)]
    return History(epochs, steps)


def batches(shape: tuple[int, ...], heads: int) -> Iterator[tuple[NDArray[np.generic], ...]]:
    rng = np.random.default_rng(0)
    for _ in range(3):
        labels = (rng.integers(0, 10, IMAGES // 3) for _ in range(heads))
        yield rng.normal(size=(IMAGES // 3, *shape)).astype(np.float32), *labels


def evaluated(name: str, title: str = "", warning: str | None = None) -> Evaluation:
    model = find(name)
    nn.manual_seed(0)
    names = [f"{head}/accuracy" for head in model.heads] or ["accuracy"]
    return Evaluation(
        title or name, model.build(), history("loss", *names), "MNIST", batches(model.shape, len(model.heads) or 1),
        model.shape, model.heads, (), {"epochs": "4"}, warning,
    )  # fmt: skip


@pytest.fixture(scope="session")
def one_head() -> Evaluation:
    return evaluated("fast")


@pytest.fixture(scope="session")
def two_heads() -> Evaluation:
    return evaluated("twodigit-mlp")


@pytest.fixture(scope="session")
def hostile() -> Evaluation:
    return evaluated(
        "linear", "<script>alert('\"&')</script>", warning="<img src=http://127.0.0.1:9/x onerror=alert(1)>"
    )
