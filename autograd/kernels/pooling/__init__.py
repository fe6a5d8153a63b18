"""Pooling: regions of images, and the largest element or the mean of each."""

from __future__ import annotations

from .maxima import places as places, pool as pool, put as put, take as take
from .means import mean as mean, spread as spread, sums as sums
from .regions import Regions as Regions

__all__ = ["Regions", "mean", "places", "pool", "put", "spread", "sums", "take"]
