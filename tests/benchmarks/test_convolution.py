"""The convolutions' sizes and arithmetic are right, and a wrong result is never timed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
import torch

from benchmarks import convolution, convolution_libraries as libraries, convolution_shapes, fma
from benchmarks.convolution_libraries import FORWARD, INPUT, PASSES, WEIGHT, Passes
from benchmarks.convolution_shapes import FIGURE, OTHERS, Arrays, Shape
from benchmarks.figures import RATIO, Row, Table

SMALL = (
    Shape(3, 6, 4, 3),
    Shape(4, 5, 8, 1),
    Shape(4, 6, 4, 3, padding=1, groups=4),
    Shape(2, 7, 6, 5, stride=2, padding=2),
)


@pytest.fixture(autouse=True)
def two_images(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(convolution_shapes, "BATCH", 2)
        yield


@pytest.mark.parametrize("shape", [*SMALL, FIGURE, *OTHERS], ids=str)
def test_the_result_has_the_shape_that_pytorch_gives_it(shape: Shape) -> None:
    layer = torch.nn.Conv2d(
        shape.channels, shape.outputs, shape.kernel, shape.stride, shape.padding, groups=shape.groups, device="meta"
    )
    assert tuple(layer.weight.shape) == shape.weight
    assert tuple(layer(torch.empty(shape.x, device="meta")).shape) == shape.y


def test_flop_are_two_for_each_product() -> None:
    assert SMALL[0].flop == 2 * (2 * 4 * 4 * 4) * (3 * 3 * 3)
    assert SMALL[2].flop == 2 * (2 * 4 * 6 * 6) * (3 * 3)


def test_shapes_have_names_that_tell_them_apart() -> None:
    assert str(OTHERS[0]) == "1 → 32, 28×28, 3×3"
    assert len(set(map(str, (FIGURE, *OTHERS)))) == 1 + len(OTHERS)


@pytest.mark.parametrize("shape", SMALL, ids=str)
def test_ours_and_pytorch_agree_in_both_layouts(shape: Shape) -> None:
    wanted = {name: library for name, library in (convolution.ALWAYS | convolution.ONCE).items() if name != "JAX jit"}
    assert list(convolution.set_up(shape, wanted, seed=0)) == list(wanted)


@pytest.mark.parametrize("name", PASSES)
def test_a_wrong_result_is_refused(name: str) -> None:
    def wrong(shape: Shape, arrays: Arrays) -> Passes:
        right = libraries.pytorch(shape, arrays)
        return {**right, name: lambda: right[name]() * 1.001}

    with pytest.raises(ArithmeticError, match=f"wrong: the {name} of .* is off by"):
        convolution.set_up(SMALL[0], {"wrong": wrong}, seed=0)


def test_another_dtype_is_refused() -> None:
    def doubled(shape: Shape, arrays: Arrays) -> Passes:
        return libraries.pytorch(shape, arrays.astype(np.float64))

    with pytest.raises(ArithmeticError, match="doubled"):
        convolution.set_up(SMALL[0], {"doubled": doubled}, seed=0)


def test_results_with_channels_last_are_turned() -> None:
    images, weight = np.zeros((2, 4, 5, 6)), np.zeros((7, 4, 3, 2))
    assert convolution.plain(images.transpose(0, 2, 3, 1), FORWARD, images.shape).shape == images.shape
    assert convolution.plain(images, INPUT, images.shape) is images
    assert convolution.plain(weight.transpose(2, 3, 1, 0), WEIGHT, weight.shape).shape == weight.shape


def test_layouts_are_those_that_were_asked_for() -> None:
    images = np.arange(2 * 3 * 4 * 5.0).reshape(2, 3, 4, 5)
    last = libraries.channels_last_memory(images)
    np.testing.assert_array_equal(last, images)
    assert last.transpose(0, 2, 3, 1).flags.c_contiguous


def test_columns_are_put_before_another() -> None:
    table = Table("Speed", ("median", RATIO), RATIO, (Row("a", {"median": 2.0}), Row("b", {"median": 4.0})))
    wider = convolution.with_columns(table, lambda row: {"length": float(len(row.name))}, before=RATIO)
    assert wider.columns == ("median", "length", RATIO)
    assert [row.values for row in wider.rows] == [{"median": 2.0, "length": 1.0}, {"median": 4.0, "length": 1.0}]


def test_the_chains_compute_what_they_say() -> None:
    rounds = 3
    ends = [2 + (start - 2) / 2**rounds for start in range(fma.CHAINS)]
    assert fma.kernel()(rounds, *fma.HALVE_AND_ADD_ONE) == sum(ends)


def test_no_chain_is_left_out_and_all_stay_in_registers() -> None:
    fma.kernel()(1, *fma.HALVE_AND_ADD_ONE)
    (code,) = fma.kernel().inspect_asm().values()  # type: ignore[attr-defined]
    lines = code.splitlines()
    places = [place for place, line in enumerate(lines) if "fmadd" in line or "fmla" in line]
    assert len(places) >= fma.CHAINS
    assert len(places) % fma.CHAINS == 0
    assert not any(re.search(r"\b(rsp|sp)\b", line) for line in lines[places[0] : places[fma.CHAINS]])
