"""The other libraries: imported where they are measured, and proven to be the installed ones."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks import ROOT


class PeerError(ImportError):
    """A peer is missing, or something else answers to its name."""


def load(name: str) -> Any:
    """Import the module `name` of a peer; `Any`, for most of the peers carry no types.

    Raises PeerError when it is not installed, and when the module found is a folder of this repository: `autograd` is
    HIPS autograd here, never the source folder of that name.
    """
    package = name.partition(".")[0]
    try:
        module = import_module(name)
    except ModuleNotFoundError as error:
        raise PeerError(f"benchmarks need {package} ({error}): `make bench` makes an environment with it") from error
    source = module.__file__
    if source is None or Path(source).resolve().is_relative_to(ROOT / package):
        raise PeerError(f"`import {name}` found {source or 'a folder'} of this repository, not the installed {package}")
    return module
