"""What the environment decides: whether kernels are compiled at all, and whether they check their bounds."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tapegrad.autograd.kernels import jit as policy

from .sandbox import Sandbox

REFERENCE = """
import sys, warnings
import numpy as np
{}
from tapegrad.autograd.kernels import crossentropy, gating, updates
from tapegrad.autograd.kernels.jit import enabled, jit

x = np.random.default_rng(0).normal(size=(64, 64))
labels = np.arange(64)
got = [gating.gate(x, -x), crossentropy.cross_entropy(x, labels), crossentropy.excess(x, labels)]
for update, numbers in (
    (updates.momentum, (0.1, 0.9, 1.0, 0.01, True)),
    (updates.adam, (0.1, 1.0, 0.9, 0.1, 0.999, 0.001, 1.0, 1e-8, 0.01)),
):
    p, g, *state = (abs(x) + i for i in range(update.arrays))
    update(p, g, *state, *numbers)
    got += [p, *state]

@jit
def doubled(x):
    return 2 * x

assert doubled(2.0) == 4.0
kernels = (gating._gate, crossentropy._cross_entropy, crossentropy._excess)
print(enabled(), {type(kernel).__name__ for kernel in kernels}, type(doubled).__name__, "llvmlite" in sys.modules)
print(*(repr(float(np.sum(array * np.cos(np.arange(array.size)).reshape(array.shape)))) for array in got))
"""
WITHOUT_NUMBA = "sys.modules['numba'] = None"


def test_without_the_compiler_numpy_gives_the_same(sandbox: Sandbox) -> None:
    path = f"sys.path[:0] = {sys.path!r}\n"

    def run(prelude: str = "", **environment: str) -> tuple[str, NDArray[Any]]:
        state, numbers = sandbox.run(REFERENCE.replace("{}", path + prelude), **environment).splitlines()
        return state, np.array(numbers.split(), float)

    state, compiled = run()
    assert state == "True {'CPUDispatcher'} CPUDispatcher True"
    for prelude, environment, loaded in (
        ("", {"TAPEGRAD_JIT": "0"}, False),
        ("", {"NUMBA_DISABLE_JIT": "1"}, True),
        (WITHOUT_NUMBA, {}, False),
    ):
        state, by_numpy = run(prelude, **environment)
        assert state == f"False {{'Kernel'}} function {loaded}", (
            "no kernel has been called but the one without a way in NumPy"
        )
        np.testing.assert_allclose(by_numpy, compiled, rtol=1e-12)


def test_a_numba_that_does_not_import_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def find_spec(self, name: str, *_: object) -> None:
            if name.partition(".")[0] == "numba":
                raise ImportError("Numba needs NumPy 1.0 or less")

    for name in [name for name in sys.modules if name.partition(".")[0] == "numba"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Broken(), *sys.meta_path])

    with pytest.warns(RuntimeWarning, match=r"Numba needs NumPy 1\.0 or less\. .*TAPEGRAD_JIT=0"):
        assert not policy.enabled.__wrapped__()


@pytest.mark.parametrize("variable", ["TAPEGRAD_JIT", "TAPEGRAD_BOUNDSCHECK"])
def test_a_switch_that_is_neither_on_nor_off_is_an_error(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = policy.enabled if variable == "TAPEGRAD_JIT" else policy.bounds_checked
    monkeypatch.setenv(variable, "yes")

    with pytest.raises(ValueError, match=f"{variable} is 'yes'; it can be 0 or 1"):
        ask.__wrapped__()

    monkeypatch.setenv(variable, "1")
    assert ask.__wrapped__()
    monkeypatch.setenv(variable, "0")
    assert not ask.__wrapped__()


def test_bounds_are_checked_when_asked_for(sandbox: Sandbox) -> None:
    sandbox.outer.write_text("""
from .jit import jit
from .inner import first

@jit
def total(x):
    return first(x, 5)
""")
    sandbox.inner.write_text("""
from .jit import jit

@jit
def first(x, i):
    return x[i]
""")
    code = """
import numpy as np
from kernels.jit import bounds_checked
from kernels.outer import total
try:
    print(total(np.arange(8.0)[:4]), bounds_checked())
except IndexError as error:
    print(error, bounds_checked())
"""
    assert sandbox.run(code) == "5.0 False"
    for environment, checked in (
        ({"TAPEGRAD_BOUNDSCHECK": "1"}, True),
        ({"NUMBA_BOUNDSCHECK": "1"}, True),
        ({"TAPEGRAD_BOUNDSCHECK": "1", "NUMBA_BOUNDSCHECK": "0"}, False),
    ):
        outcome = "index is out of bounds True" if checked else "5.0 False"
        assert sandbox.run(code, **environment) == outcome, environment
