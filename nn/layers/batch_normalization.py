"""Layers that normalise channels and keep running statistics; see `functional/normalization.py` for the formulas."""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from ...autograd.errors import ShapeError
from ...autograd.tensor import Tensor
from .. import functional as F, init
from ..parameters import Buffer
from .normalization import Affine

__all__ = ["BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "InstanceNorm1d", "InstanceNorm2d", "InstanceNorm3d"]


class _Running(Affine):
    """Batch and instance normalisation: parameters and running statistics for each channel."""

    running_mean: Buffer | None
    running_var: Buffer | None
    num_batches_tracked: Buffer | None
    _axes: int

    def __init__(
        self, num_features: int, eps: float, momentum: float | None, affine: bool, track_running_stats: bool,
        dtype: DTypeLike, bias: bool,
    ) -> None:  # fmt: skip
        if num_features < 1:
            raise ValueError(f"{type(self).__name__}: num_features must be at least 1, got {num_features}")
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.affine = affine
        self.track_running_stats = track_running_stats
        self._start((num_features,), affine, bias, dtype)
        self.running_mean = Buffer(np.zeros(num_features), dtype=dtype) if track_running_stats else None
        self.running_var = Buffer(np.ones(num_features), dtype=dtype) if track_running_stats else None
        self.num_batches_tracked = Buffer(np.array(0)) if track_running_stats else None

    def initialize(self, rng: np.random.Generator) -> None:
        """Everything as after construction, running statistics included; nothing is drawn."""
        super().initialize(rng)
        self.reset_running_stats()

    def reset_running_stats(self) -> None:
        """Forget what was averaged so far: means 0, variances 1."""
        if self.running_mean is not None and self.running_var is not None and self.num_batches_tracked is not None:
            init.zeros_(self.running_mean)
            init.ones_(self.running_var)
            init.zeros_(self.num_batches_tracked)

    def _require(self, x: Tensor, ndims: tuple[int, ...], channel_axis: int) -> None:
        name = type(self).__name__
        if x.ndim not in ndims:
            raise ShapeError(f"{name}: expected {' or '.join(map(str, ndims))} axes, got shape {x.shape}")
        if x.shape[channel_axis] != self.num_features:
            raise ShapeError(
                f"{name}: expected {self.num_features} channels (num_features), got {x.shape[channel_axis]}: axis "
                f"{channel_axis % x.ndim} of {x.shape}"
            )

    def extra_repr(self) -> str:
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={self.affine}, "
            f"bias={self.bias is not None}, track_running_stats={self.track_running_stats}"
        )


class _BatchNorm(_Running):
    def __init__(
        self, num_features: int, eps: float = 1e-5, momentum: float | None = 0.1, affine: bool = True,
        track_running_stats: bool = True, dtype: DTypeLike = np.float32, *, bias: bool = True,
    ) -> None:  # fmt: skip
        super().__init__(num_features, eps, momentum, affine, track_running_stats, dtype, bias)

    def forward(self, x: Tensor) -> Tensor:
        self._require(x, (2, 3) if self._axes == 1 else (self._axes + 2,), 1)
        training = self.training or self.running_mean is None
        momentum = self.momentum or 0.0
        batches = self.num_batches_tracked
        if self.training and batches is not None and self.momentum is None:
            momentum = 1 / (batches.item() + 1)  # the mean of all batches so far
        y: Tensor = F.batch_norm(
            x, self.running_mean, self.running_var, self.weight, self.bias, training, momentum, self.eps
        )
        if self.training and batches is not None:
            batches.data = batches.numpy() + 1
        return y


class BatchNorm1d(_BatchNorm):
    """`BatchNorm2d` of (N, C) or (N, C, L)."""

    _axes = 1


class BatchNorm2d(_BatchNorm):
    """Each channel of a batch (N, C, H, W) made to have mean 0 and variance 1, then times weight, plus bias.

    Args:
        num_features: C.
        eps: added to the variance.
        momentum: by how much the running mean and variance, which are used in evaluation, move towards each batch's;
            None for the mean of all batches.
        affine: whether there are weight and bias (C,), which start at 1 and 0; `bias=False` leaves out that one.
        track_running_stats: False does without running ones; evaluation then normalises by the batch as well.

    Raises:
        ValueError: num_features < 1.
        ShapeError: when called, on another number of axes or channels; in training, on one value for each channel.
    """

    _axes = 2


class BatchNorm3d(_BatchNorm):
    """`BatchNorm2d` of (N, C, D, H, W)."""

    _axes = 3


class _InstanceNorm(_Running):
    def __init__(
        self, num_features: int, eps: float = 1e-5, momentum: float = 0.1, affine: bool = False,
        track_running_stats: bool = False, dtype: DTypeLike = np.float32, *, bias: bool = True,
    ) -> None:  # fmt: skip
        super().__init__(num_features, eps, momentum, affine, track_running_stats, dtype, bias)

    def forward(self, x: Tensor) -> Tensor:
        self._require(x, (self._axes + 1, self._axes + 2), -1 - self._axes)
        batch = x if x.ndim == self._axes + 2 else x[None]
        own = self.training or self.running_mean is None
        y: Tensor = F.instance_norm(
            batch, self.running_mean, self.running_var, self.weight, self.bias, own, self.momentum or 0.0, self.eps
        )
        return y if batch is x else y[0]


class InstanceNorm1d(_InstanceNorm):
    """`InstanceNorm2d` of (N, C, L) or (C, L)."""

    _axes = 1


class InstanceNorm2d(_InstanceNorm):
    """Each channel of each image, (N, C, H, W) or (C, H, W), made to have mean 0 and variance 1.

    Arguments and errors are those of `BatchNorm2d`, but without being asked it has neither parameters nor running
    statistics.
    """

    _axes = 2


class InstanceNorm3d(_InstanceNorm):
    """`InstanceNorm2d` of (N, C, D, H, W) or (C, D, H, W)."""

    _axes = 3
