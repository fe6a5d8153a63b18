"""Numbers as people read them."""

from __future__ import annotations

import math

__all__ = ["duration", "short"]


def short(value: float) -> str:
    """Four digits behind the point, or an exponent where those would say nothing."""
    return f"{value:.4f}" if value == 0 or 1e-3 <= abs(value) < 1e4 or not math.isfinite(value) else f"{value:.2e}"


def duration(seconds: float) -> str:
    """Minutes and seconds, with hours before them where there are."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
