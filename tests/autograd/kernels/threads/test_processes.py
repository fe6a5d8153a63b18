"""Forks, interrupts and the end of the process."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from .processes import run

forking = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork")

FORK = """
import warnings
warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)  # from Python 3.12 on
def in_child(work):
    child = os.fork()
    if not child:
        status = 1
        try:
            signal.alarm(30)
            work()
            status = 0
        finally:
            os._exit(status)
    return os.waitpid(child, 0)[1]
"""


@forking
@pytest.mark.parametrize("before", ["", "check(); meet()", "meet(); time.sleep(0.01)"])
def test_a_forked_child_computes_and_so_does_its_child(before: str) -> None:
    code = f"""
{FORK}
{before}
for _ in range(3):
    assert in_child(lambda: (check(), meet())) == 0
assert in_child(lambda: (meet(), in_child(meet) and os._exit(2))) == 0
meet()
print("fine")
"""
    assert run(code) == (0, "fine", "")


@forking
def test_a_fork_while_other_threads_compute() -> None:
    code = f"""
{FORK}
check()  # who forks while another thread compiles has Numba's lock in the child, for good
stop = False
def compute():
    while not stop:
        check()
callers = [threading.Thread(target=compute) for _ in range(3)]
for caller in callers:
    caller.start()
for _ in range(20):
    assert in_child(check) == 0
stop = True
for caller in callers:
    caller.join()
check()
print("fine")
"""
    assert run(code) == (0, "fine", "")


CHILD = """
import numpy as np
from tapegrad.autograd.kernels.threads import limit, split

def filled(value):
    limit._count = 3
    x = np.zeros(100)
    def kernel(start, stop):
        x[start:stop] += value
    split(kernel, 100)
    return int(x.sum())
"""


@pytest.mark.parametrize("method", [pytest.param("fork", marks=forking), "spawn"])
@pytest.mark.parametrize("before", ["", "check()"])
def test_multiprocessing(method: str, before: str, tmp_path: Path) -> None:
    (tmp_path / "child.py").write_text(CHILD)
    code = f"""
import multiprocessing, warnings
warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
sys.path.insert(0, {str(tmp_path)!r})
from child import filled
{before}
with multiprocessing.get_context({method!r}).Pool(2) as pool:
    print(pool.map(filled, range(5)))
"""
    assert run(code) == (0, "[0, 100, 200, 300, 400]", "")


INTERRUPTED = """
def slow(start, stop, x, begun, go_on):
    begun.wait()
    if threading.current_thread() is threading.main_thread():
        time.sleep({seconds})
    else:  # as compiled code, which notices nothing
        go_on.wait()
        x[start] = 1

def interrupt(begun, go_on):
    begun.wait()
    for _ in range({times}):
        time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0.1)
    go_on.set()

for _ in range(5):
    x, begun, go_on = np.zeros({count}), threading.Barrier(4, timeout=20), threading.Event()
    sender = threading.Thread(target=interrupt, args=(begun, go_on))
    sender.start()
    try:
        split(slow, x.size, x, begun, go_on)
    except KeyboardInterrupt:
        assert x.sum() == 2, x
    else:
        raise SystemExit("no interrupt")
    sender.join()
    assert x.sum() == 2, x
    check()
print("fine")
"""


@pytest.mark.parametrize(("seconds", "count"), [(10, 1000), (0, 3)], ids=["at work", "waiting"])
@pytest.mark.parametrize("times", [1, 10])
def test_an_interrupt_waits_until_nobody_writes_any_more(seconds: int, count: int, times: int) -> None:
    assert run(INTERRUPTED.format(seconds=seconds, count=count, times=times)) == (0, "fine", "")


def test_the_process_ends_in_silence_whatever_runs() -> None:
    code = """
import atexit
atexit.register(check)
check()
def compute():
    while True:
        check()
for _ in range(2):
    threading.Thread(target=compute, daemon=True).start()
time.sleep({pause})
"""
    for pause in (0, 0.001, 0.05):
        assert run(code.format(pause=pause)) == (0, "", "")


def test_a_first_split_at_the_very_end_is_done_by_the_caller() -> None:
    assert run("import atexit; atexit.register(lambda: (check(), print('fine')))") == (0, "fine", "")


def test_importing_starts_no_thread_and_does_not_look_for_blas() -> None:
    code = "import tapegrad; print(threading.active_count(), 'threadpoolctl' in sys.modules)"
    assert run(code, TAPEGRAD_NUM_THREADS="") == (0, "1 False", "")
