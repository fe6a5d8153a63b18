"""Errors as the terminal shows them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from examples.mnist.models import ModelOptionError, UnknownModelError
from examples.mnist.runs import RunError
from examples.mnist.settings import SettingsError
from examples.mnist.weights import ForeignWeightsError
from tapegrad.datasets import ChecksumError, IdxError
from tapegrad.nn import WeightsError
from tapegrad.nn.training import CheckpointError, DivergedError

__all__ = ["INTERRUPTED", "told_plainly"]

INTERRUPTED = 130  # the exit status by which a shell knows a program that Ctrl-C ended

OURS = (
    CheckpointError, ChecksumError, DivergedError, ForeignWeightsError, IdxError, ModelOptionError, RunError,
    SettingsError, UnknownModelError, WeightsError,
)  # fmt: skip


@contextmanager
def told_plainly() -> Iterator[None]:
    """Tell errors that the user can do something about without a traceback: exit status 1, and 130 for Ctrl-C."""
    try:
        yield
    except KeyboardInterrupt:
        click.echo("\nstopped by Ctrl-C", err=True)
        raise SystemExit(INTERRUPTED) from None
    except (OSError, ImportError, *OURS) as error:
        raise click.ClickException(str(error)) from error
