"""What is told of each output of the model."""

from __future__ import annotations

from html import escape

from examples.mnist.report.evaluation import Head
from examples.mnist.report.page.pieces import percent, picture, pictures, png, section, table

__all__ = ["head_sections"]

SHOWN = 60  # mistakes


def head_sections(head: Head) -> str:
    """By class, how sure the model is, and what it got wrong."""
    name = head.predictions.head
    start, of = (f"{name}-", f", {name} digit") if name else ("", "")
    drawn = head.pictures
    classes = f'<div class="side-by-side">{_by_class(head)}{picture(drawn["confusion"])}</div>'
    return "\n".join(
        (
            section(f"{start}classes", f"By class{of}", classes),
            section(f"{start}confidence", f"How sure it is{of}", pictures([drawn["confidence"], drawn["reliability"]])),
            section(f"{start}mistakes", f"What it got wrong{of}", _mistakes(head)),
        )
    )


def _by_class(head: Head) -> str:
    by, name = head.measures.by_class, head.predictions.name
    columns = zip(by.precision, by.recall, by.f1, by.support, strict=True)
    return table(
        "Precision: how much of what it calls a class is one. Recall: how much of a class it finds. F1: both.",
        ("class", "precision", "recall", "F1", "images"),
        ((name(i), *map(percent, shares), f"{images:,}") for i, (*shares, images) in enumerate(columns)),
    )


def _mistakes(head: Head) -> str:
    total = len(head.predictions.mistakes)
    chosen = head.predictions.mistakes[:SHOWN]
    if not total:
        return "<p>Nothing: every image was recognised.</p>"
    which = f"the {SHOWN} of which it was surest" if len(chosen) < total else "all of them"
    images = "\n".join(_mistake(head, int(i)) for i in chosen)
    return f"""<p>{total:,} images: {which}, with label, prediction and its probability.</p>
<ul class="mistakes">
{images}
</ul>"""


def _mistake(head: Head, i: int) -> str:
    said = head.predictions
    share = f"{100 * said.confidence[i]:.0f} %"
    label, predicted = (escape(said.name(each[i])) for each in (said.labels, said.predicted))
    return (
        f'<li><img src="{png(said.images[i])}" alt="{label}, taken for {predicted}" title="test image {i}">'
        f'<span><b>{label}</b> → <b class="wrong">{predicted}</b> <small>{share}</small></span>'
        "</li>"
    )
