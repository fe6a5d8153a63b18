"""Draw curves.png, the picture in docs/training.md: `.venv/bin/python docs/images/draw_curves.py`."""

from __future__ import annotations

from pathlib import Path

from tapegrad import nn
from tapegrad.datasets import DataLoader, Digits, random_split
from tapegrad.nn import functional as F
from tapegrad.nn.optim import AdamW
from tapegrad.nn.training import History, Trainer, accuracy


def trained() -> History:
    """A small network on the digits that come with scikit-learn."""
    nn.manual_seed(0)
    train, validation = random_split(Digits(), [0.9, 0.1])
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 64), nn.ReLU(), nn.Dropout(0.2), nn.Linear(64, 10))
    trainer = Trainer(model, AdamW(model.parameters(), 1e-3), F.cross_entropy, metrics={"accuracy": accuracy})
    return trainer.fit(DataLoader(train, 32, shuffle=True), DataLoader(validation, 256), epochs=15)


if __name__ == "__main__":
    trained().plot().savefig(Path(__file__).with_name("curves.png"), dpi=80)
