"""The model's graph, drawn from one image's way through it."""

from __future__ import annotations

import numpy as np

import tapegrad as tg
from examples.mnist.report.pictures.picture import Picture
from tapegrad import nn
from tapegrad.autograd.drawing import RenderingError, draw

__all__ = ["graph"]


def graph(model: nn.Module, shape: tuple[int, ...]) -> Picture | str:
    """The operations between an image and the outputs, or why they cannot be drawn."""
    training = model.training
    model.eval()
    image = tg.tensor(np.zeros((1, *shape), np.float32))
    outputs = model(image)
    model.train(training)
    drawing = draw(outputs, names={"image": image})
    caption = f"Every operation and every parameter between an image and the output: {drawing.boxes} boxes."
    try:
        return Picture("graph", "Graph", caption, drawing.render("svg"))
    except RenderingError as error:
        return str(error)
