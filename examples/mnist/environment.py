"""What the program finds around it: what a question about speed, or about what is missing, begins with."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from llvmlite.binding import get_host_cpu_features, get_host_cpu_name
from threadpoolctl import threadpool_info

import tapegrad as tg
from examples.mnist.models import MODELS
from examples.mnist.runs import PRETRAINED, Run
from examples.mnist.versions import versions
from tapegrad.autograd.kernels.caching.folder import place
from tapegrad.datasets import MNIST
from tapegrad.datasets.optional import import_optional

__all__ = ["environment"]

# What the example can use besides, and what for.
LIBRARIES = (
    "scipy", "matplotlib", "pillow", "safetensors", "scikit-learn", "pooch", "rich", "click", "threadpoolctl", "optuna",
    "tensorboardX", "pygraphviz",
)  # fmt: skip
FEATURES = ("sse4.2", "avx", "avx2", "fma", "avx512f", "avx512bw", "avx512vnni", "avx512bf16", "neon", "sve")
VARIABLES = {
    "TAPEGRAD_NUM_THREADS": "threads of kernels and BLAS; all cores by default",
    "TAPEGRAD_CACHE_DIR": "where compiled kernels are kept",
    "TAPEGRAD_DATA": "where data sets lie",
    "TAPEGRAD_JIT": "0: no compiled kernels, NumPy stands in",
    "TAPEGRAD_BOUNDSCHECK": "1: kernels check every index",
}


def environment() -> dict[str, Any]:
    """All of it, in what JSON has: sections, and in them values by name."""
    return {
        "versions": {**versions(), **{library: _installed(library) for library in LIBRARIES}},
        "processor": _processor(),
        "kernels": _kernels(),
        "settings": {name: os.environ.get(name) for name in VARIABLES},
        "data": _data(),
        "models": {name: _model(name) for name in MODELS},
        "shipped model": _shipped(),
    }


def _installed(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None


def _processor() -> dict[str, Any]:
    has = get_host_cpu_features()
    blas = [f"{each['internal_api']} {each['version']}" for each in threadpool_info() if each["user_api"] == "blas"]
    return {
        "name": get_host_cpu_name(),
        "features": [feature for feature in FEATURES if has.get(feature)],
        "cores": os.cpu_count(),
        "threads of kernels": tg.get_num_threads(),
        "BLAS": ", ".join(dict.fromkeys(blas)) or None,
        "threads of BLAS": max((each["num_threads"] for each in threadpool_info()), default=None),
    }


def _kernels() -> dict[str, Any]:
    folder = place()
    sizes = []
    for path in folder.rglob("*") if folder is not None else ():
        with suppress(OSError):  # another process has removed it meanwhile
            sizes.append(path.stat().st_size if path.is_file() else 0)
    return {"folder": folder and str(folder), "bytes": sum(sizes)}


def _data() -> dict[str, Any]:
    """Where MNIST would be read from, and whether it is there."""
    if named := os.environ.get("TAPEGRAD_DATA"):
        folder = Path(named)
    else:
        folder = Path(import_optional("pooch").os_cache("tapegrad")) / MNIST.name
    missing = [
        file.name
        for file in (*MNIST.train_files, *MNIST.test_files)
        if not any((folder / name).exists() for name in file.names)
    ]
    return {"folder": str(folder), "named by": "TAPEGRAD_DATA" if named else "the user's cache", "missing": missing}


def _model(name: str) -> dict[str, Any]:
    model = MODELS[name]
    return {"parameters": sum(each.size for each in model.build().parameters()), "summary": model.summary}


def _shipped() -> dict[str, Any]:
    run = Run(PRETRAINED)
    if not run.weights_file.exists():
        return {"folder": str(PRETRAINED), "model": None}
    result = json.loads(run.result_file.read_text(encoding="utf-8")) if run.result_file.exists() else {}
    return {
        "folder": str(PRETRAINED),
        "model": run.settings.model,
        "bytes": run.weights_file.stat().st_size,
        "test accuracy": result.get("test", {}).get("accuracy"),
    }
