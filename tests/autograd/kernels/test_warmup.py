"""Compiling ahead: everything that will be called, into the cache, with no more noise than asked for."""

from __future__ import annotations

import os
import pty
from pathlib import Path

import pytest

from tapegrad.autograd.kernels import warmup as module
from tapegrad.autograd.kernels.warmup import Warmup

from .sandbox import Sandbox

WARM = """
import numpy as np

def warm(dtype):
    total(np.ones(2, dtype))
"""


@pytest.fixture
def warmable(sandbox: Sandbox) -> Sandbox:
    """A package with a kernel that another calls, which names what there is to warm."""
    (sandbox.package / "warmup.py").write_text(Path(module.__file__).read_text(encoding="utf-8"))
    sandbox.outer.write_text(sandbox.outer.read_text() + WARM)
    deep = sandbox.package / "deep"
    deep.mkdir()
    (deep / "__init__.py").touch()
    (deep / "deeper.py").write_text("from ..inner import scaled\ndef warm(dtype): scaled(dtype(2).item())\n")
    return sandbox


CODE = "from kernels.warmup import warmup; done = warmup(); print(done.compiled, done.loaded, done.seconds > 0)"


def test_both_floating_types_are_compiled_and_then_loaded(warmable: Sandbox) -> None:
    assert warmable.run(CODE) == "4 0 True"
    assert warmable.run(CODE) == "0 3 True"
    assert warmable.total() == (12.0, 0, 1)


def test_nothing_is_left_to_do_the_second_time_and_numba_is_as_it_was(warmable: Sandbox) -> None:
    code = """
import numba
from kernels.warmup import warmup
before = dict(vars(numba.config))
warmup()
assert vars(numba.config) == before
again = warmup()
print(again.compiled, again.loaded)
"""
    assert warmable.run(code) == "0 0"


def test_without_the_compiler_there_is_nothing_to_do(warmable: Sandbox) -> None:
    code = "import sys; from kernels.warmup import warmup; print(tuple(warmup()), 'numba' in sys.modules)"

    assert warmable.run(code, TAPEGRAD_JIT="0") == "(0, 0, 0.0) False"


def test_nothing_is_shown_where_nobody_looks(warmable: Sandbox) -> None:
    process = warmable.start(CODE + "; import sys; print('rich' in sys.modules)")
    output, errors = process.communicate(timeout=120)

    assert output.endswith("False\n")
    assert errors == ""


def test_it_says_what_it_did() -> None:
    assert str(Warmup(12, 30, 3.21)) == "12 kernels compiled, 30 loaded, in 3.2 s"
    assert repr(Warmup(12, 30, 3.21)) == "Warmup(compiled=12, loaded=30, seconds=3.21)"


@pytest.mark.parametrize("rich", [True, False])
def test_a_bar_is_shown_on_a_terminal_if_rich_is_there(warmable: Sandbox, rich: bool) -> None:
    ours, theirs = pty.openpty()
    code = f"import os, sys; os.dup2({theirs}, 2); sys.stderr = open(2, 'w', closefd=False)\n"
    if not rich:
        code += "sys.modules['rich'] = sys.modules['rich.console'] = None\n"

    process = warmable.start(code + CODE, pass_fds=(theirs,), TERM="xterm")
    os.close(theirs)
    output, _ = process.communicate(timeout=120)
    shown = b""
    while True:
        try:
            shown += os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
    os.close(ours)

    assert output.startswith("4 0")
    assert (b"compiling kernels" in shown) == rich
