"""One number of threads for every library of the run, settled before the first of them is imported."""

from __future__ import annotations

import os
import sys

from benchmarks.peers import load

# Each library reads its variable when it is loaded. XLA has no flag for its pool on CPUs: it takes NPROC for the cores.
VARIABLES = {
    "TAPEGRAD_NUM_THREADS": "our kernels",
    "OPENBLAS_NUM_THREADS": "NumPy's and SciPy's BLAS",
    "OMP_NUM_THREADS": "PyTorch's pool",
    "MKL_NUM_THREADS": "PyTorch's BLAS",
    "NUMBA_NUM_THREADS": "Numba's own pool",
    "NPROC": "XLA's pool, under JAX",
}


def default() -> int:
    """Two threads, or one where there is one core: more would measure how well small products scale."""
    return min(2, cores())


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def settle(count: int) -> None:
    """Set every library to `count` threads; raises when NumPy is loaded already, for it would not listen any more."""
    if "numpy" in sys.modules:
        raise RuntimeError("settle the number of threads before NumPy is imported: it is imported already")
    if count > cores():
        raise SystemExit(f"this process may use {cores()} cores, not {count}: pass --threads {cores()}")
    os.environ.update(dict.fromkeys(VARIABLES, str(count)))


def in_use() -> dict[str, int]:
    """The number of threads that each loaded pool reports: what one asked for is not always what one got."""
    loaded = load("threadpoolctl").threadpool_info()
    pools = {f"{pool['internal_api']} {pool['prefix']}": int(pool["num_threads"]) for pool in loaded}
    if "tapegrad" in sys.modules:
        pools["tapegrad"] = sys.modules["tapegrad"].get_num_threads()
    if "torch" in sys.modules:
        pools["torch"] = sys.modules["torch"].get_num_threads()
    if "jax" in sys.modules:
        pools["XLA (NPROC)"] = int(os.environ.get("NPROC", cores()))
    return pools
