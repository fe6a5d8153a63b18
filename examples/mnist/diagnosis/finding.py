"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Finding"]


@dataclass(frozen=True)
class Finding:
    """The outcome of a check.

    Attributes:
        check: what was looked at.
        says: what was found.
        advice: what to do about it; None if all is well.
        details: further lines.
    """

    check: str
    says: str
    advice: str | None = None
    details: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing needs to be done."""
        return self.advice is None
