"""The plot shows every ratio where it is, each limit where it is, and nothing that is no ratio."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import same_color
from matplotlib.figure import Figure
from matplotlib.image import imread

from benchmarks import plot
from benchmarks.figures import BEST_RATIO, RATIO, Row, Table
from benchmarks.plot import COLOURS, LEAST, MOST, Line, Point
from benchmarks.samples import Interval

EAGER = Interval(0.5, 0.4, 0.7)


def of_peers(label: str = "step") -> Table:
    rows = (
        Row("tapegrad", {}),
        Row("PyTorch eager", {RATIO: EAGER}, 0.6, against="PyTorch eager"),
        Row("JAX jit", {RATIO: Interval(40.0, 30.0, 50.0)}, against="JAX jit"),
        Row("tapegrad, otherwise", {RATIO: Interval(1, 1, 1)}, against="tapegrad, otherwise"),
    )
    return Table("Steps, ms", (RATIO,), RATIO, rows, label)


def of_cases() -> Table:
    rows = (
        Row("batch 1", {BEST_RATIO: Interval(0.8, 0.8, 0.8)}, against="PyTorch NCHW"),
        Row("batch 4", {BEST_RATIO: Interval(0.3, 0.3, 0.3)}, 0.5, against="PyTorch channels-last"),
    )
    return Table("Steps, ms", (BEST_RATIO,), BEST_RATIO, rows, "step")


def test_peers_share_a_line_and_cases_have_one_each() -> None:
    eager = Point("PyTorch eager", EAGER, 0.6, "unclear")
    jax = Point("JAX jit", Interval(40.0, 30.0, 50.0), None, None)
    assert plot.lines([of_peers("the step")]) == [Line("the step", (eager, jax))]
    assert [line.label for line in plot.lines([of_cases()])] == ["step, batch 1", "step, batch 4"]
    assert [point.peer for line in plot.lines([of_cases()]) for point in line.points] == [
        "PyTorch NCHW",
        "PyTorch channels-last",
    ]


def test_what_is_no_ratio_or_has_no_label_is_not_drawn(tmp_path: Path) -> None:
    growth = Table("Growth", ("growth",), "growth", (Row("tapegrad", {"growth": 1.5}, 3.0),), "growth")
    assert plot.lines([of_peers(label=""), growth]) == []
    assert plot.draw({"chain": [growth]}, "caption", tmp_path / "bench.png") is None
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def drawn() -> Axes:
    """One line, drawn at height 3."""
    axes = Figure().add_subplot()
    for line in plot.lines([of_peers()]):
        plot.draw_line(axes, 3.0, line)
    return axes


def marks(axes: Axes, marker: str, peer: str) -> list[tuple[float, float]]:
    """Where the marks of one kind and a peer's colour are."""
    return [
        (x, y)
        for line in axes.lines
        if line.get_marker() == marker and same_color(line.get_color(), COLOURS[peer])
        for x, y in np.asarray(line.get_xydata()).tolist()
    ]


def test_a_ratio_is_a_dot_with_its_range_and_its_limit(drawn: Axes) -> None:
    assert marks(drawn, "o", "PyTorch eager") == [(0.5, 3.0)]
    assert marks(drawn, "|", "PyTorch eager") == [(0.6, 3.0)]
    assert marks(drawn, "None", "PyTorch eager") == [(0.4, 3.0), (0.7, 3.0)]
    assert marks(drawn, "|", "JAX jit") == []


def test_a_ratio_beyond_the_axis_is_an_arrow_at_its_edge(drawn: Axes) -> None:
    assert marks(drawn, "o", "JAX jit") == []
    assert marks(drawn, ">", "JAX jit") == [(MOST, 3.0)]
    small = Point("MyGrad", Interval(LEAST / 2, LEAST / 3, LEAST), None, None)
    plot.draw_line(drawn, 4.0, Line("tiny", (small,)))
    assert marks(drawn, "<", "MyGrad") == [(LEAST, 4.0)]


def test_limits_are_judged_in_words(drawn: Axes) -> None:
    assert [text.get_text() for text in drawn.texts] == ["? 0.50 (≤ 0.6)"]


def test_the_legend_names_peers_that_are_there_by_colour() -> None:
    names = [str(handle.get_label()) for handle in plot.legend({"PyTorch eager", "PyTorch NCHW", "MyGrad"})]
    assert names == ["PyTorch eager, PyTorch NCHW", "MyGrad", "limit"]


def test_the_plot_is_a_picture_as_high_as_its_lines(tmp_path: Path) -> None:
    one = plot.draw({"mlp": [of_peers()]}, "caption", tmp_path / "new folder" / "one.png")
    three = plot.draw({"mlp": [of_peers()], "scaling": [of_cases()]}, "caption", tmp_path / "three.png")
    assert one == tmp_path / "new folder" / "one.png"
    assert three is not None
    height, higher = imread(one).shape[0], imread(three).shape[0]
    assert higher - height == pytest.approx(150 * plot.INCHES_A_LINE * (2 + plot.GAP), abs=1)
