"""Training: the loop with its checkpoints, callbacks and metrics."""

from __future__ import annotations

from .averaging import ExponentialMovingAverage as ExponentialMovingAverage
from .batch_statistics import update_bn as update_bn
from .callbacks import Callback as Callback, EarlyStopping as EarlyStopping
from .checkpoints import (
    CheckpointError as CheckpointError,
    load_checkpoint as load_checkpoint,
    save_checkpoint as save_checkpoint,
)
from .clipping import clip_grad_norm_ as clip_grad_norm_, clip_grad_value_ as clip_grad_value_
from .divergence import DivergedError as DivergedError
from .history import History as History
from .logs import JSONLines as JSONLines, TensorBoard as TensorBoard
from .metrics import (
    Report as Report,
    accuracy as accuracy,
    calibration_error as calibration_error,
    confusion_matrix as confusion_matrix,
    report as report,
    top_k as top_k,
)
from .objective import Objective as Objective
from .showing import Curves as Curves, Progress as Progress
from .trainer import Trainer as Trainer

__all__ = [
    "Callback", "CheckpointError", "Curves", "DivergedError", "EarlyStopping", "ExponentialMovingAverage", "History",
    "JSONLines", "Objective", "Progress", "Report", "TensorBoard", "Trainer", "accuracy", "calibration_error",
    "clip_grad_norm_", "clip_grad_value_", "confusion_matrix", "load_checkpoint", "report", "save_checkpoint", "top_k",
    "update_bn",
]  # fmt: skip
