"""What one kernel computed together stands in one dashed box."""

from __future__ import annotations

import re

import numpy as np
import pytest

import tapegrad as tg
from tapegrad import Tensor, nn
from tapegrad.autograd import conv2d, max_pool2d, relu
from tapegrad.autograd.drawing import Drawing, draw


def fused(drawing: Drawing) -> list[list[str]]:
    """The titles of the boxes in each dashed box."""
    titles = dict(re.findall(r"^\t(n\d+) \[.*?<b>(.*?)</b>", drawing.source, re.MULTILINE))
    clusters = re.findall(r"subgraph cluster\d+ \{\n\t+graph \[(.*dashed.*)\]\n((?:\t+n\d+\n)+)\t+\}", drawing.source)
    assert all('label="one kernel"' in look and 'style="rounded,dashed"' in look for look, _ in clusters)
    return [[titles[box] for box in boxes.split()] for _, boxes in clusters]


@pytest.fixture
def images() -> Tensor:
    return tg.tensor(np.random.default_rng(0).standard_normal((2, 1, 12, 12)))


@pytest.fixture
def weight() -> Tensor:
    return tg.tensor(np.random.default_rng(1).standard_normal((3, 1, 3, 3)), requires_grad=True)


def test_convolution_relu_and_pooling_in_one_box(images: Tensor, weight: Tensor) -> None:
    y = max_pool2d(relu(conv2d(images, weight)), 2)
    loss = y.sum()

    drawing = draw(loss, names={"loss": loss})

    assert fused(drawing) == [["convolution_without_bias", "relu", "max_pool2d"]]
    assert '"loss = sum' in drawing.source
    assert drawing.boxes == 6  # with the images and the weight


def test_drawing_computes_what_was_promised(images: Tensor, weight: Tensor) -> None:
    y = max_pool2d(conv2d(images, weight), 2)

    assert fused(draw(y)) == [["convolution_without_bias", "max_pool2d"]]
    assert fused(draw(y)) == fused(draw([y, y.sum()]))


def test_who_holds_a_result_in_between_sees_no_box(images: Tensor, weight: Tensor) -> None:
    h = conv2d(images, weight)
    r = relu(h)
    y = max_pool2d(r, 2)

    assert fused(draw(y)) == []
    assert (h.ndim, r.ndim) == (4, 4)


def test_who_holds_the_last_but_one_sees_the_others_in_a_box(images: Tensor, weight: Tensor) -> None:
    r = relu(conv2d(images, weight))
    y = max_pool2d(r, 2)

    assert fused(draw(y)) == [["convolution_without_bias", "relu"]]
    assert r.ndim == 4


def test_each_kernel_has_its_box() -> None:
    model = nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(36, 2)
    )
    y = model(tg.tensor(np.ones((1, 1, 12, 12), np.float32)))

    assert fused(draw(y)) == [["0: Conv2d", "1: ReLU", "2: MaxPool2d"], ["3: Conv2d", "4: ReLU"]]


def test_it_is_an_image_too(images: Tensor, weight: Tensor, route: str) -> None:
    svg = draw(max_pool2d(relu(conv2d(images, weight)), 2)).render("svg").decode()

    assert svg.count('class="cluster"') == 1
    assert "one kernel" in svg
