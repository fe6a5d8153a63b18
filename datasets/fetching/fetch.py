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
        dataset: name of the folder in the cache.
        mirrors: base URLs, asked in this order.
        data_dir: folder with the files, gzip or plain.
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
    if data_dir is not None:
        return _from_named_folder(Path(data_dir), "data_dir", files)
    if named := os.environ.get(ENVIRONMENT_VARIABLE):
        return _from_named_folder(Path(named), ENVIRONMENT_VARIABLE, files)

    cache = (import_optional("pooch").os_cache("tapegrad") if cache_dir is None else Path(cache_dir)) / dataset
    contents: dict[PublishedFile, bytearray] = {}
    for file in files:
        if (content := _from_cache(cache, file, download)) is not None:
            contents[file] = content
    missing = [file for file in files if file not in contents]
    if missing and not download:
        raise MissingFilesError(f"{_lacks(cache, missing)}; download=False forbids to fetch them")
    if missing:
        contents |= _from_mirrors(missing, mirrors, cache, timeout)
    return [contents[file] for file in files]


def _from_named_folder(folder: Path, named_by: str, files: Sequence[PublishedFile]) -> list[bytearray]:
    folder = folder.expanduser()
    if not folder.is_dir():
        raise MissingFilesError(f"{folder}, named by {named_by}, is not a folder")
    contents = [_from_folder(folder, file) for file in files]
    if missing := [file for file, content in zip(files, contents, strict=True) if content is None]:
        raise MissingFilesError(f"{_lacks(folder, missing)}; the folder is named by {named_by}")
    return [content for content in contents if content is not None]


def _from_folder(folder: Path, file: PublishedFile) -> bytearray | None:
    """Return the content of the first of the file's names that lies in the folder, None if none does."""
    for name in file.names:
        if (path := folder / name).is_file():
            with path.open("rb") as stream:
                return file.verified(stream, str(path))
    return None


def _lacks(folder: Path, files: Sequence[PublishedFile]) -> str:
    return f"{folder} lacks " + ", ".join(f"{file.name} (looked for {' and '.join(file.names)})" for file in files)


def _from_cache(cache: Path, file: PublishedFile, download: bool) -> bytearray | None:
    try:
        return _from_folder(cache, file)
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
            contents[file], good = download_file(file, mirrors, new_bar, timeout=timeout)
            mirrors = [good, *(mirror for mirror in mirrors if mirror != good)]  # dead ones cost a timeout each
            try:
                write_atomically(cache / file.name, contents[file])
            except OSError as error:
                warnings.warn(f"{file.name} could not be kept in the cache: {error}", CacheWarning, stacklevel=_CALLER)
    return contents
