"""What holds for every kernel: jit.py alone decides how it is compiled, it can be kept on disk, and it is warmed."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

KERNELS = Path(__file__).resolve().parents[3] / "autograd" / "kernels"
FILES = sorted(KERNELS.rglob("*.py"))
NAMES = [file.relative_to(KERNELS).as_posix() for file in FILES]


def compilers(source: str) -> list[str]:
    """Numba's own decorators in a file."""
    names = {"njit", "vectorize", "guvectorize", "stencil", "cfunc", "prange", "generated_jit", "jitclass"}
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "numba" and not node.level:
            found |= {alias.name for alias in node.names} & (names | {"jit"})
        elif isinstance(node, ast.Attribute):
            found |= {node.attr} & (names | ({"jit"} if ast.unparse(node.value) in ("numba", "nb") else set()))
    return sorted(found)


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_only_one_file_decides_how_numba_compiles(file: Path) -> None:
    assert compilers(file.read_text(encoding="utf-8")) == (["njit"] if file == KERNELS / "jit.py" else [])


def test_a_decorator_of_numba_is_found() -> None:
    source = "from numba import prange\nimport numba as nb\n@nb.jit\ndef f(): ...\n@numba.njit()\ndef g(): ..."
    assert compilers(source) == ["jit", "njit", "prange"]
    assert compilers("from .jit import jit\n@jit\ndef f(): ...") == []


# For a fresh process: the kernels of all modules, those that `warmup` has called, and those that they call. All but
# Winograd's are for both floating types.
SURVEY = """
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType
from tapegrad.autograd import kernels
from tapegrad.autograd.kernels.caching.fingerprint import fingerprint
from tapegrad.autograd.kernels.updates import Update
from tapegrad.autograd.kernels.warmup import warmup

modules = [import_module(found.name) for found in walk_packages(kernels.__path__, kernels.__name__ + ".")]
found = {}

def identity(function):  # several kernels of one factory have the same code, around others' names
    return function.__code__, tuple(id(cell.cell_contents) for cell in function.__closure__ or ())

for module in modules:
    for value in vars(module).values():
        for kernel in value.kernels if isinstance(value, Update) else [value]:
            if hasattr(kernel, "py_func"):
                found[identity(kernel.py_func)] = getattr(kernel, "compiled", kernel)
warmup()

def callees(function):
    modules = [value for value in function.__globals__.values() if isinstance(value, ModuleType)]
    cells = [cell.cell_contents for cell in function.__closure__ or ()]
    for name in function.__code__.co_names:
        for value in (function.__globals__.get(name), *(vars(module).get(name) for module in modules), *cells):
            callee = getattr(value, "py_func", None)
            if callee is not None and identity(callee) not in reached:
                reached.add(identity(callee))
                callees(callee)

reached = set()
called = {known: kernel for known, kernel in found.items() if kernel.overloads}
for kernel in called.values():
    callees(kernel.py_func)
# A kernel that others call is compiled with them, but not loaded with them: it may have the types of some alone.
entries = called.keys() - reached
reached |= called.keys()

for known, kernel in found.items():
    name = kernel.py_func.__module__.removeprefix(kernels.__name__ + ".") + "." + kernel.py_func.__code__.co_name
    if fingerprint(kernel.py_func) is None:
        print(name, "has no fingerprint")
    if known not in reached:
        print(name, "is not warmed")
for known in entries:
    kernel = called[known]
    text = str(list(kernel.overloads))
    if ("float32" in text) != ("float64" in text) and ".winograd." not in kernel.py_func.__module__:
        print(kernel.py_func.__name__, "is warmed for one type only")
print(len(called), "kernels are warmed")
"""


def test_every_kernel_can_be_kept_and_is_warmed() -> None:
    path = f"import sys; sys.path[:0] = {sys.path!r}\n"
    done = subprocess.run([sys.executable, "-c", path + SURVEY], check=True, capture_output=True, text=True)

    *complaints, count = done.stdout.splitlines()
    assert complaints == []
    assert int(count.split()[0]) >= 20


TRAINING = """
import numpy as np
import tapegrad as tg
from tapegrad import nn
from tapegrad.autograd.kernels.caching import counts

convolutions = [
    [nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
     nn.Linear(9216, 128), nn.ReLU(), nn.Linear(128, 10)],
    [nn.Conv2d(1, 16, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
     nn.Linear(800, 10)],
]
dense = [nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10)]
tg.warmup()
before = counts.compiled, counts.loaded
random = np.random.default_rng(0)
for layers, image in [*((layers, (1, 28, 28)) for layers in convolutions), (dense, (784,))]:
    model = nn.Sequential(*layers)
    for optimizer in (nn.optim.SGD(model.parameters(), 0.1, momentum=0.9), nn.optim.Adam(model.parameters())):
        for batch in (1, 32, 128):
            x = tg.tensor(random.standard_normal((batch, *image), np.float32))
            optimizer.zero_grad()
            nn.CrossEntropyLoss()(model(x), random.integers(0, 10, batch)).backward()
            optimizer.step()
print(counts.compiled - before[0], counts.loaded - before[1])
"""


def test_training_meets_no_kernel_that_is_not_warmed() -> None:
    path = f"import sys; sys.path[:0] = {sys.path!r}\n"
    done = subprocess.run([sys.executable, "-c", path + TRAINING], check=True, capture_output=True, text=True)

    assert done.stdout.split() == ["0", "0"]
