"""EMNIST: handwritten letters and digits in MNIST's format, up to 814,255 of them.

Source: G. Cohen, S. Afshar, J. Tapson, A. van Schaik, "EMNIST: an extension of MNIST to handwritten letters",
arXiv:1702.05373, 2017.
"""

from __future__ import annotations

import io
import os
import string
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar

from .fetching.archives import fetch_members
from .fetching.published import PublishedArchive
from .idx import parse_idx
from .images import ImageDataset
from .transforms import Transform

_ALL = string.digits + string.ascii_uppercase + string.ascii_lowercase
_MERGED = string.digits + string.ascii_uppercase + "abdefghnqrt"  # the other small letters look like their capitals


class EMNIST(ImageDataset):
    """The training or the test images of one split of EMNIST, float32 (1, 28, 28) from 0 to 1, and int64 labels.

    | split      | classes                                                            | training | test    |
    |------------|--------------------------------------------------------------------|----------|---------|
    | `byclass`  | 62: digits, capitals, small letters                                | 697,932  | 116,323 |
    | `bymerge`  | 47: small letters that look like their capitals count as these     | 697,932  | 116,323 |
    | `balanced` | the same 47, each as often                                         | 112,800  | 18,800  |
    | `letters`  | 26: each letter, capital or small                                  | 124,800  | 20,800  |
    | `digits`   | 10 digits, each as often                                           | 240,000  | 40,000  |
    | `mnist`    | 10 digits, as many as MNIST has                                    | 60,000   | 10,000  |

    `dataset.class_names[label]` is the character. Labels count from 0 in every split: the published ones of `letters`
    count from 1. Images are upright: the published ones are transposed.

    All splits come in one archive of 562 MB, `gzip.zip`, from `data_dir`, or else from the folder that the environment
    variable TAPEGRAD_DATA names, or else from the cache, which is filled from the mirrors where need be. Its SHA-256 is
    verified before it is used.

    Args:
        split: one of these six.
        train: the training images; False for the test images.
        data_dir: folder with `gzip.zip`; or a folder for several data sets, in which a folder `emnist` has it.
        download: whether mirrors may be asked if it is not in the cache.
        mirrors: base URLs, asked in this order, in place of `default_mirrors`.
        transform: called with each batch.

    Raises:
        ValueError: there is no such split.
        MissingFilesError: the archive is missing in the folder named, or in the cache and `download` is False.
        ChecksumError: the archive in the folder named is not the published one.
        DownloadError: no mirror gave the archive.
        OSError: the cache cannot be written to.
        ImportError: no folder was named, and pooch or rich is not installed.

    Warns:
        CacheWarning: a corrupt archive in the cache was downloaded again.
    """

    splits: ClassVar[Mapping[str, tuple[str, ...]]] = MappingProxyType(
        {
            "byclass": tuple(_ALL),
            "bymerge": tuple(_MERGED),
            "balanced": tuple(_MERGED),
            "letters": tuple(string.ascii_lowercase),
            "digits": tuple(string.digits),
            "mnist": tuple(string.digits),
        }
    )

    name: ClassVar[str] = "emnist"
    default_mirrors: ClassVar[tuple[str, ...]] = (
        "https://biometrics.nist.gov/cs_links/EMNIST",
        "https://www.itl.nist.gov/iaui/vip/cs_links/EMNIST",
    )
    archive: ClassVar[PublishedArchive] = PublishedArchive(
        "gzip.zip", 561753746, "fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e"
    )

    def __init__(
        self,
        split: str,
        train: bool = True,
        *,
        data_dir: str | os.PathLike[str] | None = None,
        download: bool = True,
        mirrors: Sequence[str] | None = None,
        transform: Transform | None = None,
    ) -> None:
        if split not in self.splits:
            raise ValueError(f"split: expected one of {', '.join(self.splits)}; got {split!r}")
        part = "train" if train else "test"
        members = [f"emnist-{split}-{part}-images-idx3-ubyte", f"emnist-{split}-{part}-labels-idx1-ubyte"]
        contents = fetch_members(
            self.archive,
            members,
            dataset=self.name,
            mirrors=self.default_mirrors if mirrors is None else mirrors,
            data_dir=data_dir,
            download=download,
        )
        images, labels = (
            parse_idx(io.BytesIO(content), member) for member, content in zip(members, contents, strict=True)
        )
        first = 1 if split == "letters" else 0
        super().__init__(images.transpose(0, 2, 1), labels - first, white=255, transform=transform)
        self.split = split
        self.class_names = self.splits[split]
        self.classes = len(self.class_names)
