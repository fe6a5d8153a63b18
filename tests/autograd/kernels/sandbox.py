"""A copy of what compiles and keeps kernels, with kernels of its own, and fresh processes that call them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

KERNELS = Path(__file__).resolve().parents[3] / "autograd" / "kernels"
SWITCHES = ("TAPEGRAD_JIT", "TAPEGRAD_BOUNDSCHECK", "NUMBA_DISABLE_JIT", "NUMBA_BOUNDSCHECK", "NUMBA_CACHE_DIR")

INNER = """
from .jit import jit

FACTOR = 2.0

@jit
def scaled(x):
    return FACTOR * x
"""
OUTER = """
from .inner import scaled
from .jit import jit

@jit
def total(x):
    result = 0.0
    for i in range(x.size):
        result += scaled(x[i])
    return result
"""
TOTAL = """
import numpy as np
from kernels.outer import total
result = total(np.arange(4.0))
from kernels.caching import counts
print(result, counts.compiled, counts.loaded)
"""


class Sandbox:
    """A folder with a package `kernels`, two of which call each other across files, and a cache."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.cache = folder, folder / "cache"
        self.package = folder / "kernels"
        for part in ("__init__.py", "jit.py", "caching"):
            source, target = KERNELS / part, self.package / part
            target.parent.mkdir(exist_ok=True)
            (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
        self.inner, self.outer = self.package / "inner.py", self.package / "outer.py"
        self.inner.write_text(INNER)
        self.outer.write_text(OUTER)

    def start(self, code: str, *, pass_fds: tuple[int, ...] = (), **environment: str) -> subprocess.Popen[str]:
        """A process that runs the code; its input and output are pipes."""
        clean = {name: value for name, value in os.environ.items() if name not in SWITCHES}
        return subprocess.Popen(
            [sys.executable, "-W", "error", "-c", dedent(code)],
            cwd=self.folder,
            env={**clean, "TAPEGRAD_CACHE_DIR": str(self.cache), "PYTHONDONTWRITEBYTECODE": "1", **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            pass_fds=pass_fds,
        )

    def run(self, code: str, **environment: str) -> str:
        """What the code prints."""
        process = self.start(code, pass_fds=(), **environment)
        output, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
        return output.strip()

    def total(self, **environment: str) -> tuple[float, int, int]:
        """What `total` makes of 0, 1, 2, 3 in a fresh process, and how many kernels that compiled and loaded."""
        result, compiled, loaded = self.run(TOTAL, **environment).split()
        return float(result), int(compiled), int(loaded)

    def files(self) -> list[Path]:
        """The compiled kernels in the cache."""
        return sorted(self.cache.glob("kernels/*/*.bin"))
