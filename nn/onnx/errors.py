"""What cannot be exported."""

from __future__ import annotations

__all__ = ["OnnxError", "UnsupportedError"]


class OnnxError(ValueError):
    """A model that cannot become an ONNX file, and why."""


class UnsupportedError(Exception):
    """What an emitter raises for a call that ONNX has no operators for; `export` says where it is."""
