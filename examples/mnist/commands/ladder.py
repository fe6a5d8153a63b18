"""`ladder`: every row of the table of systems, our figures beside theirs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from rich import box
from rich.table import Table

from examples.mnist.display import console, say
from examples.mnist.failures import INTERRUPTED, told_plainly
from examples.mnist.ladder import (
    OURS,
    TITLES,
    MarkerError,
    Row,
    configurations,
    markdown,
    put_between_markers,
    rows_of,
    rungs,
    to_json,
)
from examples.mnist.options import SettingType
from examples.mnist.runs import Run
from examples.mnist.settings import KINDS, SettingsError
from examples.mnist.sweeping import sweep
from tapegrad.autograd.files import save_whole

__all__ = ["ladder"]

DEFAULT = Path("runs/ladder")
STAND_IN = "Digits"
WIDE = 120  # columns from which on the table says what each model is


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--skip", multiple=True, metavar="NAME", help="A row to leave out; may be repeated.")
@click.option("--seeds", default=1, show_default=True, type=click.IntRange(min=1), help="Trainings of each row.")
@click.option("--reset", is_flag=True, help="Forget what was trained before.")
@click.option("--readme", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A file for the table.")
@click.option("--out", default=DEFAULT, show_default=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--data", type=SettingType(KINDS["data"]), help="Other data than MNIST, for a trial.")
@click.option("--data-dir", help="Folder with the data's files.")
@click.option("--epochs", type=SettingType(KINDS["epochs"]), help="Another number of epochs, for a trial.")
def ladder(
    names: Sequence[str], skip: Sequence[str], seeds: int, reset: bool, readme: Path | None, out: Path,
    data: str | None, data_dir: str | None, epochs: int | None,
) -> None:  # fmt: skip
    """Train every row of the table of systems, or the rows that are named, and print our figures beside theirs.

    Rows are presets: `ladder mlp cnn` trains two of them. The table goes into the folder of --out, as ladder.json and
    ladder.md, and with --readme between the two markers in that file. The same command again goes on where it stopped.
    """
    overrides = {name: value for name, value in (("data", data), ("data_dir", data_dir), ("epochs", epochs)) if value}
    with told_plainly():
        try:
            presets = rungs(names, skip)
            if readme is not None:
                put_between_markers(readme, "")
        except (SettingsError, MarkerError) as error:
            raise click.UsageError(str(error)) from error
        each = configurations(presets, seeds, overrides)
        if reset:
            for configuration in each:
                for path in Run(out / configuration.name).files:
                    path.unlink(missing_ok=True)
        outcomes, interrupted, not_mnist = [], False, False
        for outcome in sweep(each, out):
            outcomes.append(outcome)
            result = outcome.result
            if result is not None:
                interrupted, not_mnist = result.interrupted, not_mnist or STAND_IN in result.data
            [row] = rows_of(presets, [outcome])
            name = outcome.configuration.name
            say(f"{len(outcomes)} of {len(each)}  {name}: {row.cells[OURS]} in {row.cells[-1]}")
            if interrupted:
                break
        rows = rows_of(presets, outcomes)
        out.mkdir(parents=True, exist_ok=True)
        save_whole(out / "ladder.json", to_json(rows).encode(), "the ladder")
        save_whole(out / "ladder.md", markdown(rows).encode(), "the ladder")
        console().print(_table(rows))
        say(f"{sum(row.seconds * row.seeds for row in rows):.0f} s of training in all")
        if not_mnist:
            say("trained on Digits, not on MNIST: the figures cannot be compared")
        elif readme is not None and not interrupted:
            save_whole(readme, put_between_markers(readme, markdown(rows)).encode(), "the table")
    if interrupted:
        say("\nstopped by Ctrl-C; the same command again goes on")
        raise SystemExit(INTERRUPTED)


def _table(rows: Sequence[Row]) -> Table:
    shown = [title for title in TITLES if title != "model" or console().width >= WIDE]
    table = Table(box=box.SIMPLE)
    for title in shown:
        table.add_column(title, justify="right" if title in ("parameters", "training") else "left")
    for row in rows:
        cells = dict(zip(TITLES, row.cells, strict=True))
        if row.reached is not None:
            cells["ours"] = f"[{'green' if row.reached else 'red'}]{cells['ours']}[/]"
        table.add_row(*(cells[title] for title in shown))
    return table
