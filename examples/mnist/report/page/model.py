"""What is told of the model itself."""

from __future__ import annotations

from collections.abc import Iterator

from examples.mnist.report.evaluation import Evaluation
from examples.mnist.report.page.pieces import note, picture, section, table
from tapegrad.nn.summary import Summary

__all__ = ["model_section"]


def model_section(evaluation: Evaluation) -> str:
    """Its layers, what the first of them looks for, and its graph."""
    graph = [picture(each) for each in evaluation.inside if each.name == "graph"]
    others = [picture(each) for each in evaluation.inside if each.name != "graph"]
    layers = table(
        "What each layer makes of one image, and how many numbers it has learnt.",
        ("layer", "output", "parameters"),
        _layers(evaluation.summary),
    )
    beside = f'<div class="side-by-side">{layers}{"".join(others)}</div>'
    return section("model", "Model", beside, *graph, *map(note, evaluation.notes))


def _layers(summary: Summary) -> Iterator[tuple[str, str, str]]:
    yield "image", _shape(summary.input_shapes[0]), ""
    for row in summary.rows:
        if row.depth and row.output_shapes:
            yield (
                f"{row.name} {row.kind}",
                ", ".join(map(_shape, row.output_shapes)),
                f"{row.parameters:,}" if row.parameters else "",
            )


def _shape(shape: tuple[int, ...]) -> str:
    """(1, 16, 14, 14) as `16 × 14 × 14`: of one image."""
    return " × ".join(map(str, shape[1:]))
