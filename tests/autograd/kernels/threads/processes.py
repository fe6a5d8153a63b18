"""Fresh processes, for what one does to itself: fork, be interrupted, end."""

from __future__ import annotations

import os
import subprocess
import sys
from textwrap import dedent

START = """
import os, signal, sys, threading, time
import numpy as np
import numba
from tapegrad.autograd.kernels.threads import get_num_threads, split

@numba.njit(nogil=True)
def fill(start, stop, x):
    for i in range(start, stop):
        x[i] += 1

def check():
    '''Several threads fill an array.'''
    x = np.zeros(1000)
    split(fill, x.size, x, grain=10)
    assert (x == 1).all(), x

def meet():
    '''Three threads wait for each other.'''
    together = threading.Barrier(3, timeout=20)
    split(lambda start, stop: together.wait() and None, 3)
"""


def run(code: str, **environment: str) -> tuple[int, str, str]:
    """Status, output and errors of a program on three threads with what stands above, and 60 s."""
    program = f"import sys; sys.path[:0] = {sys.path!r}\n{START}{dedent(code)}"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env={**os.environ, "TAPEGRAD_NUM_THREADS": "3", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout.strip(), done.stderr.strip()
