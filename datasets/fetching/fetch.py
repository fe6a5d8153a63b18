"""Where data lie: a folder that the user names, else the user's cache, else the mirrors."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from pathlib import Path

from ..errors import CacheWarning, ChecksumError, MissingFilesError
from ..optional import import_optional
from .download import TIMEOUT, download as download_file
from .placing import write_atomically
from .progress import progress_bars
from .published import PublishedFile

ENVIRONMENT_VARIABLE = "TAPEGRAD_DATA"
_CALLER = 4  # stack level of the code that makes the data set, which calls `fetch`


def fetch(
    files: Sequence[PublishedFile],
    *,
    dataset: str,
    mirrors: Sequence[str],
    data_dir: str | os.PathLike[str] | None = None,
    download: bool = True,
    cache_dir: str | os.PathLike[str] | None = None,
    timeout: float = TIMEOUT,
) -> list[bytearray]:
    """Return the verified, decompressed contents of `files`, in their order.

    A folder named by `data_dir` or else by the environment variable TAPEGRAD_DATA must have all of them; nothing is
    downloaded then. Without one they come from the cache, and those that it lacks from the mirrors, into the cache.

    Args:
        files: what to find.
        dataset: name of its folder in the cache, and in a folder for several data sets.
        mirrors: base URLs, asked in this order.
        data_dir: folder with the files, gzip or plain, or with a folder of the data set's name that has them.
        download: whether mirrors may be asked.
        cache_dir: in place of the user's cache folder.
        timeout: seconds without a connection or without a byte, after which the next mirror is asked.

    Raises:
        MissingFilesError: a named folder lacks files, or the cache does and `download` is False.
        ChecksumError: a file in a named folder is not the published one, or one in the cache and `download` is False.
        DownloadError: no mirror gave a file. The cache is as it was, with the files that did come.

    Warns:
        CacheWarning: a file in the cache is corrupt and is downloaded again, or a file could not be kept there.
    """
    if found := named_folder(data_dir, files, dataset):
        return [_verified(path, file) for path, file in zip(found, files, strict=True)]

    cache = cache_folder(dataset, cache_dir)
    contents: dict[PublishedFile, bytearray] = {}
    for file in files:
        if (content := _from_cache(cache, file, download)) is not None:
            contents[file] = content
    missing = [file for file in files if file not in contents]
    if missing and not download:
        raise MissingFilesError(f"{lacks(cache, missing)}; download=False forbids to fetch them")
    if missing:
        contents |= _from_mirrors(missing, mirrors, cache, timeout)
    return [contents[file] for file in files]


def named_folder(data_dir: str | os.PathLike[str] | None, files: Sequence[PublishedFile], dataset: str) -> list[Path]:
    """Return where `files` lie in the folder that the user names, not verified; an empty list if none is named.

    A folder for several data sets has one for each in it, named as in the cache: that one is looked into.

    Raises:
        MissingFilesError: the folder lacks files, or is none.
    """
    named, named_by = data_dir, "data_dir"
    if named is None:
        named, named_by = os.environ.get(ENVIRONMENT_VARIABLE) or None, ENVIRONMENT_VARIABLE
    if named is None:
        return []
    folder = Path(named).expanduser()
    if not folder.is_dir():
        raise MissingFilesError(f"{folder}, named by {named_by}, is not a folder")
    if (folder / dataset).is_dir():
        folder /= dataset
    found = [in_folder(folder, file) for file in files]
    if missing := [file for file, path in zip(files, found, strict=True) if path is None]:
        raise MissingFilesError(f"{lacks(folder, missing)}; the folder is named by {named_by}")
    return [path for path in found if path is not None]


def in_folder(folder: Path, file: PublishedFile) -> Path | None:
    """Return the first of the file's names that lies in the folder, None if none does."""
    return next((folder / name for name in file.names if (folder / name).is_file()), None)


def lacks(folder: Path, files: Sequence[PublishedFile]) -> str:
    """Say what a folder lacks."""
    return f"{folder} lacks " + ", ".join(f"{file.name} (looked for {' and '.join(file.names)})" for file in files)


def cache_folder(dataset: str, cache_dir: str | os.PathLike[str] | None) -> Path:
    """Return the cache's folder for a data set."""
    return (import_optional("pooch").os_cache("tapegrad") if cache_dir is None else Path(cache_dir)) / dataset


def _verified(path: Path, file: PublishedFile) -> bytearray:
    with path.open("rb") as stream:
        return file.verified(stream, str(path))


def _from_cache(cache: Path, file: PublishedFile, download: bool) -> bytearray | None:
    try:
        path = in_folder(cache, file)
        return None if path is None else _verified(path, file)
    except ChecksumError as error:
        if not download:
            raise
        warnings.warn(f"corrupt file in the cache, downloading it again: {error}", CacheWarning, stacklevel=_CALLER)
        return None


def _from_mirrors(
    files: Sequence[PublishedFile], mirrors: Sequence[str], cache: Path, timeout: float
) -> dict[PublishedFile, bytearray]:
    contents = {}
    with progress_bars() as new_bar:
        for file in files:
            kept, good = download_file(file, mirrors, new_bar, timeout=timeout)
            contents[file] = file.content_of(kept)
            mirrors = [good, *(mirror for mirror in mirrors if mirror != good)]  # dead ones cost a timeout each
            try:
                write_atomically(cache / file.kept_as, kept)
            except OSError as error:
                warnings.warn(
                    f"{file.kept_as} could not be kept in the cache: {error}", CacheWarning, stacklevel=_CALLER
                )
    return contents
