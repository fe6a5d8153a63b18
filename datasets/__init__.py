"""Data: fetched, verified, and dealt out in batches. Knows NumPy, and nothing of the engine.

`MNIST`, `FashionMNIST`, `KMNIST`, `EMNIST`, `TwoDigitMNIST` and `Digits` are data sets, `random_split` parts them,
`DataLoader` makes batches of them, `transforms` change these.
"""

from __future__ import annotations

if __name__ == "datasets":
    raise ModuleNotFoundError("this is a part of tapegrad: write `from tapegrad import datasets`", name=__name__)

from . import transforms as transforms
from .arrays import ArrayDataset as ArrayDataset, Dataset as Dataset
from .digits import Digits as Digits
from .emnist import EMNIST as EMNIST
from .errors import (
    CacheWarning as CacheWarning,
    ChecksumError as ChecksumError,
    DownloadError as DownloadError,
    IdxError as IdxError,
    MissingFilesError as MissingFilesError,
    WorkerError as WorkerError,
)
from .fashion_mnist import FashionMNIST as FashionMNIST
from .grids import sample_grid as sample_grid
from .idx import read_idx as read_idx, write_idx as write_idx
from .idx_dataset import IDXDataset as IDXDataset
from .images import ImageDataset as ImageDataset
from .kmnist import KMNIST as KMNIST
from .loader import DataLoader as DataLoader
from .mnist import MNIST as MNIST, MNIST_MIRRORS as MNIST_MIRRORS
from .splitting import (
    Subset as Subset,
    random_split as random_split,
    samples_per_class as samples_per_class,
)
from .two_digit_mnist import TwoDigitMNIST as TwoDigitMNIST

__all__ = [
    "MNIST",
    "MNIST_MIRRORS",
    "FashionMNIST",
    "KMNIST",
    "EMNIST",
    "TwoDigitMNIST",
    "Digits",
    "ImageDataset",
    "IDXDataset",
    "read_idx",
    "write_idx",
    "ArrayDataset",
    "Dataset",
    "Subset",
    "random_split",
    "samples_per_class",
    "DataLoader",
    "transforms",
    "sample_grid",
    "CacheWarning",
    "ChecksumError",
    "DownloadError",
    "IdxError",
    "MissingFilesError",
    "WorkerError",
]
