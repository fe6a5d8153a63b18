"""How sure the model was, of what it got right and of what it got wrong."""

from __future__ import annotations

import numpy as np

from examples.mnist.report.pictures.picture import Picture
from examples.mnist.report.predictions import Predictions
from examples.mnist.report.theme import RIGHT, WRONG, figure, svg

__all__ = ["confidence"]

BINS = 20
SURE = 0.99


def confidence(predictions: Predictions) -> Picture:
    """Two histograms of the likeliest class's probability, on a logarithmic axis that shows few mistakes among many."""
    edges = np.linspace(0, 1, BINS + 1)
    sure = predictions.confidence
    groups = ((sure[predictions.right], RIGHT, "right"), (sure[~predictions.right], WRONG, "wrong"))
    with figure() as (drawn, axes):
        for (values, colour, name), side in zip(groups, (-0.25, 0.25), strict=True):
            counts, _ = np.histogram(values, edges)
            places = (edges[:-1] + edges[1:]) / 2 + side / BINS
            axes.bar(places, counts, 0.42 / BINS, color=colour, label=f"{name}: {len(values):,}")
        axes.set(xlabel="probability of the predicted class", ylabel="images", xlim=(0, 1))
        axes.set_yscale("symlog", linthresh=1)
        axes.set_ylim(0, max(10, 2 * len(sure)))
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        axes.grid(axis="x", visible=False)
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
        share = float(np.mean(sure > SURE))
        caption = (
            f"The model is more than 99 % sure of {100 * share:.1f} % of the images, and wrong about "
            f"{np.count_nonzero(~predictions.right & (sure > SURE)):,} of these. The axis is logarithmic."
        )
        return Picture("confidence", "Confidence", caption, svg(drawn))
