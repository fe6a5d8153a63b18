"""Looking into a program: where a NaN is born, where time goes, what is wrong with a model, what an operation does."""

from __future__ import annotations

from ..provenance import mark_ours
from .anomaly import detect_anomaly as detect_anomaly
from .explaining import explain as explain
from .linting import lint as lint
from .profiling import Profile as Profile, profile as profile

__all__ = ["Profile", "detect_anomaly", "explain", "lint", "profile"]

mark_ours(__name__)
