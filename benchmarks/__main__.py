"""The command: `python -m benchmarks [group ...] [--rounds N] [--threads N] [--seed N] [--compile] [--json PATH]`."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks import threads
from benchmarks.groups import GROUPS, Settings, measure
from benchmarks.neighbours import Watch
from benchmarks.peers import PeerError


def parser() -> argparse.ArgumentParser:
    """The command line; its help lists the groups."""
    listing = "\n".join(f"  {name:<12} {line}" for name, line in GROUPS.items())
    made = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure tapegrad beside its peers, interleaved, in one process.",
        epilog=f"groups (all of them when none is named):\n{listing}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("groups", nargs="*", metavar="group", help="what to measure")
    made.add_argument("--rounds", type=positive, default=30, help="turns of each candidate (default: 30)")
    made.add_argument("--threads", type=positive, default=threads.default(), help="of each library (default: 2)")
    made.add_argument("--seed", type=int, default=0, help="of weights, data, order of turns (default: 0)")
    made.add_argument("--compile", action="store_true", help="measure torch.compile too (compiles for half a minute)")
    made.add_argument(
        "--json", type=Path, default=Path("build/bench.json"), help="where to (default: build/bench.json)"
    )
    return made


def positive(text: str) -> int:
    """A whole number of at least 1."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected at least 1, got {number}")
    return number


def main() -> None:
    """Settle the threads, measure the groups asked for, show each table as soon as it is there, keep the record."""
    command = parser()
    asked = command.parse_args()
    unknown = [name for name in asked.groups if name not in GROUPS]
    if unknown:
        command.error(f"no group {', '.join(unknown)}; there are: {', '.join(GROUPS)}")
    threads.settle(asked.threads)
    settings = Settings(rounds=asked.rounds, threads=asked.threads, seed=asked.seed, compile=asked.compile)

    from benchmarks import plot, report  # load NumPy, which reads its number of threads when it is loaded

    record = report.Record(asked.json, settings)
    for name in asked.groups or GROUPS:
        watch = Watch()
        try:
            tables = measure(name, settings)
        except PeerError as error:
            raise SystemExit(f"{name}: {error}") from error
        others = watch.cores()
        record.add(name, tables, seconds=watch.seconds(), others=others)
        report.show(tables, others)
    report.summarise(record, plot.draw(record.tables, record.caption(), asked.json.with_suffix(".png")))


if __name__ == "__main__":
    main()
