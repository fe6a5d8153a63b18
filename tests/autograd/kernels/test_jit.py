"""How kernels are compiled: late, once, and for no more types than there are; and the views that they are given."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from tapegrad.autograd.kernels import jit as policy
from tapegrad.autograd.kernels.caching import counts
from tapegrad.autograd.kernels.jit import Kernel, flat, inner, jit, readable

from .sandbox import Sandbox


def test_a_kernel_is_compiled_at_its_first_call_and_takes_its_own_place(sandbox: Sandbox) -> None:
    code = """
import sys
import numpy as np
from kernels import outer
early = outer.total
assert "numba" not in sys.modules
print(early(np.arange(4.0)), type(early).__name__, type(outer.total).__name__, early.compiled is outer.total)
print(outer.total(np.arange(3.0)), early(np.arange(3.0)), early.__name__, early.__module__)
"""
    assert sandbox.run(code).splitlines() == ["12.0 Kernel CPUDispatcher True", "6.0 6.0 total kernels.outer"]


def test_kernels_call_each_other_by_whatever_name(sandbox: Sandbox) -> None:
    """Through a module, a closure, themselves; also when others have been compiled before, or none is."""
    sandbox.outer.write_text("""
from . import inner
from .inner import scaled as double
from .jit import jit

PAIR = (3, 0.5)

def made(f):
    @jit
    def twice(x):
        return f(f(x))
    return twice

quadruple = made(double)

@jit
def total(x):
    return inner.scaled(x[0]) + double(x[1]) + quadruple(x[2]) + PAIR[0] * PAIR[1] + falling(3)

@jit
def falling(n):
    if n == 0:
        return 0
    return n + falling(n - 1)
""")
    code = "import numpy as np\nfrom kernels.outer import total, double\n{}print(total(np.array([1.0, 10.0, 100.0])))"

    assert sandbox.run(code.format("")) == "429.5"
    assert sandbox.run(code.format("double(1)\n")) == "429.5"
    assert sandbox.run(code.format(""), TAPEGRAD_JIT="0") == "429.5"


def test_what_kernels_alone_call_is_not_called_from_python() -> None:
    @inner
    def doubled(x: Any) -> Any:
        return 2 * x

    @jit
    def more(x: Any) -> Any:
        return doubled(x) + 1

    assert more(3) == 7
    with pytest.raises(TypeError, match="doubled is called by kernels alone; @jit makes it one for Python too"):
        doubled(3)


def test_without_a_compiler_it_is_an_ordinary_function(sandbox: Sandbox) -> None:
    sandbox.outer.write_text("from .jit import inner\n\n@inner\ndef doubled(x):\n    return 2 * x\n")

    assert sandbox.run("from kernels.outer import doubled; print(doubled(3))", TAPEGRAD_JIT="0") == "6"


def test_threads_that_call_first_at_the_same_time_compile_once(monkeypatch: pytest.MonkeyPatch) -> None:
    @jit
    def summed(x: Any) -> Any:
        total = 0.0
        for i in range(x.size):
            total += x[i]
        return total

    make, made, results = policy._dispatcher, threading.Barrier(4), []

    def make_together(*args: Any) -> Any:
        dispatcher = make(*args)
        made.wait()
        return dispatcher

    monkeypatch.setattr(policy, "_dispatcher", make_together)
    threads = [threading.Thread(target=lambda: results.append(summed(np.arange(4.0)))) for _ in range(4)]
    before = counts.compiled + counts.loaded
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert results == [6.0] * 4
    assert counts.compiled + counts.loaded == before + 1


def test_a_child_of_a_process_that_is_compiling_can_compile_too(sandbox: Sandbox) -> None:
    code = """
import os, signal, threading, time, warnings
import numpy as np
from kernels.outer import total
from numba.core.compiler_lock import global_compiler_lock

total(np.arange(4.0))
begun = threading.Event()

def compile_for_long():
    with global_compiler_lock:
        begun.set()
        time.sleep(0.5)

thread = threading.Thread(target=compile_for_long)
thread.start()
begun.wait()
warnings.simplefilter("ignore")  # newer Pythons warn of any fork beside threads
if (child := os.fork()) == 0:
    signal.alarm(30)
    os._exit(int(total(np.arange(4, dtype=np.float32))))
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), total(np.arange(5.0)))
thread.join()
"""
    assert sandbox.run(code) == "12 20.0"


def test_nan_and_infinity_survive_and_nothing_raises_for_them() -> None:
    @jit
    def ratio(x: Any, y: Any) -> Any:
        return x / y + (x - x)

    assert np.isnan(ratio(0.0, 0.0))
    assert np.isnan(ratio(np.inf, 1.0))
    assert ratio(1.0, 0.0) == np.inf


@given(
    st.sampled_from([np.float32, np.float64]), st.lists(st.integers(0, 4), max_size=4), st.integers(0, 3), st.booleans()
)
def test_flat_views_show_the_same_memory(dtype: Any, shape: list[int], read: int, fortran: bool) -> None:
    arrays = [np.ones(shape, dtype, "F" if fortran else "C") for _ in range(3)]

    views = flat(*arrays, read=read)

    assert views is not None
    for i, (view, array) in enumerate(zip(views, arrays, strict=True)):
        assert view.shape == (array.size,)
        assert view.size == 0 or np.shares_memory(view, array)
        assert view.flags.writeable == (i >= read)
        assert array.flags.writeable


@given(st.lists(st.integers(1, 3), min_size=3, max_size=4), st.data())
def test_axes_may_lie_in_any_order(shape: list[int], data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(shape))))
    x, y = (np.arange(float(np.prod(shape))).reshape(shape).transpose(order) for _ in range(2))

    views = flat(x, y)

    assert views is not None
    assert all(np.shares_memory(view, array) for view, array in zip(views, (x, y), strict=True))
    np.testing.assert_array_equal(views[0], np.arange(x.size))


@pytest.mark.parametrize("strides", [(3, 3, 1), (1, 1, 5), (2, 2, 3)])
def test_an_array_that_shows_places_twice_is_not_flattened(strides: tuple[int, ...]) -> None:
    """As far as its first and its last place tell, it is dense; what is written to a copy would be lost."""
    x = np.lib.stride_tricks.as_strided(np.arange(8.0), (2, 2, 2), [8 * stride for stride in strides])

    assert flat(x) is None


def test_what_kernels_do_not_take_is_not_flattened() -> None:
    x = np.ones((4, 6))
    for others in ([x.T], [x.astype(np.float32)], [x[:, ::2]], [x.astype(">f8")]):
        assert flat(x, *others) is None
        assert flat(*others, x) is None
    for single in (x.astype(np.float16), x.astype(int), x.astype(">f8"), x[:, ::2], x.astype(complex)):
        assert flat(single) is None


def test_a_readable_view_leaves_the_array_writable() -> None:
    x = np.ones((2, 3))[:, ::2]

    view = readable(x)

    assert not view.flags.writeable
    assert x.flags.writeable
    assert np.shares_memory(view, x)
    assert view.strides == x.strides


def test_one_version_serves_arrays_that_may_be_written_and_arrays_that_may_not() -> None:
    from tapegrad.autograd.kernels import crossentropy, gating, updates

    frozen = np.ones((64, 64))
    frozen.setflags(write=False)
    thawed = np.ones((64, 64))
    for x in (frozen, thawed):
        for y in (frozen, thawed):
            gating.gate(x, y)
        for labels in (np.zeros(64, np.uint8), np.zeros(128, np.int64)[::2], readable(np.zeros(64, np.int32))):
            crossentropy.cross_entropy(x, labels)
            crossentropy.excess(x, labels)
        updates.momentum(np.ones((64, 64)), x, np.ones((64, 64)), 1, 0, 1, 0, False)
        updates.momentum(np.ones((64, 64)), x, np.ones((64, 64)), 0.1, 0.9, 1.0, np.float64(0.0), True)

    doubles = [
        [types for types in kernel.overloads if any(str(getattr(one, "dtype", "")) == "float64" for one in types)]
        for kernel in map(
            compiled, (gating._gate, crossentropy._cross_entropy, crossentropy._excess, updates.momentum.kernels[0])
        )
    ]
    assert [len(versions) for versions in doubles] == [1] * 4


def compiled(kernel: Any) -> Any:
    return kernel.compiled if isinstance(kernel, Kernel) else kernel
