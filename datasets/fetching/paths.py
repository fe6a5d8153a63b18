"""Published files as plain files on disk, which can be mapped into memory."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from ..content import open_content
from ..errors import ChecksumError, MissingFilesError
from .fetch import cache_folder, fetch, in_folder, lacks, named_folder
from .placing import placed_whole
from .published import PublishedFile


def fetch_paths(
    files: Sequence[PublishedFile],
    *,
    dataset: str,
    mirrors: Sequence[str],
    data_dir: str | os.PathLike[str] | None = None,
    download: bool = True,
    cache_dir: str | os.PathLike[str] | None = None,
) -> list[Path]:
    """Return where the contents of `files` lie, verified and not compressed, in their order.

    They come from where `fetch` finds them. What is gzip there is unpacked into the cache, once.

    Args, Raises, Warns: as for `fetch`; and
        MissingFilesError: a file that was downloaded could not be kept in the cache.
    """
    found: Sequence[Path | None] = named_folder(data_dir, files, dataset)
    if not found:
        cache = cache_folder(dataset, cache_dir)
        if not all(_is_published(cache / file.name, file) for file in files):
            fetch(files, dataset=dataset, mirrors=mirrors, download=download, cache_dir=cache_dir)
        found = [in_folder(cache, file) for file in files]
    if missing := [file for file, path in zip(files, found, strict=True) if path is None]:
        raise MissingFilesError(f"{lacks(cache, missing)}, and they are mapped into memory from there")
    return [_plain(path, file, dataset, cache_dir) for path, file in zip(found, files, strict=True) if path is not None]


def _plain(path: Path, file: PublishedFile, dataset: str, cache_dir: str | os.PathLike[str] | None) -> Path:
    with path.open("rb") as stream:
        gzipped = open_content(stream)[0] is not stream
        unpacked = cache_folder(dataset, cache_dir) / file.name if gzipped else path
        if gzipped and not _is_published(unpacked, file):
            with placed_whole(unpacked) as plain:
                plain.writelines(file.chunks(stream, str(path)))
        elif not gzipped:
            for _ in file.chunks(stream, str(path)):
                pass
    return unpacked


def _is_published(path: Path, file: PublishedFile) -> bool:
    """Whether the published content lies at `path`, not compressed."""
    try:
        with path.open("rb") as stream:
            for _ in file.chunks(stream, str(path)):
                pass
            return open_content(stream)[0] is stream
    except (OSError, ChecksumError):
        return False
