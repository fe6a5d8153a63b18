"""The schedules under PyTorch's module name: `optim.lr_scheduler.StepLR`."""

from __future__ import annotations

from .one_cycle import *
from .plateau import *
from .schedules import *
