"""Questions at the prompt, asked again until the answer will do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from examples.mnist.display import say

__all__ = ["ask", "number_in", "several"]

T = TypeVar("T")


def ask(question: str, read: Callable[[str], T], default: str | None = None) -> T:
    """The answer to a question; an empty one stands for the default.

    Args:
        read: gives the value of an answer; a ValueError says what was expected.

    Raises:
        EOFError: there are no more answers.
        KeyboardInterrupt: Ctrl-C.
    """
    hint = "" if default is None else f" [{default}]"
    while True:
        answer = input(f"{question}{hint}: ").strip()
        if not answer and default is None:
            continue
        try:
            return read(answer or str(default))
        except ValueError as error:
            say(f"  {error}")


def number_in(least: int, most: int) -> Callable[[str], int]:
    """A whole number in [least, most]."""

    def read(answer: str) -> int:
        if not answer.isdecimal() or not least <= int(answer) <= most:
            raise ValueError(f"{answer!r} is not a number from {least} to {most}")
        return int(answer)

    return read


def several(read: Callable[[str], T]) -> Callable[[str], list[T]]:
    """Answers separated by commas."""
    return lambda answer: [read(part.strip()) for part in answer.split(",") if part.strip()]
