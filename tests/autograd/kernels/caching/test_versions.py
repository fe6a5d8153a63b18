"""Kernels kept on disk, seen by real processes: who compiles, who loads, and that the result is right in any case."""

from __future__ import annotations

import os
import signal
from hashlib import sha256
from pathlib import Path

from ..sandbox import TOTAL, Sandbox

COMPILED, LOADED = (12.0, 2, 0), (12.0, 0, 1)
"""`total` of 0, 1, 2, 3 with both kernels compiled; with the outer one loaded, which has the inner one in it."""


def test_the_second_process_loads_what_the_first_compiled(sandbox: Sandbox) -> None:
    assert sandbox.total() == COMPILED
    assert sandbox.total() == LOADED


def test_loading_does_without_the_compiler_which_comes_when_it_is_needed(sandbox: Sandbox) -> None:
    sandbox.total()
    code = """
import sys, numba
assert "numba.np.arraymath" not in sys.modules
print(numba.njit(lambda x: np.exp(x).sum())(np.zeros(4)))
"""
    assert sandbox.run(TOTAL + code).splitlines() == ["12.0 0 1", "4.0"]


def test_a_kernel_that_is_compiled_calls_one_that_was_loaded(sandbox: Sandbox) -> None:
    sandbox.run("from kernels.inner import scaled; scaled(1.0)")

    assert sandbox.total() == (12.0, 1, 1)


def test_a_change_in_any_source_file_is_noticed(sandbox: Sandbox) -> None:
    """By what is in it, not by its time."""

    def edit(file: Path, old: str, new: str) -> None:
        before = file.stat()
        file.write_text(file.read_text().replace(old, new))
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert sandbox.total() == COMPILED
    edit(sandbox.inner, "2.0", "3.0")
    assert sandbox.total() == (18.0, 2, 0)
    edit(sandbox.outer, "result = 0.0", "result = 1.0")
    assert sandbox.total() == (19.0, 2, 0)
    edit(sandbox.package / "jit.py", "IEEE", "ieee")
    assert sandbox.total() == (19.0, 2, 0)


def test_what_is_compiled_after_an_edit_of_its_file_is_not_kept(sandbox: Sandbox) -> None:
    """A process that has read the old source compiles that, when the files on disk already say otherwise."""

    def edit(old: float, new: float) -> str:
        inner = "pathlib.Path('kernels/inner.py')"
        return f"import pathlib; {inner}.write_text({inner}.read_text().replace('{old}', '{new}'))\n"

    later = "print(total(np.arange(4, dtype=np.float32)), counts.compiled, counts.loaded)"
    assert sandbox.run(TOTAL + edit(2.0, 3.0) + later).splitlines() == ["12.0 2 0", "12.0 4 0"]
    assert len(sandbox.files()) == 2

    assert sandbox.run("import kernels.inner\n" + edit(3.0, 4.0) + TOTAL) == "18.0 2 0"
    assert len(sandbox.files()) == 2
    assert sandbox.total() == (24.0, 2, 0)


def test_constants_count_as_they_are_when_the_kernel_is_compiled(sandbox: Sandbox) -> None:
    changed = "import kernels.inner; kernels.inner.FACTOR = 5.0\n" + TOTAL

    assert sandbox.total() == COMPILED
    assert sandbox.run(changed) == "30.0 2 0"
    assert sandbox.run(changed) == "30.0 0 1"
    assert sandbox.total() == LOADED


def test_functions_made_by_one_function_are_not_taken_for_each_other(sandbox: Sandbox) -> None:
    """Numba numbers them from one in each process, and links by that number what it loads and what it compiles."""
    sandbox.outer.write_text("""
from .jit import jit

def scale(factor):
    @jit
    def scaled(x):
        return factor * x
    return scaled

def both(f, g):
    @jit
    def summed(x):
        return f(x) + 100.0 * g(x)
    return summed
""")
    code = "from kernels.outer import both, scale\nprint(both(scale({}), scale({}))(1.0))"

    assert sandbox.run(code.format(5, 5)) == "505.0"
    assert sandbox.run(code.format(5, 7)) == "705.0"
    assert sandbox.run(code.format(7, 6)) == "607.0"


def test_a_kernel_without_a_fingerprint_is_compiled_each_time(sandbox: Sandbox) -> None:
    sandbox.outer.write_text(sandbox.outer.read_text() + "\nsize = object()  # for all that names tell, x.size is it\n")

    assert sandbox.total() == COMPILED
    assert sandbox.total() == (12.0, 1, 1)


def test_processes_that_start_at_once_share_an_empty_cache(sandbox: Sandbox) -> None:
    processes = [sandbox.start("import numba, sys; sys.stdin.readline()\n" + TOTAL) for _ in range(2)]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    outputs = [process.communicate(timeout=120) for process in processes]

    assert [output.split()[0] for output, _ in outputs] == ["12.0", "12.0"], outputs
    assert len(sandbox.files()) == 2
    assert sandbox.total() == LOADED


def test_a_process_killed_while_it_writes_leaves_a_cache_that_works(sandbox: Sandbox) -> None:
    deadly = """
import os, pathlib, signal

def killed(path, content):
    if isinstance(content, bytes):
        with path.open("wb") as file:
            file.write(content[: len(content) // 2])
    os.kill(os.getpid(), signal.SIGKILL)

pathlib.Path.{} = killed
"""
    for moment in ("write_bytes", "replace"):
        process = sandbox.start(deadly.format(moment) + TOTAL)
        process.communicate(timeout=120)
        assert process.returncode == -signal.SIGKILL

    assert sandbox.files() == []
    assert len(list(sandbox.cache.glob("kernels/*/.*.part"))) == 2
    assert sandbox.total() == COMPILED
    assert sandbox.total() == LOADED


def test_files_that_are_not_what_was_written_are_compiled_again_and_replaced(sandbox: Sandbox) -> None:
    sandbox.total()
    inner, outer = sandbox.files()
    assert "inner" in inner.name
    foreign = b"\x80\x04K\x01."  # a pickle of 1, with its checksum
    inner.write_bytes(sha256(foreign).digest() + foreign)
    outer.write_bytes(outer.read_bytes()[:-1])

    assert sandbox.total() == COMPILED
    assert sandbox.total() == LOADED


def test_without_a_place_to_write_a_process_compiles_for_itself(sandbox: Sandbox) -> None:
    sandbox.cache.write_text("not a folder")

    assert sandbox.total() == COMPILED
    assert sandbox.cache.read_text() == "not a folder"
