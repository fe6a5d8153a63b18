"""KMNIST: 70,000 characters of old Japanese cursive script, one of each row of the syllabary, in MNIST's format.

Source: T. Clanuwat, M. Bober-Irizar, A. Kitamoto, A. Lamb, K. Yamamoto, D. Ha, "Deep learning for classical Japanese
literature", arXiv:1812.01718, 2018.
"""

from __future__ import annotations

from typing import ClassVar

from .fetching.published import PublishedFile, PublishedGzip
from .mnist import MNIST


class KMNIST(MNIST):
    """The training or the test images of KMNIST, in all like `MNIST`: float32 (1, 28, 28) from 0 to 1.

    Its files have the names of MNIST's, so a folder for both has a folder for each, `kmnist` and `mnist`. They are
    accepted as published, gzip: the checksums known are those of the gzip files.
    """

    class_names: ClassVar[tuple[str, ...]] = ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")
    mean: ClassVar[float] = 0.1918
    std: ClassVar[float] = 0.3483

    name: ClassVar[str] = "kmnist"
    default_mirrors: ClassVar[tuple[str, ...]] = (
        "http://codh.rois.ac.jp/kmnist/dataset/kmnist",  # not encrypted; the checksums make that safe
    )
    train_files: ClassVar[tuple[PublishedFile, PublishedFile]] = (
        PublishedGzip(
            "train-images-idx3-ubyte", 18165135, "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4"
        ),
        PublishedGzip(
            "train-labels-idx1-ubyte", 29497, "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17"
        ),
    )
    test_files: ClassVar[tuple[PublishedFile, PublishedFile]] = (
        PublishedGzip(
            "t10k-images-idx3-ubyte", 3041136, "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5"
        ),
        PublishedGzip(
            "t10k-labels-idx1-ubyte", 5120, "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c"
        ),
    )
