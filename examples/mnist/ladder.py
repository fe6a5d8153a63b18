"""The ladder: our figures beside those of the systems that this program stands in for."""

from __future__ import annotations

import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from examples.mnist.models import find
from examples.mnist.presets import PRESETS, Preset, Rung, preset
from examples.mnist.settings import Settings, SettingsError
from examples.mnist.suggestions import unknown
from examples.mnist.sweeping import Configuration, Outcome

__all__ = [
    "BEGIN", "END", "OURS", "TITLES", "MarkerError", "Row", "configurations", "markdown", "put_between_markers",
    "rows_of", "rungs", "to_json",
]  # fmt: skip

BEGIN, END = "<!-- ladder -->", "<!-- /ladder -->"
TITLES = ("system", "model", "preset", "theirs", "ours", "goal", "parameters", "training")
OURS = TITLES.index("ours")


class MarkerError(ValueError):
    """A file without the place for the table."""


@dataclass(frozen=True)
class Row:
    """A row of the ladder: medians over seeds.

    Attributes:
        name: the preset.
        rung: what it is held against.
        accuracies: test accuracy of each head in per cent; none if a training failed or was not finished.
        parameters: how many the model has.
        seconds: of training.
        seeds: how many trainings went into it.
        failure: why there are no figures.
    """

    name: str
    rung: Rung
    accuracies: tuple[float, ...]
    parameters: int
    seconds: float
    seeds: int
    failure: str | None = None

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached in accuracy and time; None if there is no goal."""
        if not self.rung.goal:
            return None
        in_time = self.rung.seconds is None or self.seconds <= self.rung.seconds
        enough = all(ours >= goal for ours, goal in zip(self.accuracies, self.rung.goal, strict=False))
        return bool(self.accuracies) and enough and in_time

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as texts, under `TITLES`."""
        goal = "; ".join(f"{goal:g}" for goal in self.rung.goal)
        limit = "" if self.rung.seconds is None else f" in {self.rung.seconds:g} s"
        return (
            self.rung.system,
            self.rung.what,
            self.name,
            self.rung.theirs,
            self.failure or "; ".join(f"{value:.2f}" for value in self.accuracies) + " %",
            f"{goal} %{limit}" if goal else "",
            f"{self.parameters:,}",
            f"{self.seconds:.0f} s",
        )


def rungs(names: Sequence[str] = (), skipped: Sequence[str] = ()) -> list[Preset]:
    """The presets with a place on the ladder, in their order: those that are named, or all, without some.

    Raises:
        SettingsError: a name that none of them has.
    """
    rows = [each for each in map(preset, PRESETS) if each.rung is not None]
    known = [each.name for each in sorted(rows, key=_place)]
    for name in (*names, *skipped):
        if name not in known:
            raise SettingsError(unknown("row", name, known))
    return [preset(name) for name in known if name not in skipped and (name in names or not names)]


def _place(each: Preset) -> int:
    return 0 if each.rung is None else each.rung.place


def configurations(presets: Sequence[Preset], seeds: int, overrides: Mapping[str, Any]) -> list[Configuration]:
    """A training of each preset for each seed: 0, 1, ..."""
    return [
        Configuration({"preset": each.name, "seed": seed}, Settings.of({**overrides, "seed": seed}, each.settings))
        for each in presets
        for seed in range(seeds)
    ]


def rows_of(presets: Sequence[Preset], outcomes: Sequence[Outcome]) -> list[Row]:
    """The rows for which there are outcomes."""
    rows = []
    for each in presets:
        own = [outcome for outcome in outcomes if outcome.configuration.varied["preset"] == each.name]
        if own and each.rung is not None:
            rows.append(_row(each.name, each.rung, own))
    return rows


def _row(name: str, rung: Rung, outcomes: Sequence[Outcome]) -> Row:
    results = [outcome.result for outcome in outcomes if outcome.result is not None and not outcome.result.interrupted]
    if len(results) < len(outcomes):
        failure = next((outcome.failure for outcome in outcomes if outcome.failure), "interrupted")
        return Row(name, rung, (), 0, 0.0, len(results), failure.partition(";")[0])
    heads = find(results[0].model).heads
    keys = [f"{head}/accuracy" for head in heads] or ["accuracy"]
    return Row(
        name,
        rung,
        tuple(100 * statistics.median(result.test[key] for result in results) for key in keys),
        results[0].parameters,
        statistics.median(result.seconds for result in results),
        len(results),
    )


def markdown(rows: Sequence[Row]) -> str:
    """The table for a README."""
    lines = [f"| {' | '.join(TITLES)} |", "|---" * len(TITLES) + "|"]
    for row in rows:
        cells = list(row.cells)
        if row.reached:
            cells[OURS] = f"**{cells[OURS]}**"
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def to_json(rows: Sequence[Row]) -> str:
    """The rows, for machines."""
    return json.dumps([asdict(row) | {"reached": row.reached} for row in rows], indent=2)


def put_between_markers(path: Path, table: str) -> str:
    """The text of a file with the table between its two markers.

    Raises:
        MarkerError: there are no such markers.
        OSError: the file cannot be read.
    """
    before, begin, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise MarkerError(f"{path} has no lines {BEGIN} and {END}, between which the table would go")
    return f"{before}{BEGIN}\n\n{table}\n{END}{after}"
