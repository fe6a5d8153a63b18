"""Helpers at the board, and what a process does to itself: fork, and end."""

from __future__ import annotations

import sys

import pytest

from ..threads.processes import run

START = """
from tapegrad.autograd.kernels.products import product
from tapegrad.autograd.kernels.sharing import board, helpers
from tapegrad.autograd.kernels.sharing.places import SEATS

random = np.random.default_rng(0)
a, b = random.standard_normal((64, 784), np.float32), random.standard_normal((784, 256), np.float32)
expected = product(a, b)

def multiply():
    '''Products, each shared.'''
    for _ in range(20):
        np.testing.assert_array_equal(product(a, b), expected)

def seated():
    '''Wait until somebody is at the board.'''
    for _ in range(1000):
        helpers()
        if board[SEATS]:
            return True
        time.sleep(0.0001)
"""


def test_helpers_come_and_go() -> None:
    code = """
assert seated()
time.sleep(0.1)
print(board[SEATS])
"""
    assert run(START + code) == (0, "0", "")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork")
def test_a_forked_child_computes_with_helpers_of_its_own() -> None:
    code = """
import warnings
warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)  # from Python 3.12 on
for _ in range(10):
    assert seated()
    child = os.fork()
    if not child:
        status = 1
        try:
            signal.alarm(30)
            assert not board.any()
            multiply()
            assert seated()
            multiply()
            status = 0
        finally:
            os._exit(status)
    multiply()
    assert os.waitpid(child, 0)[1] == 0
print("fine")
"""
    assert run(START + code) == (0, "fine", "")


def test_the_process_ends_in_silence_while_helpers_are_at_the_board() -> None:
    code = """
import atexit
atexit.register(multiply)
def compute():
    while True:
        multiply()
threading.Thread(target=compute, daemon=True).start()
seated()
time.sleep({pause})
"""
    for pause in (0, 0.001, 0.05):
        assert run(START + code.replace("{pause}", str(pause))) == (0, "", "")


def test_an_index_outside_its_array_is_an_index_error() -> None:
    code = """
from tapegrad.autograd.kernels.jit import jit
from tapegrad.autograd.kernels.sharing.offering import shared

@jit
def _fill(start, stop, x):
    for i in range(start, stop):
        x[i] = 1

try:
    shared(_fill)(board, helpers(), 200, 10, np.zeros(100))
except IndexError as error:
    print(error)
"""
    assert run(START + code, TAPEGRAD_BOUNDSCHECK="1") == (0, "an index lies outside its array", "")
