"""A summary as text and as HTML."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .report import Row, Summary

__all__ = ["html", "text"]

_HEADS = ("Layer", "Name", "Output shape", "Output", "Parameters", "Mult-adds")
_WORDS = 3  # the first columns, which are aligned to the left


def text(summary: Summary) -> str:
    """Lines of equal width with aligned columns, and totals below."""
    cells = [_HEADS, *(_cells(row) for row in summary.rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ["  ".join(map(_aligned, row, widths, range(len(row)))).rstrip() for row in cells]
    rule = "─" * (sum(widths) + 2 * (len(widths) - 1))
    facts = _facts(summary)
    label = max(len(name) for name, _ in facts)
    return "\n".join([lines[0], rule, *lines[1:], rule, *(f"{name:{label}}  {value}" for name, value in facts)])


def html(summary: Summary) -> str:
    """The same as two tables of a notebook."""
    sides = ["left"] * _WORDS + ["right"] * (len(_HEADS) - _WORDS)
    heads = _line(zip(["th"] * len(_HEADS), sides, _HEADS, strict=True))
    rows = [_line(zip(["td"] * len(_HEADS), sides, _cells(row), strict=True)) for row in summary.rows]
    facts = [_line([("th", "left", name), ("td", "left", value)]) for name, value in _facts(summary)]
    return f"<table>{heads}{''.join(rows)}</table><table>{''.join(facts)}</table>"


def _line(cells: Iterable[tuple[str, str, str]]) -> str:
    """A row of cells, each a tag, a side and a text."""
    style = "white-space: pre; padding: 0.1em 0.7em; text-align:"
    made = [f'<{tag} style="{style} {side}">{escape(cell)}</{tag}>' for tag, side, cell in cells]
    return f"<tr>{''.join(made)}</tr>"


def _aligned(cell: str, width: int, column: int) -> str:
    return cell.ljust(width) if column < _WORDS else cell.rjust(width)


def _cells(row: Row) -> tuple[str, ...]:
    calls = f" × {row.calls}" if row.calls > 1 else ""
    shapes = ", ".join(map(str, row.output_shapes)) or ("" if row.calls or not row.parameters else "not called")
    frozen = "" if not row.frozen else " (frozen)" if row.frozen == row.parameters else f" ({row.frozen:,} frozen)"
    return (
        "  " * row.depth + row.kind + calls,
        row.name,
        shapes,
        _bytes(row.output_bytes) if row.output_shapes else "",
        f"{row.parameters:,}{frozen}" if row.parameters else "",
        f"{row.multiply_adds:,}" if row.multiply_adds else "",
    )


def _facts(summary: Summary) -> list[tuple[str, str]]:
    inputs = zip(summary.input_shapes, summary.input_dtypes, strict=True)
    frozen = f", {summary.frozen_parameters:,} of them frozen" if summary.frozen_parameters else ""
    parts = {
        "parameters": summary.parameter_bytes,
        "buffers": summary.buffer_bytes,
        "gradients": summary.trainable_bytes,
        "activations": summary.activation_bytes,
    }
    return [
        ("Input", ", ".join(f"{shape} {dtype}" for shape, dtype in inputs)),
        ("Parameters", f"{summary.total_parameters:,}{frozen}"),
        ("Mult-adds", f"{summary.multiply_adds:,}, {summary.flops:,} FLOPs, of convolutions and matrix products"),
        ("Other operations", f"{summary.other_operations:,}"),
        ("Memory to train", " + ".join(f"{name} {_bytes(size)}" for name, size in parts.items() if size)),
        *((f"  with {name}", _bytes(summary.training_bytes(key))) for name, key in (("SGD", "sgd"), ("Adam", "adam"))),
    ]


def _bytes(count: float) -> str:
    """1536 -> 1.5 KiB"""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if count < 1024 or unit == "GiB":
            break
        count /= 1024
    return f"{count:.0f} B" if unit == "B" else f"{count:,.1f} {unit}"
