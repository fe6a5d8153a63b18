"""The page as a whole: its frame, its head line and its foot."""

from __future__ import annotations

from html import escape
from pathlib import Path

from examples.mnist.report.evaluation import Evaluation
from examples.mnist.report.page.heads import head_sections
from examples.mnist.report.page.model import model_section
from examples.mnist.report.page.pieces import note, percent, pictures, section

__all__ = ["page"]

STYLE = Path(__file__).with_name("page.css")
NOTHING_FROM_OUTSIDE = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def page(evaluation: Evaluation) -> str:
    """The text of the HTML file."""
    title = f"{evaluation.name} on {evaluation.data}: {percent(evaluation.all_right)}"
    parts = [_header(evaluation), *map(head_sections, evaluation.heads)]
    if evaluation.training:
        parts.append(section("training", "Training", pictures(evaluation.training)))
    parts += [model_section(evaluation), FOOTER]
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="{NOTHING_FROM_OUTSIDE}">
<link rel="icon" href="data:,">
<title>{escape(title)}</title>
<style>
{STYLE.read_text(encoding="utf-8")}</style>
</head>
<body>
<main>
{chr(10).join(parts)}
</main>
</body>
</html>
"""


def _header(evaluation: Evaluation) -> str:
    cards = "\n".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in _cards(evaluation).items()
    )
    return f"""<header>
<p class="eyebrow">{escape(evaluation.name)} on {escape(evaluation.data)}</p>
<h1>{percent(evaluation.all_right)}</h1>
<p class="lead">{_lead(evaluation)}</p>
{note(evaluation.warning) if evaluation.warning else ""}
<dl class="cards">
{cards}
</dl>
</header>"""


def _lead(evaluation: Evaluation) -> str:
    """The sentence that the large figure begins."""
    measures = evaluation.heads[0].measures
    if len(evaluation.heads) > 1:
        return f"of {measures.images:,} test images are read right by every head."
    low, high = measures.interval
    return (
        f"of {measures.images:,} test images are recognised; on more images like these it would, with 95 % confidence, "
        f"be between {percent(low)} and {percent(high)}."
    )


def _cards(evaluation: Evaluation) -> dict[str, str]:
    """The figures at a glance."""
    first, *others = evaluation.heads
    figures = {
        "wrong": f"{first.measures.mistakes:,}",
        "loss": f"{first.measures.loss:.4f}",
        "calibration error": percent(first.measures.calibration_error),
    }
    if others:
        figures = {head.predictions.head: percent(head.measures.accuracy) for head in evaluation.heads}
    return figures | {"parameters": f"{evaluation.parameters:,}"} | evaluation.facts


FOOTER = """<footer>
<p>Beside this page lie its pictures (SVG), the figures for machines (<code>evaluation.json</code>) and as text
(<code>evaluation.txt</code>). It needs none of them. Made with tapegrad.</p>
</footer>"""
