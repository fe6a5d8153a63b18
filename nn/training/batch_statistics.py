"""Batch norm's running statistics, taken anew for the weights and the data that a model is used with."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from ...autograd.mode import no_grad
from ...autograd.tensor import Tensor
from ..layers.batch_normalization import BatchNorm1d, BatchNorm2d, BatchNorm3d
from .averaging import ExponentialMovingAverage

if TYPE_CHECKING:
    from ..module import Module

__all__ = ["update_bn"]


def update_bn(batches: Iterable[Any], model: Module | ExponentialMovingAverage) -> None:
    """Take the running means and variances of a model's batch norms anew: the means of those of the batches.

    Those of a training lag behind its weights, are of images as they were varied, and are no statistics of weights that
    were averaged. Afterwards each module is in its own mode again.

    Args:
        batches: arrays, or tuples whose first array counts, as a `DataLoader` gives; of data as they will be used.
        model: or an average of its weights, whose statistics are taken instead. Without batch norms nothing is done.

    Raises:
        ValueError: there are no batches; the statistics are as they were.

    Source: P. Izmailov et al., "Averaging weights leads to wider optima and better generalization", UAI 2018. Dropout
    is off, other than in PyTorch's function: it would make variances larger than they are in use (X. Li et al.,
    "Understanding the disharmony between dropout and batch normalization by variance shift", CVPR 2019).
    """
    if isinstance(model, ExponentialMovingAverage):
        with model.applied():
            update_bn(batches, model.model)
            model.average = {name: array.copy() for name, array in model.model.state_dict().items()}
        return
    norms = [each for each in model.modules() if isinstance(each, BatchNorm1d | BatchNorm2d | BatchNorm3d)]
    norms = [norm for norm in norms if norm.track_running_stats]
    if not norms:
        return
    with ExitStack() as afterwards:
        for module in model.modules():
            afterwards.callback(setattr, module, "training", module.training)
        model.eval()
        done = 0
        for batch in batches:
            if not done:
                for norm in norms:
                    afterwards.callback(setattr, norm, "momentum", norm.momentum)
                    norm.reset_running_stats()
                    norm.momentum, norm.training = None, True
            with no_grad():
                model(Tensor(batch[0] if isinstance(batch, tuple | list) else batch, copy=None))
            done += 1
        if not done:
            raise ValueError("update_bn: there are no batches; an iterator gives its own only once, a DataLoader again")
