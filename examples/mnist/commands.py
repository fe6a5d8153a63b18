"""The command line: a group, and a file for each command in it."""

from __future__ import annotations

import click

from examples.mnist.train import train

__all__ = ["mnist"]


@click.group(context_settings={"help_option_names": ["-h", "--help"], "show_default": True})
def mnist() -> None:
    """Recognise handwritten digits with tapegrad."""


mnist.add_command(train)
