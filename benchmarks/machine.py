"""What the figures were measured on: processor, cores, Python, versions."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks import threads

PACKAGES = ("tapegrad", "numpy", "numba", "scipy", "torch", "jax", "jaxlib", "mygrad", "autograd")


@dataclass(frozen=True)
class Machine:
    """The machine and the software, for the record."""

    date: str
    processor: str
    cores: int
    system: str
    python: str
    versions: Mapping[str, str]


def describe() -> Machine:
    """This machine, now."""
    return Machine(
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        processor=processor(),
        cores=threads.cores(),
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        python=f"{platform.python_implementation()} {platform.python_version()}",
        versions={name: found for name in PACKAGES if (found := installed(name)) is not None},
    )


def processor() -> str:
    """The processor's model, as Linux tells it; elsewhere what Python knows."""
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition(":")
            if key.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()


def installed(package: str) -> str | None:
    """The version of a package, or None where it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None
