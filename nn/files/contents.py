"""What a file is, by its first bytes: for the error that says why it is not loaded."""

from __future__ import annotations

from pathlib import Path

__all__ = ["PICKLES", "TO_CONVERT", "recognized"]

PICKLES = (".bin", ".ckpt", ".pickle", ".pkl", ".pt", ".pth")
TO_CONVERT = (
    "a pickle can run any program when it is loaded, so none is; where the model is, convert it with "
    "safetensors.torch.save_file(model.state_dict(), 'model.safetensors')"
)
_SAFETENSORS = "a .safetensors file"
_ZIP = "a zip archive, like .npz files and PyTorch's own"
_KINDS = (
    *((bytes([0x80, protocol]), f"a pickle: {TO_CONVERT}") for protocol in (2, 3, 4, 5)),
    (b"PK\x03\x04", _ZIP),
    (b"\x93NUMPY", "a single array, an .npy file"),
    (b"\x89HDF\r\n", "an HDF5 file"),
    (b"GGUF", "a GGUF file"),
    (b"\x1f\x8b", "compressed with gzip"),
    (b"version https://git-lfs", "a pointer of Git LFS to the file, which `git lfs pull` fetches"),
    (b"<", "a page of HTML or XML"),
)


def recognized(path: Path) -> str | None:
    """The kind of file, if it is one that is often taken for weights, and not the one that its suffix promises."""
    with path.open("rb") as file:
        head = file.read(32)
    if not head:
        return "an empty file"
    likely = _SAFETENSORS if head[8:9] == b"{" else None
    kind = next((kind for start, kind in _KINDS if head.startswith(start)), likely)
    return None if kind == {".safetensors": _SAFETENSORS, ".npz": _ZIP}.get(path.suffix.lower()) else kind
