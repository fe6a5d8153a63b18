"""The command `info`: versions, processor, folders, settings and models."""

from __future__ import annotations

import json
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from examples.mnist.display import console, percent
from examples.mnist.environment import VARIABLES, environment
from examples.mnist.failures import told_plainly

__all__ = ["info"]


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def info(as_json: bool) -> None:
    """Tell versions, processor, threads, folders, settings and models."""
    with told_plainly():
        found = environment()
    if as_json:
        click.echo(json.dumps(found, indent=1))
        return
    screen = console()
    for title, values in found.items():
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
        table.add_column(no_wrap=True, min_width=22)
        table.add_column(overflow="fold")
        for name, value in values.items():
            table.add_row("size" if name == "bytes" else name, Text(worded(title, name, value)))
        screen.print(f"\n{title}", style="bold", markup=False)
        screen.print(table)


def worded(section: str, name: str, value: Any) -> str:
    """A value as a reader wants it."""
    if section == "settings":
        return f"{value}  ({VARIABLES[name]})" if value else f"not set  ({VARIABLES[name]})"
    if section == "models":
        return f"{value['parameters']:>9,} parameters  {value['summary']}"
    if name == "bytes":
        return f"{value / 1e6:.1f} MB"
    if name == "test accuracy" and value is not None:
        return percent(value)
    if name == "missing":
        return ", ".join(value) or "nothing"
    if isinstance(value, list):
        return " ".join(value)
    return "not installed" if value is None and section == "versions" else "none" if value is None else str(value)
