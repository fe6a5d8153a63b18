"""The group `convolution`: each pass of a convolution alone, in float32, beside PyTorch, JAX and the FMA peak."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import convolution_libraries as libraries, fma
from benchmarks.convolution_libraries import PASSES, WEIGHT, Passes
from benchmarks.convolution_shapes import BATCH, FIGURE, OTHERS, Arrays, Shape, draw
from benchmarks.figures import BEST_RATIO, RATIO, Row, Samples, Table, best, comparison, overview
from benchmarks.groups import Settings
from benchmarks.timing import Candidate, interleave

OURS = "tapegrad"
LAYOUTS = ("PyTorch NCHW", "PyTorch channels-last")
Library = Callable[[Shape, Arrays], Passes]
ALWAYS: dict[str, Library] = {
    OURS: libraries.tapegrad,
    LAYOUTS[0]: libraries.pytorch,
    LAYOUTS[1]: partial(libraries.pytorch, channels_last=True),
}
ONCE: dict[str, Library] = {
    "tapegrad, NCHW in memory": partial(libraries.tapegrad, channels_last=False),
    "JAX jit": libraries.jax_jit,
}
# Of the time that the direct form would take at the FMA peak: 1.25 of it are 80 % of the peak.
AGAINST_THE_PEAK, AGAINST_PYTORCH = 1.25, 1.0
RATE, SHARE = "GFLOP/s", "of the peak"
TOLERANCE = 1e-4  # of the largest number of a result


def measure(settings: Settings) -> list[Table]:
    """The shape that has limits, one table a pass; then other shapes, one row a pass."""
    passes = set_up(FIGURE, ALWAYS | ONCE, settings.seed)
    tables = [figure(name, passes, settings) for name in PASSES]
    return [*tables, *others(settings)]


def figure(name: str, passes: Mapping[str, Passes], settings: Settings) -> Table:
    """One pass of the shape that has limits."""
    samples = time_pass(name, passes, FIGURE, settings.with_rounds(1 / 2))
    table = comparison(
        f"Convolution {FIGURE}, batch {BATCH}, {name}",
        samples,
        unit="ms",
        scale=1e3,
        must_reach={fma.PEAK: AGAINST_THE_PEAK, best(samples, LAYOUTS): AGAINST_PYTORCH},
        label=f"{name}, {FIGURE}",
    )

    def rates(row: Row) -> Mapping[str, float]:
        seconds = float(np.median(samples[row.name]))
        return {RATE: FIGURE.flop / seconds / 1e9, SHARE: float(np.median(samples[fma.PEAK])) / seconds}

    return with_columns(table, rates, before=RATIO)


def others(settings: Settings) -> list[Table]:
    """Other shapes, of other kinds of layers: one table a pass."""
    cases: dict[str, dict[str, Samples]] = {name: {} for name in PASSES}
    for shape in OTHERS:
        passes = set_up(shape, ALWAYS, settings.seed)
        for name in PASSES:
            cases[name][str(shape)] = time_pass(name, passes, shape, settings.with_rounds(1 / 6))
    return [overview_of_pass(name, samples) for name, samples in cases.items()]


def overview_of_pass(name: str, cases: Mapping[str, Samples]) -> Table:
    """One pass of several shapes."""
    table = overview(
        f"Other convolutions, batch {BATCH}, {name}",
        cases,
        LAYOUTS,
        unit="ms",
        scale=1e3,
        must_reach={},
        label=name,
    )

    def share(row: Row) -> Mapping[str, float]:
        return {SHARE: float(np.median(cases[row.name][fma.PEAK]) / np.median(cases[row.name][OURS]))}

    return with_columns(table, share, before=BEST_RATIO)


def with_columns(table: Table, values: Callable[[Row], Mapping[str, float]], *, before: str) -> Table:
    """The table with further figures of each row, in columns before another one."""
    rows = tuple(replace(row, values={**row.values, **values(row)}) for row in table.rows)
    at = table.columns.index(before)
    return replace(table, rows=rows, columns=(*table.columns[:at], *values(table.rows[0]), *table.columns[at:]))


def time_pass(name: str, passes: Mapping[str, Passes], shape: Shape, settings: Settings) -> Samples:
    """Seconds a call by library, and what the direct form's arithmetic would take at the FMA peak."""
    candidates = [Candidate(library, own[name]) for library, own in passes.items()]
    samples = interleave([*candidates, fma.peak(settings.threads)], rounds=settings.rounds, seed=settings.seed)
    return samples | {fma.PEAK: samples[fma.PEAK] * (shape.flop / fma.FLOP)}


def set_up(shape: Shape, wanted: Mapping[str, Library], seed: int) -> dict[str, Passes]:
    """The passes by library; raises unless all agree, to rounding, with PyTorch in float64."""
    arrays = draw(shape, seed)
    passes = {name: library(shape, arrays) for name, library in wanted.items()}
    exact = libraries.pytorch(shape, arrays.astype(np.float64))
    for name in PASSES:
        expected = np.asarray(exact[name]())
        for library, own in passes.items():
            found = plain(own[name](), name, expected.shape)
            error = float(np.abs(found - expected).max() / np.abs(expected).max())
            if found.dtype != np.float32 or not error <= TOLERANCE:
                raise ArithmeticError(f"{library}: the {name} of {shape} is off by {error:.1e} of its largest number")
    return passes


def plain(result: Any, name: str, shape: tuple[int, ...]) -> NDArray[Any]:
    """A library's result as an array (N, C, H, W), or (out, in, kh, kw) for a weight."""
    array = np.asarray(result.detach() if hasattr(result, "detach") else result)
    if array.shape != shape:  # JAX: (N, H, W, C), or (kh, kw, in, out)
        array = array.transpose((3, 2, 0, 1) if name == WEIGHT else (0, 3, 1, 2))
    return array
