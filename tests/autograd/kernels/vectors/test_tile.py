"""Vectors are as wide as the machine's, and stay inside their arrays where kernels check that."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from tapegrad.autograd.kernels import vectors
from tapegrad.autograd.kernels.vectors import lanes_of, tile

from .outside import CALLS

ROOT = Path(__file__).resolve().parents[4]
OF_NO_ARRAY = {
    "ROWS",
    "block",
    "fourth",
    "halved",
    "height",
    "lanes",
    "lanes_of",
    "rectified",
    "sandwich",
    "spaced",
    "width",
}


def test_a_vector_holds_twice_as_many_singles_as_doubles() -> None:
    assert lanes_of(np.dtype(np.float32)) == 2 * lanes_of(np.dtype(np.float64)) == tile._VECTOR_BYTES // 4


def test_there_is_a_call_for_each_function_of_arrays() -> None:
    assert {name.split()[0] for name in CALLS} == {*vectors.__all__, "turn"} - OF_NO_ARRAY - {"writable"}


def test_who_leaves_an_array_is_told_where_kernels_check() -> None:
    path = [*sys.path, str(ROOT)]
    code = f"import sys; sys.path[:] = {path!r}\nfrom tests.autograd.kernels.vectors import outside\n"
    done = subprocess.run(
        [sys.executable, "-c", code + "print(*outside.unnoticed(), sep='; ', end='')"],
        env=os.environ | {"TAPEGRAD_BOUNDSCHECK": "1"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout == ""
