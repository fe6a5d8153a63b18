"""The pictures of an evaluation, a file each: functions from predictions, measures, history or model to a `Picture`."""

from __future__ import annotations

from examples.mnist.report.pictures.confidence import confidence as confidence
from examples.mnist.report.pictures.confusion import confusion as confusion
from examples.mnist.report.pictures.curves import curves as curves
from examples.mnist.report.pictures.filters import filters as filters
from examples.mnist.report.pictures.graph import graph as graph
from examples.mnist.report.pictures.mistakes import mistakes as mistakes
from examples.mnist.report.pictures.picture import Picture as Picture
from examples.mnist.report.pictures.reliability import reliability as reliability

__all__ = ["Picture", "confidence", "confusion", "curves", "filters", "graph", "mistakes", "reliability"]
