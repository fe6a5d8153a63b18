"""Files that are published inside of one large archive: it is kept on disk, and never wholly in memory."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from pathlib import Path

from ..errors import CacheWarning, ChecksumError, MissingFilesError
from .download import TIMEOUT, download_into
from .fetch import cache_folder, lacks, named_folder
from .placing import placed_whole
from .progress import progress_bars
from .published import PublishedArchive

_CALLER = 3  # stack level of the code that makes the data set, which calls `fetch_members`


def fetch_members(
    archive: PublishedArchive,
    members: Sequence[str],
    *,
    dataset: str,
    mirrors: Sequence[str],
    data_dir: str | os.PathLike[str] | None = None,
    download: bool = True,
    cache_dir: str | os.PathLike[str] | None = None,
    timeout: float = TIMEOUT,
) -> list[bytearray]:
    """Return the decompressed contents of members of an archive, which is verified first.

    The archive comes from where `fetch` would find it. A mirror's is written straight into the cache.

    Args:
        members: names of gzip files in the archive, without folders and `.gz`.
        archive, dataset, mirrors, data_dir, download, cache_dir, timeout: as the files and the others of `fetch`.

    Raises:
        MissingFilesError, ChecksumError, DownloadError: as for `fetch`.
        OSError: the cache cannot be written to.

    Warns:
        CacheWarning: the archive in the cache is corrupt and is downloaded again.
    """
    if found := named_folder(data_dir, [archive], dataset):
        return _verified_members(found[0], archive, members)

    path = cache_folder(dataset, cache_dir) / archive.kept_as
    if path.is_file():
        try:
            return _verified_members(path, archive, members)
        except ChecksumError as error:
            if not download:
                raise
            warnings.warn(f"corrupt file in the cache, downloading it again: {error}", CacheWarning, stacklevel=_CALLER)
    elif not download:
        raise MissingFilesError(f"{lacks(path.parent, [archive])}; download=False forbids to fetch it")

    with progress_bars() as new_bar, placed_whole(path) as file:
        download_into(file, archive, mirrors, new_bar, timeout=timeout)
    return _verified_members(path, archive, members)


def _verified_members(path: Path, archive: PublishedArchive, members: Sequence[str]) -> list[bytearray]:
    with path.open("rb") as file:
        for _ in archive.chunks(file, str(path)):
            pass
        return archive.members(file, members)
