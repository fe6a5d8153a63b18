"""What is trained on: three data sets that share no image, made ready as the settings say."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from examples.mnist.models import find
from examples.mnist.settings import Settings, SettingsError
from examples.mnist.sources import SOURCES, Place, Source
from tapegrad.datasets import DataLoader, Dataset, DownloadError, Subset, random_split
from tapegrad.datasets.transforms import Compose, Contrast, Gamma, Normalize, Pad, Transform

__all__ = ["Data", "load", "preparation", "source_of"]


@dataclass(frozen=True)
class Data:
    """Three data sets that share no image. What they give is ready for a model: (images, labels of each head...).

    Attributes:
        name: where they come from: "MNIST".
        train: the published training images, less those for validation, chosen by the seed.
        validation: the others.
        test: the published test images.
        shape: (channels, height, width) of an image as a model gets it.
        classes: the names of the classes.
        heads: the names of a model's outputs, if there are several; else ().
        prepare: what was done to the images: pixels from 0 to 1, (N, 1, H, W) -> (N, *shape).
        not_mnist: why these data are not MNIST, though MNIST was asked for; None if they are what was asked for.
    """

    name: str
    train: Dataset
    validation: Dataset
    test: Dataset
    shape: tuple[int, ...]
    classes: tuple[str, ...]
    heads: tuple[str, ...]
    prepare: Transform
    not_mnist: str | None = None

    @property
    def background(self) -> float:
        """What a model gets where nothing is written."""
        return float(self.prepare(np.zeros((1, 1, 1, 1), np.float32)).flat[0])


def load(settings: Settings) -> Data:
    """The data that the settings name; Digits for MNIST if it lies nowhere and no mirror gives it.

    Raises:
        OSError, ValueError: a folder that was named has not all files, or damaged ones: then nothing stands in for it.
        SettingsError: the model is for two digits, and there are no such images of this source.
        ImportError: a library is missing; the message says how to get it.
    """
    source = source_of(settings)
    try:
        return _loaded(source, settings)
    except DownloadError as error:
        if source is not SOURCES["mnist"]:
            raise
        url, reason = error.reasons[0]
        others = f", and {len(error.reasons) - 1} more mirrors failed too" if len(error.reasons) > 1 else ""
        return _loaded(SOURCES["digits"], settings, f"{url}: {reason}{others}")


def source_of(settings: Settings) -> Source:
    """Where the images of these settings come from."""
    return SOURCES[settings.data]


def preparation(settings: Settings, source: Source | None = None) -> Transform:
    """What is done to all images before a model sees them: (N, 1, H, W) from 0 to 1 -> (N, 1, H + 2 pad, W + 2 pad).

    Args:
        source: where the images come from; None for what the settings name.
    """
    source = source or source_of(settings)
    steps: list[Transform] = []
    if settings.gamma != 1:
        steps.append(Gamma(settings.gamma))
    if settings.contrast != 1:
        steps.append(Contrast(settings.contrast))
    if settings.pad:
        steps.append(Pad(settings.pad))
    return Compose([*steps, Normalize(source.mean, source.std)])


def _loaded(source: Source, settings: Settings, not_mnist: str | None = None) -> Data:
    heads = find(settings.model).heads
    if heads and source.pairs is None:
        raise SettingsError(f"model {settings.model} is for two digits; {source.title} has no such images")
    of_source = source.pairs if heads and source.pairs is not None else source.load
    place = Place(Path(settings.data_dir) if settings.data_dir else None, settings.stream, settings.pairs)
    prepare = preparation(settings, source)
    images, test = (of_source(train, place, prepare) for train in (True, False))
    share = settings.validation_fraction
    train, validation = random_split(images, [1 - share, share], settings.seed)
    if settings.samples_per_class is not None:
        train = _first_of_each_class(train, settings.samples_per_class)
    name = f"two-digit {source.title}" if heads else source.title
    shape = test[np.arange(1)][0].shape[1:]
    return Data(name, train, validation, test, shape, source.classes, heads, prepare, not_mnist)


def _first_of_each_class(dataset: Subset, number: int) -> Subset:
    """So many images of each class, which of two is the upper one."""
    labels: Any = np.concatenate([batch[1] for batch in DataLoader(dataset, 1000)])
    rows = [np.flatnonzero(labels == label)[:number] for label in np.unique(labels)]
    return Subset(dataset, np.sort(np.concatenate(rows)))
