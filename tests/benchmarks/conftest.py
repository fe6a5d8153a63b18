"""The benchmarks as an importable package: they are started from the root, which is not on the path of the tests."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"


def register() -> None:
    """Put the package `benchmarks` where `import` finds it, and leave the path as it is."""
    spec = spec_from_file_location("benchmarks", FOLDER / "__init__.py", submodule_search_locations=[str(FOLDER)])
    assert spec is not None
    assert spec.loader is not None
    package = module_from_spec(spec)
    sys.modules["benchmarks"] = package
    spec.loader.exec_module(package)


register()
