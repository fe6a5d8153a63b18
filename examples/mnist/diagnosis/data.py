"""Whether the data are those that were asked for, and look as they should."""

from __future__ import annotations

import numpy as np

from examples.mnist.diagnosis.finding import Finding
from examples.mnist.diagnosis.problem import Problem

__all__ = ["NO_DATA", "check_data"]

NO_DATA = (
    "download the four files of MNIST with a browser, put them into a folder (gzip or plain), and name it by "
    "--data-dir FOLDER or TAPEGRAD_DATA; behind a proxy, set HTTPS_PROXY; or take --data digits, which needs no network"
)
IMAGES = 2000
LEAST_SHARE = 0.3  # of the images that a class would have if all had as many


def check_data(problem: Problem) -> Finding:
    """Where they come from, how their pixels are scaled, and whether every class is there."""
    data = problem.data
    if data.not_mnist:
        return Finding("data", f"MNIST could not be downloaded ({data.not_mnist}); {data.name} stands in", NO_DATA)
    batch = problem.batch(min(IMAGES, len(data.train)))
    mean, std = float(batch.images.mean()), float(batch.images.std())
    says = f"{data.name}, {len(data.train):,} training images; pixels with mean {mean:.2f}, deviation {std:.2f}"
    if abs(mean) > 0.5 or not 0.5 < std < 2:
        return Finding(
            "data", says,
            "models learn best from pixels with mean 0 and deviation 1: take back --gamma, --contrast or --pad",
        )  # fmt: skip
    for labels in batch.labels:
        counts = np.bincount(labels, minlength=len(data.classes))
        if counts.min() < LEAST_SHARE * len(labels) / len(data.classes):
            name = data.classes[counts.argmin()]
            return Finding(
                "data", f"{says}; of class {name} there are only {counts.min()} in {len(labels):,}",
                "train on as many images of each class: --samples-per-class, without a --data-dir of your own",
            )  # fmt: skip
    return Finding("data", says)
