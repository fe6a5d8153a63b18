"""The pictures: what is in them, read from their text."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from examples.mnist.models import find
from examples.mnist.report import Evaluation, pictures
from examples.mnist.report.pictures.filters import first_weights, mosaic
from examples.mnist.report.theme import NIGHT, figure, svg
from tapegrad.nn.training import History

SVG = "{http://www.w3.org/2000/svg}"


def texts(content: bytes) -> list[str]:
    return ["".join(text.itertext()).strip() for text in ET.fromstring(content).iter(f"{SVG}text")]


def all_pictures(evaluation: Evaluation) -> list[pictures.Picture]:
    heads = [picture for head in evaluation.heads for picture in head.pictures.values()]
    return [*heads, *evaluation.training, *evaluation.inside]


def test_there_is_a_picture_of_everything(one_head: Evaluation) -> None:
    assert [picture.name for picture in all_pictures(one_head)] == [
        "confusion", "confidence", "reliability", "mistakes", "loss-by-epoch", "accuracy-by-epoch",
        "loss-by-iteration", "accuracy-by-iteration", "filters", "graph",
    ]  # fmt: skip


def test_curves_of_each_head(two_heads: Evaluation) -> None:
    names = [picture.name for picture in two_heads.training if picture.name.endswith("epoch")]

    assert names == ["loss-by-epoch", "lower-accuracy-by-epoch", "upper-accuracy-by-epoch"]


def test_every_picture_is_svg_with_a_title_and_a_caption(two_heads: Evaluation) -> None:
    for picture in all_pictures(two_heads):
        assert ET.fromstring(picture.svg).tag == f"{SVG}svg", picture.name
        assert picture.title
        assert picture.caption.endswith("."), picture.caption


def test_the_confusion_matrix_has_every_count(one_head: Evaluation) -> None:
    [head] = one_head.heads
    shown = texts(head.pictures["confusion"].svg)

    expected = sorted(str(n) for n in head.measures.confusion.flat if n)
    assert sorted([*expected, *map(str, range(10)), *map(str, range(10))]) == sorted(t for t in shown if t.isdigit())


def test_the_caption_names_the_most_frequent_mistake(one_head: Evaluation) -> None:
    [head] = one_head.heads
    errors = head.measures.confusion - np.diag(np.diag(head.measures.confusion))
    found = re.search(r"mistake: (\d) was taken for (\d), (\d+) times", head.pictures["confusion"].caption)
    assert found is not None
    row, column, times = map(int, found.groups())

    assert errors[row, column] == errors.max() == times


def test_confidence_counts_right_and_wrong(one_head: Evaluation) -> None:
    [head] = one_head.heads
    shown = texts(head.pictures["confidence"].svg)

    assert f"wrong: {head.measures.mistakes}" in shown
    assert f"right: {head.measures.images - head.measures.mistakes}" in shown


def test_no_curves_without_a_history() -> None:
    assert pictures.curves(History()) == []


def test_a_single_epoch_and_a_loss_of_zero_are_drawn() -> None:
    history = History(
        [{"epoch": 1, "loss": 0.0, "val_loss": 0.0}], [{"step": 1, "loss": 0.0}, {"step": 2, "loss": 0.0}]
    )

    assert [picture.name for picture in pictures.curves(history)] == ["loss-by-epoch", "loss-by-iteration"]


def test_every_colour_has_one_for_the_night() -> None:
    with figure() as (drawn, axes):
        axes.plot([1, 2], label="x")
        axes.legend()
        content = svg(drawn).decode()
    used = set(re.findall(r"(?:fill|stroke): (#\w{6})", content.split("</style>", 1)[1]))

    assert used - {"#1f77b4", "#ffffff"} <= set(NIGHT)  # matplotlib's first colour, which the call left out
    for day, night in NIGHT.items():
        assert f'[style*="fill: {day}"]{{fill:{night}!important}}' in content


@pytest.mark.parametrize(
    ("name", "shape"),
    [("mlp", (256, 28, 28)), ("cnn", (16, 3, 3)), ("best", (32, 3, 3)), ("twodigit-mlp", (128, 42, 28))],
)
def test_the_first_weights_as_images(name: str, shape: tuple[int, ...]) -> None:
    model = find(name)
    module = model.build()
    weights = first_weights(module, model.shape)

    assert weights is not None
    assert weights.shape == shape
    first = next(parameter for parameter in module.parameters() if parameter.ndim > 1).numpy()
    np.testing.assert_array_equal(weights, first.reshape(shape))


def test_a_mosaic_keeps_its_tiles_apart() -> None:
    tiles = mosaic(np.arange(5, dtype=np.float32)[:, None, None] * np.ones((5, 2, 2), np.float32))

    assert tiles.shape == (5, 8)
    np.testing.assert_array_equal(tiles[0], [0, 0, np.nan, 1, 1, np.nan, 2, 2])
    np.testing.assert_array_equal(tiles[4], [3, 3, np.nan, 4, 4, np.nan, np.nan, np.nan])
    assert np.isnan(tiles[2]).all()
