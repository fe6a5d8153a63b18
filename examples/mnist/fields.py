"""What a setting may be: how it is written on the command line and in TOML, and what is refused."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import Field, dataclass, field, replace
from typing import Any

from examples.mnist.suggestions import unknown

__all__ = ["Kind", "choice", "flag", "integer", "integers", "kind_of", "number", "optional", "setting", "text"]

NONE = "none"
YES, NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


@dataclass(frozen=True)
class Kind:
    """A kind of value.

    Attributes:
        read: gives the value of a text, or of what TOML has for it; a ValueError says what was expected.
        placeholder: what `--help` calls it.
        names: all values, where they have names.
    """

    read: Callable[[Any], Any]
    placeholder: str
    names: Collection[str] = ()


def setting(default: Any, kind: Kind, help: str) -> Any:
    """A field of `Settings`."""
    return field(default=default, metadata={"kind": kind, "help": help})


def kind_of(each: Field[Any]) -> Kind:
    """The kind of a field."""
    kind: Kind = each.metadata["kind"]
    return kind


def integer(least: int, word: str | None = None) -> Kind:
    """A whole number from `least` on, or a word that stands for what no number says."""

    def read(value: Any) -> int | str:
        if word is not None and value == word:
            return word
        expected = f"{value!r} is not a whole number" + (f" or {word!r}" if word else "")
        if isinstance(value, bool | float):
            raise ValueError(expected)
        try:
            found = int(value)
        except (TypeError, ValueError):
            raise ValueError(expected) from None
        if found < least:
            raise ValueError(f"{found} is less than {least}")
        return found

    return Kind(read, f"N|{word}" if word else "N")


def number(least: float = -math.inf, most: float = math.inf, *, open_below: bool = False) -> Kind:
    """A finite number in [least, most), or in (least, most) with `open_below`."""

    def read(value: Any) -> float:
        if isinstance(value, bool):
            raise ValueError(f"{value!r} is not a number")
        try:
            found = float(value)
        except (TypeError, ValueError):
            raise ValueError(f"{value!r} is not a number") from None
        if not math.isfinite(found):
            raise ValueError(f"{found} is not a number to train with")
        if found < least or (open_below and found == least):
            raise ValueError(f"{found:g} is not {'above' if open_below else 'at least'} {least:g}")
        if found >= most:
            raise ValueError(f"{found:g} is not below {most:g}")
        return found

    return Kind(read, "X")


def choice(noun: str, names: Collection[str]) -> Kind:
    """One of some names."""

    def read(value: Any) -> str:
        if value not in names:
            raise ValueError(unknown(noun, str(value), names))
        return str(value)

    return Kind(read, "NAME", names)


def integers() -> Kind:
    """Whole numbers from 1 on: `256,128` or `256x128`, in TOML `[256, 128]`; an empty text for none."""

    def read(value: Any) -> tuple[int, ...]:
        parts = value
        if isinstance(value, str):
            parts = value.replace("x", ",").split(",") if value.strip() else []
        if not isinstance(parts, list | tuple):
            raise ValueError(f"{value!r} is not a list of whole numbers, such as 256,128")
        one = integer(1).read
        return tuple(int(one(part)) for part in parts)

    return Kind(read, "N,N,...")


def text() -> Kind:
    """Any text."""

    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise ValueError(f"{value!r} is not a text")
        return value

    return Kind(read, "TEXT")


def optional(kind: Kind) -> Kind:
    """That kind or `none`, which stands for None."""
    return replace(kind, read=lambda value: None if value is None or value == NONE else kind.read(value))


def flag() -> Kind:
    """Yes or no."""

    def read(value: Any) -> bool:
        word = str(value).lower()
        if word not in YES + NO:
            raise ValueError(f"{value!r} is neither yes nor no")
        return word in YES

    return Kind(read, "BOOL")
