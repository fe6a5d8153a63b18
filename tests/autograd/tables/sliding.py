"""Convolution, pooling, resizing."""

from __future__ import annotations

from .. import regions, windows
from ..kernels.convolution import definitions
from ..kernels.pooling import definitions as pooling
from .record import Case

CASES: dict[str, Case] = {
    # convolution and windows
    "convolution": Case(definitions.convolution, windows.convolution()),
    "convolution_without_bias": Case(definitions.convolution_without_bias, windows.convolution_without_bias()),
    "transposed_convolution": Case(definitions.transposed_convolution, windows.transposed_convolution()),
    "weight_gradient": Case(definitions.weight_gradient, windows.weight_gradient()),
    "unfold": Case(definitions.unfold, windows.unfold()),
    "fold": Case(definitions.fold, windows.fold()),
    # pooling and resizing
    "max_pool1d": Case(pooling.take, regions.taken(1)),
    "max_pool2d": Case(pooling.take, regions.taken(2)),
    "max_pool3d": Case(pooling.take, regions.taken(3)),
    "put_back": Case(pooling.put, regions.put_back()),
    "avg_pool1d": Case(pooling.mean, regions.averaged(1)),
    "avg_pool2d": Case(pooling.mean, regions.averaged(2)),
    "avg_pool3d": Case(pooling.mean, regions.averaged(3)),
    "region_sums": Case(pooling.sums, regions.summed()),
    "spread": Case(pooling.spread, regions.spread()),
    "interpolate": Case(pooling.resize, regions.interpolated()),
    "interpolate_adjoint": Case(pooling.resize_adjoint, regions.interpolated(back=True)),
}
