"""Data: fetched, verified, and dealt out in batches. Knows NumPy, and nothing of the engine.

`MNIST` and `Digits` are data sets, `random_split` parts them, `DataLoader` makes batches of them.
"""

from __future__ import annotations

if __name__ == "datasets":
    raise ModuleNotFoundError("this is a part of tapegrad: write `from tapegrad import datasets`", name=__name__)

from . import transforms as transforms
from .arrays import ArrayDataset as ArrayDataset, Dataset as Dataset
from .digits import Digits as Digits
from .errors import (
    CacheWarning as CacheWarning,
    ChecksumError as ChecksumError,
    DownloadError as DownloadError,
    IdxError as IdxError,
    MissingFilesError as MissingFilesError,
)
from .idx import read_idx as read_idx
from .images import ImageDataset as ImageDataset
from .loader import DataLoader as DataLoader
from .mnist import MNIST as MNIST, MNIST_MIRRORS as MNIST_MIRRORS
from .splitting import Subset as Subset, random_split as random_split

__all__ = [
    "MNIST",
    "MNIST_MIRRORS",
    "Digits",
    "ImageDataset",
    "read_idx",
    "ArrayDataset",
    "Dataset",
    "Subset",
    "random_split",
    "DataLoader",
    "transforms",
    "CacheWarning",
    "ChecksumError",
    "DownloadError",
    "IdxError",
    "MissingFilesError",
]
