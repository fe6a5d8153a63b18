"""A display that remembers what it was to show."""

from __future__ import annotations

from tapegrad.nn.training import History
from tapegrad.nn.training.showing import Display

__all__ = ["Recorder"]


class Recorder(Display):
    interval = 0.0
    moves = True

    def __init__(self, width: int = 100) -> None:
        self.width = width
        self.lines: list[str] = []
        self.bars: list[tuple[str, float | None, str]] = []
        self.drawn = 0
        self.closed = 0

    def line(self, text: str) -> None:
        self.lines.append(text)

    def bar(self, name: str, share: float | None, text: str) -> None:
        self.bars.append((name, share, text))

    def curves(self, history: History) -> None:
        self.drawn += 1

    def close(self) -> None:
        self.closed += 1
