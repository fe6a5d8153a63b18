"""`sweep`: several configurations in one run, and a table of what came of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from examples.mnist.commands.train import accuracies
from examples.mnist.display import console, percent, say
from examples.mnist.failures import INTERRUPTED, told_plainly
from examples.mnist.models import find
from examples.mnist.options import settings_options
from examples.mnist.settings import KINDS, SettingsError, read_toml
from examples.mnist.suggestions import unknown
from examples.mnist.sweeping import Configuration, Outcome, configurations, product, sweep as train_each, to_json
from tapegrad.autograd.files import save_whole

__all__ = ["compare", "sweep"]

DEFAULT = Path("runs/sweep")
COLUMNS = 3  # settings that have a column each; more of them stand in one


@click.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--set", "sets", multiple=True, metavar="NAME=A,B,...", help="A setting and its values; may be repeated.")
@click.option("--out", default=DEFAULT, show_default=True, type=click.Path(file_okay=False, path_type=Path))
@settings_options
def sweep(file: Path | None, sets: Sequence[str], out: Path, preset: str | None, overrides: dict[str, Any]) -> None:
    """Train several configurations, and compare them by their accuracy on the validation images.

    `--set lr=0.1,0.01 --set hidden=64,256x128` is every combination of these: four. All other settings are the same for
    all, and chosen as for `train`. A TOML FILE may say it instead: `[settings]` for all, lists in `[sweep]`, and tables
    `[[configuration]]` for what is no combination.

    Each configuration has a folder in that of --out. The same command again goes on where it was stopped.
    """
    with told_plainly():
        try:
            fixed, varied = _described(file, sets)
            each = configurations(varied, preset, {**fixed, **overrides})
        except SettingsError as error:
            raise click.UsageError(str(error)) from error
        outcomes = compare(each, out)
    if any(outcome.result is not None and outcome.result.interrupted for outcome in outcomes):
        say("\nstopped by Ctrl-C; the same command again goes on")
        raise SystemExit(INTERRUPTED)


def compare(each: Sequence[Configuration], out: Path) -> list[Outcome]:
    """Train configurations, until Ctrl-C; show the table, and keep it as JSON. The best comes first."""
    outcomes: list[Outcome] = []
    for outcome in train_each(each, out):
        outcomes.append(outcome)
        name, result = outcome.configuration.name, outcome.result
        came = percent(outcome.accuracy) if outcome.failure is None else outcome.failure.partition(";")[0]
        say(f"{len(outcomes)} of {len(each)}  {name}: {came}")
        if result is not None and result.interrupted:
            break
    outcomes.sort(key=lambda outcome: outcome.accuracy, reverse=True)
    save_whole(out / "results.json", to_json(outcomes).encode(), "the results")
    console().print(_table(outcomes))
    best = outcomes[0]
    if best.result is not None:
        heads = find(best.configuration.settings.model).heads
        say(f"best: {best.configuration.name}, in {best.folder}")
        say(f"its test accuracy: {accuracies(best.result.test, heads)}")
    return outcomes


def _described(file: Path | None, sets: Sequence[str]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What is set for all configurations, and what in each of them.

    Raises:
        SettingsError: nothing is varied, or not as described above.
    """
    content: dict[str, Any] = {} if file is None else read_toml(file)
    for name in content:
        if name not in ("settings", "sweep", "configuration"):
            raise SettingsError(f"{file}: {unknown('table', name, ('settings', 'sweep', 'configuration'))}")
    lists = dict(content.get("sweep", {}))
    for name, values in lists.items():
        if not isinstance(values, list) or not values:
            raise SettingsError(f"{file}: sweep.{name}: expected a list of values, not {values!r}")
    lists |= dict(_values_of(text) for text in sets)
    varied = [*content.get("configuration", []), *(product(lists) if lists else [])]
    if not varied:
        raise SettingsError("nothing to compare: say --set NAME=A,B,... or name a file")
    return content.get("settings", {}), varied


def _values_of(text: str) -> tuple[str, list[Any]]:
    """`lr=0.1,0.01` as a name and values."""
    name, equals, values = text.partition("=")
    name = name.strip().replace("-", "_")
    if not equals:
        raise SettingsError(f"--set {text}: expected NAME=A,B,...")
    if name not in KINDS:
        raise SettingsError(unknown("setting", name, KINDS))
    try:
        return name, [KINDS[name].read(value.strip()) for value in values.split(",")]
    except ValueError as error:
        raise SettingsError(f"--set {name}: {error}") from error


def _table(outcomes: Sequence[Outcome]) -> Table:
    table = Table()
    names = list(dict.fromkeys(name for outcome in outcomes for name in outcome.configuration.varied))
    apart = len(names) <= COLUMNS
    for name in names if apart else ["configuration"]:
        table.add_column(name)
    for title in ("validation", "loss", "parameters", "trained", "seconds"):
        table.add_column(title, justify="right")
    for outcome in outcomes:
        varied = outcome.configuration.varied
        row = [_shown(varied[name]) if name in varied else "" for name in names] if apart else [_all_of(varied)]
        result = outcome.result
        if result is None:
            row.append("diverged")
        else:
            row += [
                percent(outcome.accuracy), f"{result.validation['loss']:.4f}", f"{result.parameters:,}",
                str(result.epochs), f"{result.seconds:.1f}",
            ]  # fmt: skip
        table.add_row(*row)
    return table


def _all_of(varied: Mapping[str, Any]) -> str:
    return "\n".join(f"{name} {_shown(value)}" for name, value in varied.items())


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
