"""The names for what machine code depends on: the same for the same, different for all that makes a difference."""

from __future__ import annotations

import itertools
import math
import os
import subprocess
import sys
import time
from pathlib import Path
from textwrap import dedent
from typing import Any

import numba
import numpy as np
import pytest

from tapegrad.autograd.kernels.caching.fingerprint import fingerprint, sources, surroundings
from tapegrad.autograd.kernels.jit import jit

SOURCE = """
    FACTOR, TABLE, KIND = 2.0, (1, (2.5, "a")), np.float32

    def made(power, offset=1):
        @jit
        def inner(x, start=0.0):
            return start + x ** power + offset
        return inner

    callee = made(2)

    @numba.extending.intrinsic
    def emitted(typing, x):
        return x(x), lambda context, builder, signature, args: args[0]

    @jit
    def kernel(x, n):
        y = FACTOR * callee(x) + TABLE[0] + TABLE[1][0]
        if n > 0:
            y += callee(emitted(KIND(x)))
        return math.sqrt(y) + sum([y * i for i in range(3)])
"""


def named(old: str = "", new: str = "") -> str | None:
    """The fingerprint of `kernel`, with a change in its source."""
    assert old in SOURCE
    names: dict[str, Any] = {"np": np, "math": math, "numba": numba, "jit": jit, "__name__": "somewhere"}
    exec(dedent(SOURCE.replace(old, new, 1)), names)  # noqa: S102
    return fingerprint(names["kernel"].py_func)


def test_the_same_source_has_the_same_name() -> None:
    assert named() == named()
    assert named() is not None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("FACTOR *", "FACTOR +"),
        ("i in range(3)", "i in range(4)"),
        ("FACTOR, TABLE, KIND = 2.0", "FACTOR, TABLE, KIND = 2"),
        ("FACTOR, TABLE, KIND = 2.0", "FACTOR, TABLE, KIND = -2.0"),
        ('(2.5, "a")', '(2.5, "b")'),
        ("np.float32", "np.float64"),
        ("made(2)", "made(3)"),
        ("offset=1", "offset=2"),
        ("start=0.0", "start=1.0"),
        ("start + x", "start - x"),
        ("return x(x), lambda", "return x(x, x), lambda"),
        ("args[0]", "args[1]"),
        ("math.sqrt", "np.sqrt"),
    ],
)
def test_every_difference_shows(old: str, new: str) -> None:
    assert named(old, new) not in (named(), None)


def test_functions_met_twice_are_told_apart() -> None:
    def made(factor: float) -> Any:
        @jit
        def scaled(x: Any) -> Any:
            return factor * x

        return scaled

    def chained(f: Any, g: Any, h: Any) -> Any:
        @jit
        def chain(x: Any) -> Any:
            return f(g(h(x)))

        return chain

    a, b = made(2.0), made(3.0)
    names = {fingerprint(chained(*functions).py_func) for functions in itertools.product((a, b), repeat=3)}

    assert len(names) == 8


def test_it_does_not_hang_on_what_has_been_compiled() -> None:
    @jit
    def inner(x: Any) -> Any:
        return x + 1

    @jit
    def outer(x: Any) -> Any:
        return inner(x) + inner(2 * x)

    before = fingerprint(outer.py_func)
    assert outer(1.0) == 5.0
    assert fingerprint(outer.py_func) == fingerprint(outer.compiled.py_func) == before


def test_it_is_the_same_in_every_process() -> None:
    code = """
from tapegrad.autograd.kernels import crossentropy, updates
from tapegrad.autograd.kernels.caching.fingerprint import fingerprint
print([fingerprint(f.py_func) for f in (crossentropy._cross_entropy, crossentropy._excess, *updates.adam.kernels)])
"""
    prints = {
        subprocess.run(
            [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}{code}"],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }

    assert len(prints) == 1
    assert "None" not in prints.pop()


def test_a_value_without_a_name_and_recursion_leave_none() -> None:
    assert named('(1, (2.5, "a"))', "object()") is None
    assert named("callee(emitted(KIND(x)))", "kernel(x, n - 1)") is None


@pytest.mark.parametrize(
    "value",
    [
        "np.arange(3)", "np.arange(4)", "np.arange(3.0)", "np.int8(3)", "np.dtype('f4')", "numba.int8", "math.pi",
        "math.sin", "np.exp", "frozenset('abc')", "b'abc'", "None", "True", "1j",
    ],
)  # fmt: skip
def test_values_of_many_kinds_have_names(value: str) -> None:
    name = named("np.float32", value)

    assert name == named("np.float32", value)
    assert name not in (named(), None)


def test_sources_are_all_files_by_name_and_content(tmp_path: Path) -> None:
    now = time.time() + 1
    assert sources(tmp_path, now) is None

    (tmp_path / "a").mkdir()
    found = []
    for name, content in (("x.py", "1"), ("x.py", "2"), ("a/x.py", "1"), ("a/y.py", "1"), ("notes.txt", "1")):
        (tmp_path / name).write_text(content)
        found.append(sources(tmp_path, now))

    assert None not in found
    assert len(set(found)) == 4
    assert found[3] == found[4]
    (tmp_path / "a" / "y.py").unlink()
    assert sources(tmp_path, now) == found[2]


def test_a_file_younger_than_the_process_makes_sources_unknown(tmp_path: Path) -> None:
    (tmp_path / "x.py").touch()
    os.utime(tmp_path / "x.py", (1000.0, 1000.0))

    assert sources(tmp_path, 1000.0) is not None
    assert sources(tmp_path, 999.0) is None


@pytest.mark.parametrize(
    ("setting", "value"),
    [("OPT", 1), ("BOUNDSCHECK", 1), ("LOOP_VECTORIZE", 0), ("SLP_VECTORIZE", 1), ("CPU_NAME", "another")],
)
def test_surroundings_are_settings_and_processor(setting: str, value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = surroundings()
    assert before == surroundings()

    monkeypatch.setattr(numba.config, setting, value)

    assert surroundings() != before


@pytest.mark.parametrize("library", [numba, np])
def test_surroundings_are_versions(library: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = surroundings()

    monkeypatch.setattr(library, "__version__", "1.2.3")

    assert surroundings() != before
