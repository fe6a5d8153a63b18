"""Histograms of what is not tracked: counts are constant, and edges of bins jump with the data."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..constants import on_values, tracked
from ..errors import MissingRuleError

__all__ = ["histogram", "histogram2d", "histogram_bin_edges", "histogramdd"]


def _of_constants(name: str) -> Any:
    function = getattr(np, name)

    def operation(*args: Any, **options: Any) -> Any:
        if tracked(args, options):
            raise MissingRuleError(
                f"{name}: counts are constant, and the edges of bins jump with the data, so there is no derivative; "
                "pass t.detach(), or use np.bincount with weights= where it is known what falls into which bin"
            )
        return on_values(function, args, options)

    operation.__name__ = operation.__qualname__ = name
    operation.__doc__ = f"np.{name} of what is not tracked."
    return operation


histogram = _of_constants("histogram")
histogram2d = _of_constants("histogram2d")
histogram_bin_edges = _of_constants("histogram_bin_edges")
histogramdd = _of_constants("histogramdd")
