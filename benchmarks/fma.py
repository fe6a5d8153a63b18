"""The limit that arithmetic has: chains of fused multiply-adds that never leave the registers, on every thread.

Nothing of the engine is used: a ruler is no part of what it measures.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np

from benchmarks.peers import load
from benchmarks.timing import Candidate

numba, cgutils, ir = load("numba"), load("numba.core.cgutils"), load("llvmlite.ir")
FEATURES = load("llvmlite.binding").get_host_cpu_features()

PEAK = "FMA peak"
FLOP = 1_000_000_000  # of one call, about
# Numbers in a register, and chains: enough to hide the latency of an FMA, few enough for 32 registers, or for 16.
LANES, CHAINS = (16, 24) if FEATURES.get("avx512f") else (8, 12) if FEATURES.get("avx2") else (4, 24)
VECTOR = ir.VectorType(ir.FloatType(), LANES)
ROUNDS = FLOP // (2 * LANES * CHAINS)
HALVE_AND_ADD_ONE = (
    np.float32(0.5),
    np.float32(1.0),
)  # every chain goes to 2, none to denormals or infinity


def peak(threads: int) -> Candidate:
    """The candidate that does FLOP floating-point operations in float32, shared by so many threads."""
    run, others, work = kernel(), workers(threads), (ROUNDS // threads, *HALVE_AND_ADD_ONE)

    def all_threads() -> None:
        parts = [others.submit(run, *work) for _ in range(threads - 1)]
        run(*work)
        for part in parts:
            part.result()

    return Candidate(PEAK, all_threads)


@cache
def workers(threads: int) -> ThreadPoolExecutor:
    """Threads that stay; the one that calls is not among them."""
    return ThreadPoolExecutor(max(1, threads - 1))


@cache
def kernel() -> Callable[[int, Any, Any], float]:
    """The compiled loop. The numbers come from outside: of constants LLVM would know where some chains end."""
    chains = numba.extending.intrinsic(multiply_add)

    def run(rounds: int, scale: Any, shift: Any) -> Any:
        return chains(rounds, scale, shift)

    compiled: Callable[[int, Any, Any], float] = numba.njit(nogil=True)(run)
    return compiled


def multiply_add(_typing: Any, _rounds: Any, _scale: Any, _shift: Any) -> Any:
    """Numba's view of x <- scale x + shift in all lanes of all chains, so many rounds; gives a lane of their sum."""
    signature = numba.types.float32(numba.types.intp, numba.types.float32, numba.types.float32)
    return signature, emit


def emit(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
    """The instructions of `multiply_add`; LLVM turns the variables that stand for the chains into registers."""
    rounds, scale, shift = arguments[0], splat(builder, arguments[1]), splat(builder, arguments[2])
    kind = ir.FunctionType(VECTOR, [VECTOR] * 3)
    fma = cgutils.get_or_insert_function(builder.module, kind, f"llvm.fma.v{LANES}f32")
    chains = [cgutils.alloca_once_value(builder, ir.Constant(VECTOR, [float(x)] * LANES)) for x in range(CHAINS)]
    with cgutils.for_range(builder, rounds):
        for x in chains:
            builder.store(builder.call(fma, [builder.load(x), scale, shift]), x)
    total = builder.load(chains[0])
    for x in chains[1:]:
        total = builder.fadd(total, builder.load(x))
    return builder.extract_element(total, ir.Constant(ir.IntType(32), 0))


def splat(builder: Any, scalar: Any) -> Any:
    """A number in all lanes."""
    vector = ir.Constant(VECTOR, ir.Undefined)
    for lane in range(LANES):
        vector = builder.insert_element(vector, scalar, ir.Constant(ir.IntType(32), lane))
    return vector
