"""Figures written to files while a training runs, for other programs to read."""

from __future__ import annotations

from .json_lines import JSONLines as JSONLines
from .tensorboard import TensorBoard as TensorBoard

__all__ = ["JSONLines", "TensorBoard"]
