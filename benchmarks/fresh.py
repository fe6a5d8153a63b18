"""Fresh processes: what happens once in a process can only be measured in new ones."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from benchmarks import ROOT


def python(*arguments: str, environment: dict[str, str] | None = None) -> str:
    """What a fresh interpreter prints that is given these arguments, with some more environment.

    It may keep the bytecode that it compiles, as an installation does: NumPy's was kept when it was installed.
    """
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=inherited | (environment or {}),
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return done.stdout


def first_steps(library: str, network: str, images: int, cache: str | None = None) -> dict[str, Any]:
    """What `benchmarks.first_steps` tells of a fresh process; our kernels are kept in the folder `cache`."""
    environment = {} if cache is None else {"TAPEGRAD_CACHE_DIR": cache}
    report: dict[str, Any] = json.loads(
        python("-m", "benchmarks.first_steps", library, network, str(images), environment=environment)
    )
    return report
