"""MNIST: 70,000 handwritten digits, 28x28, of which 10,000 are for the test.

Source: Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits", 1998.
"""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from .fetching.fetch import fetch
from .fetching.paths import fetch_paths
from .fetching.published import PublishedFile
from .idx import parse_idx, read_idx
from .images import ImageDataset
from .mapping import MappedIdx
from .transforms import Transform

MNIST_MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist",
    "https://storage.googleapis.com/cvdf-datasets/mnist",
    "http://yann.lecun.com/exdb/mnist",  # not encrypted; the checksums make that safe
)


class MNIST(ImageDataset):
    """The training or the test images of MNIST, an `ImageDataset`: float32 (1, 28, 28) from 0 to 1, int64 labels.

    The files come from `data_dir`, or else from the folder that the environment variable TAPEGRAD_DATA names, or else
    from the user's cache folder, which is filled from the mirrors where need be. Wherever they come from, their content
    is compared with the published SHA-256 before it is used.

    Args:
        train: the 60,000 training images; False for the 10,000 test images.
        data_dir: folder with the four files under their published names, gzip (`.gz`) or plain; or a folder for several
            data sets, in which a folder `mnist` has them.
        download: whether mirrors may be asked for what the cache lacks.
        mirrors: base URLs, asked in this order, in place of `default_mirrors`.
        stream: leave the images on disk, mapped into memory, and read those of a batch when it is made. Files that are
            gzip are unpacked into the cache folder once.
        transform: called with each batch; `transforms.Normalize(MNIST.mean, MNIST.std)` standardises.

    Raises:
        MissingFilesError: a file is missing in the folder named, or in the cache and `download` is False.
        ChecksumError: a file in the folder named is not the published one.
        DownloadError: no mirror gave a file.
        ImportError: no folder was named, and pooch or rich is not installed.

    Warns:
        CacheWarning: a corrupt file in the cache was downloaded again, or a file could not be kept there.
    """

    classes: ClassVar[int] = 10
    class_names: ClassVar[tuple[str, ...]] = tuple("0123456789")
    mean: ClassVar[float] = 0.1307
    std: ClassVar[float] = 0.3081

    name: ClassVar[str] = "mnist"
    default_mirrors: ClassVar[tuple[str, ...]] = MNIST_MIRRORS
    train_files: ClassVar[tuple[PublishedFile, PublishedFile]] = (
        PublishedFile(
            "train-images-idx3-ubyte", 47040016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"
        ),
        PublishedFile(
            "train-labels-idx1-ubyte", 60008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"
        ),
    )
    test_files: ClassVar[tuple[PublishedFile, PublishedFile]] = (
        PublishedFile(
            "t10k-images-idx3-ubyte", 7840016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"
        ),
        PublishedFile(
            "t10k-labels-idx1-ubyte", 10008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"
        ),
    )

    def __init__(
        self,
        train: bool = True,
        *,
        data_dir: str | os.PathLike[str] | None = None,
        download: bool = True,
        mirrors: Sequence[str] | None = None,
        stream: bool = False,
        transform: Transform | None = None,
    ) -> None:
        files = self.train_files if train else self.test_files
        mirrors = self.default_mirrors if mirrors is None else mirrors
        images: NDArray[np.uint8] | MappedIdx
        if stream:
            paths = fetch_paths(files, dataset=self.name, mirrors=mirrors, data_dir=data_dir, download=download)
            images, labels = MappedIdx(paths[0]), read_idx(paths[1])
        else:
            contents = fetch(files, dataset=self.name, mirrors=mirrors, data_dir=data_dir, download=download)
            images, labels = (
                parse_idx(io.BytesIO(content), file.name) for file, content in zip(files, contents, strict=True)
            )
        super().__init__(images, labels, white=255, transform=transform)
