"""FashionMNIST: 70,000 pictures of clothes in MNIST's format, a harder exercise for the same code.

Source: H. Xiao, K. Rasul, R. Vollgraf, "Fashion-MNIST: a novel image dataset for benchmarking machine learning
algorithms", arXiv:1708.07747, 2017.
"""

from __future__ import annotations

from typing import ClassVar

from .fetching.published import PublishedFile, PublishedGzip
from .mnist import MNIST


class FashionMNIST(MNIST):
    """The training or the test images of FashionMNIST, in all like `MNIST`: float32 (1, 28, 28) from 0 to 1.

    Its files have the names of MNIST's, so a folder for both has a folder for each, `fashion_mnist` and `mnist`. They
    are accepted as published, gzip: their authors tell the checksums of those.
    """

    class_names: ClassVar[tuple[str, ...]] = (
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    )
    mean: ClassVar[float] = 0.2860
    std: ClassVar[float] = 0.3530

    name: ClassVar[str] = "fashion_mnist"
    default_mirrors: ClassVar[tuple[str, ...]] = (
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion",
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com",  # not encrypted; the checksums make that safe
    )
    train_files: ClassVar[tuple[PublishedFile, PublishedFile]] = (
        PublishedGzip(
            "train-images-idx3-ubyte", 26421880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"
        ),
        PublishedGzip(
            "train-labels-idx1-ubyte", 29515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"
        ),
    )
    test_files: ClassVar[tuple[PublishedFile, PublishedFile]] = (
        PublishedGzip(
            "t10k-images-idx3-ubyte", 4422102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"
        ),
        PublishedGzip(
            "t10k-labels-idx1-ubyte", 5148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"
        ),
    )
