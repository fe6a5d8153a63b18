"""Errors as the terminal shows them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from examples.mnist.training import DivergedError
from tapegrad.datasets import ChecksumError, IdxError

__all__ = ["told_plainly"]


@contextmanager
def told_plainly() -> Iterator[None]:
    """Tell errors that the user can do something about without a traceback."""
    try:
        yield
    except (OSError, ImportError, ChecksumError, IdxError, DivergedError) as error:
        raise click.ClickException(str(error)) from error
