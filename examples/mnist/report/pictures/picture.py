"""What every picture is."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Picture"]


@dataclass(frozen=True)
class Picture:
    """An SVG with what is said about it.

    Attributes:
        name: of its file, without the suffix.
        title: what it shows.
        caption: how to read it, and what it says here; plain text.
        svg: the content of the file.
    """

    name: str
    title: str
    caption: str
    svg: bytes
