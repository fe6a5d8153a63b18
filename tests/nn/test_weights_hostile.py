"""Files that are damaged, or made to do harm: one error, that names the file; nothing is run, memory is bounded."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tapegrad import nn
from tapegrad.nn import WeightsError

WEIGHTS: dict[str, Any] = {"weight": np.ones((2, 3), np.float32), "bias": np.zeros(2), "mask": np.array([True, False])}
both_formats = pytest.mark.parametrize("suffix", [".safetensors", ".npz"])
# What `pickle.dumps` gives of an object whose __reduce__ says os.mkdir("ran"): loaded, it makes the folder.
PICKLE = b"cposix\nmkdir\n(S'ran'\ntR."


def safetensors(header: Any, body: bytes = b"", length: int | None = None) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return (len(text) if length is None else length).to_bytes(8, "little") + text + body


def tensor(shape: list[int], start: int, stop: int, dtype: str = "F32") -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, stop]}


def npy(header: str, body: bytes = b"", version: int = 1) -> bytes:
    text = header.encode() + b"\n"
    return b"\x93NUMPY" + bytes([version, 0]) + len(text).to_bytes(2 if version == 1 else 4, "little") + text + body


def described(descr: str, shape: str) -> str:
    return f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}}}"


def npz(members: Mapping[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def npz_with_a_name_twice() -> bytes:
    return npz({"a.npy": npy(described("'<f4'", "(1,)"), b"1234"), "b.npy": npy("")}).replace(b"b.npy", b"a.npy")


def overlapping_npz() -> bytes:
    """Two entries that lead to the same bytes."""
    content = npz({"a.npy": npy(described("'|u1'", "(9999,)"), bytes(9999)), "b.npy": b""})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        second = archive.getinfo("b.npy")
    entry = content.rindex(b"PK\x01\x02")
    first = content.index(b"PK\x01\x02")
    sizes = content[first + 16 : first + 28]  # checksum, packed, unpacked
    assert second.header_offset
    return content[: entry + 16] + sizes + content[entry + 28 : entry + 42] + bytes(4) + content[entry + 46 :]


def encrypted_npz() -> bytes:
    content = bytearray(npz({"a.npy": npy(described("'<f4'", "(1,)"), b"1234")}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


FLOAT = npy(described("'<f4'", "(1,)"), b"1234")
ONE = {"a.npy": FLOAT}
# file content by suffix, and what the error says of it
HOSTILE: dict[str, tuple[str, bytes, str]] = {
    "empty": (".safetensors", b"", "an empty file"),
    "header beyond the end": (".safetensors", safetensors({}, length=99), "should have 99 bytes, and 2 follow"),
    "header of 2**63 bytes": (".safetensors", safetensors({}, length=2**63), "should have 9223372036854775808 bytes"),
    "huge header": (".safetensors", safetensors(b"{}" + b" " * 2**24), "more than 16777216 are not read"),
    "no JSON": (".safetensors", safetensors(b"{no}"), "invalid JSON"),
    "a list": (".safetensors", safetensors([]), "invalid"),
    "deep JSON": (".safetensors", safetensors(b"[" * 10**6), "invalid"),
    "overlap": (
        ".safetensors",
        safetensors({"a": tensor([2], 0, 8), "b": tensor([1], 4, 8)}, bytes(8)),
        "invalid offset",
    ),
    "the same bytes": (
        ".safetensors",
        safetensors({"a": tensor([1], 0, 4), "b": tensor([1], 0, 4)}, bytes(4)),
        "invalid offset",
    ),
    "a gap": (".safetensors", safetensors({"a": tensor([1], 4, 8)}, bytes(8)), "invalid offset"),
    "bytes left over": (".safetensors", safetensors({"a": tensor([1], 0, 4)}, bytes(8)), "not fully covered"),
    "wrong size": (
        ".safetensors",
        safetensors({"a": tensor([3], 0, 4)}, bytes(4)),
        "invalid shape",
    ),
    "overflow": (".safetensors", safetensors({"a": tensor([2**62, 2**62], 0, 4)}, bytes(4)), "overflow"),
    "absurd and empty": (".safetensors", safetensors({"a": tensor([0, 2**62], 0, 0)}), "too big"),
    "negative": (".safetensors", safetensors({"a": tensor([-1], 0, 4)}, bytes(4)), "invalid"),
    "80 axes": (".safetensors", safetensors({"a": tensor([1] * 80, 0, 4)}, bytes(4)), "64"),
    "name twice": (
        ".safetensors",
        safetensors(b'{"a":%b,"a":%b}' % ((json.dumps(tensor([1], 0, 4)).encode(),) * 2), bytes(4)),
        "'a' is there twice",
    ),
    "bfloat16": (".safetensors", safetensors({"a": tensor([2], 0, 4, "BF16")}, bytes(4)), r"'a' is BF16.*\.float\(\)"),
    "float8": (".safetensors", safetensors({"a": tensor([4], 0, 4, "F8_E4M3")}, bytes(4)), "'a' is F8_E4M3"),
    "odd booleans": (".safetensors", safetensors({"a": tensor([1], 0, 1, "BOOL")}, b"\2"), "neither 0 nor 1"),
    "notes not text": (".safetensors", safetensors({"__metadata__": {"a": 1}}), "expected a string"),
    "pickle": (".safetensors", b"\x80\x04" + PICKLE, "looks like a pickle: .*safetensors.torch.save_file"),
    "zip": (".safetensors", npz(ONE), "looks like a zip archive"),
    "git-lfs": (".safetensors", b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
    "a page": (".safetensors", b"<!DOCTYPE html><html>not found</html>", "HTML"),
    "empty npz": (".npz", b"", "an empty file"),
    "safetensors npz": (".npz", safetensors({}, length=2), "looks like a .safetensors file"),
    "pickle npz": (".npz", b"\x80\x04" + PICKLE, "looks like a pickle"),
    "PyTorch's zip": (".npz", npz({"archive/data.pkl": b"\x80\x02" + PICKLE}), "'archive/data.pkl', which is no array"),
    "npy npz": (".npz", FLOAT, "looks like a single array"),
    "bomb": (".npz", npz({"a.npy": bytes(10**8)}, zipfile.ZIP_DEFLATED), "would unpack to 100000000"),
    "other compression": (".npz", npz(ONE, zipfile.ZIP_LZMA), "compressed in another way"),
    "encrypted": (".npz", encrypted_npz(), "is encrypted"),
    "overlapping npz": (".npz", overlapping_npz(), "overlap"),
    "npz name twice": (".npz", npz_with_a_name_twice(), "'a.npy' is there twice"),
    "path": (".npz", npz({"../../a.npy": FLOAT}), "is no name for an array"),
    "absolute path": (".npz", npz({"/etc/a.npy": FLOAT}), "is no name for an array"),
    "objects": (".npz", npz({"a.npy": npy(described("'|O'", "()"), b"\x80\x04" + PICKLE)}), "'a' is object"),
    "strings": (".npz", npz({"a.npy": npy(described("'<U1'", "(1,)"), bytes(4))}), "'a' is <U1"),
    "records": (".npz", npz({"a.npy": npy(described("[('x', '<f4')]", "(1,)"), bytes(4))}), "'a' is "),
    "absurd shape": (".npz", npz({"a.npy": npy(described("'<f8'", f"({2**40},)"), bytes(8))}), "and 8 bytes follow"),
    "absurd and empty npz": (".npz", npz({"a.npy": npy(described("'<f8'", f"(0, {2**62})"))}), "a"),
    "overflowing shape": (".npz", npz({"a.npy": npy(described("'<f8'", f"({2**63}, 2)"), bytes(8))}), "bytes follow"),
    "negative shape npz": (".npz", npz({"a.npy": npy(described("'|u1'", "(-2, -2)"), bytes(4))}), "4 bytes follow"),
    "bytes left over in npy": (".npz", npz({"a.npy": FLOAT + b"5"}), "and 5 bytes follow"),
    "long npy header": (".npz", npz({"a.npy": npy("(" * 10**5, version=2)}), "Header info length"),
    "code in an npy header": (".npz", npz({"a.npy": npy("__import__('os').mkdir('ran')")}), "malformed"),
    "npy version 3": (".npz", npz({"a.npy": npy(described("'<f4'", "(1,)"), b"1234", 3)}), "version"),
    "no npy": (".npz", npz({"a.npy": b"text"}), "magic"),
    "odd booleans npz": (".npz", npz({"a.npy": npy(described("'|b1'", "(1,)"), b"\2")}), "neither 0 nor 1"),
    "notes not JSON": (".npz", npz({"__metadata__.npy": FLOAT}), "__metadata__|Expecting value|JSON"),
    "notes a number": (".npz", npz({"__metadata__.npy": npy(described("'|u1'", "(1,)"), b"7")}), "are not texts"),
    "damaged": (".npz", npz(ONE).replace(b"1234", b"1235"), "CRC"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_it_is_refused(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    suffix, content, says = HOSTILE[kind]
    path = tmp_path / f"w{suffix}"
    path.write_bytes(content)

    with pytest.raises(WeightsError, match=rf"(?s)w{suffix}: not a whole {suffix} file of weights \(.*({says})"):
        nn.load(path)

    assert list(tmp_path.iterdir()) == [path]  # the pickles would have made a folder


@both_formats
def test_a_file_cut_at_any_byte_is_refused(tmp_path: Path, suffix: str) -> None:
    path, cut = tmp_path / f"w{suffix}", tmp_path / f"cut{suffix}"
    nn.save(WEIGHTS, path)
    content = path.read_bytes()

    for size in range(len(content)):
        cut.write_bytes(content[:size])
        with pytest.raises(WeightsError, match=rf"cut{suffix}: not a whole {suffix} file"):
            nn.load(cut)


@both_formats
def test_a_file_with_any_bit_turned_loads_or_is_refused(tmp_path: Path, suffix: str) -> None:
    """No other error; and an archive, which has checksums, gives no other numbers."""
    path, bad = tmp_path / f"w{suffix}", tmp_path / f"bad{suffix}"
    nn.save({"a": np.arange(3.0)}, path)
    content = path.read_bytes()

    for at in range(len(content)):
        bad.write_bytes(content[:at] + bytes([content[at] ^ (1 << at % 8)]) + content[at + 1 :])
        try:
            loaded = nn.load(bad)
        except WeightsError:
            continue
        if suffix == ".npz":
            np.testing.assert_array_equal([*loaded.values()], [np.arange(3.0)])


@pytest.mark.parametrize("suffix", [".pt", ".pth", ".bin", ".ckpt", ".pkl", ".PT"])
def test_pickles_are_not_even_opened(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"model{suffix}"
    path.write_bytes(b"\x80\x02" + PICKLE)

    with pytest.raises(WeightsError, match=r"are pickles: .*safetensors\.torch\.save_file\(model\.state_dict\(\), "):
        nn.load(path)


def test_what_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        nn.load(tmp_path / "nowhere")
    (tmp_path / "folder.npz").mkdir()
    with pytest.raises(IsADirectoryError):
        nn.load(tmp_path / "folder.npz")
    (tmp_path / "device.npz").symlink_to("/dev/zero")
    with pytest.raises(WeightsError, match=r"device\.npz: a device or a pipe, not a file"):
        nn.load(tmp_path / "device.npz")


MEASURE = """
import resource, sys
from tapegrad import nn
nn.load(sys.argv[1]); nn.load(sys.argv[2])  # what is imported and allocated once
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for path in sys.argv[3:]:
    try:
        nn.load(path)
    except nn.WeightsError:
        continue
    raise SystemExit(f"{path} was loaded")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_memory_is_bounded(tmp_path: Path) -> None:
    """The peak of a real process over every hostile file, and over sparse ones of 10 GB that claim to be weights."""
    good = [tmp_path / "good.safetensors", tmp_path / "good.npz"]
    for path in good:
        nn.save(WEIGHTS, path)
    paths = []
    for kind, (suffix, content, _) in HOSTILE.items():
        paths.append(tmp_path / f"{kind.replace(' ', '-').replace('/', '-')}{suffix}")
        paths[-1].write_bytes(content)
    paths.append(tmp_path / "many.npz")
    paths[-1].write_bytes(directory_only(200_000))
    for name, head in (
        ("zeros.safetensors", b""),
        ("header.safetensors", (2**33).to_bytes(8, "little")),
        ("z.npz", b""),
    ):
        paths.append(tmp_path / name)
        with paths[-1].open("wb") as file:
            file.write(head)
            file.truncate(10**10)

    done = subprocess.run(
        [sys.executable, "-c", MEASURE, *map(str, good), *map(str, paths)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.stderr == ""
    kilobytes = int(done.stdout)
    assert kilobytes < 100_000, f"{kilobytes} kB"


def test_a_table_of_contents_is_not_read_if_it_is_too_long(tmp_path: Path) -> None:
    (tmp_path / "w.npz").write_bytes(directory_only(200_000))

    with pytest.raises(WeightsError, match="its table of contents has more than the 16777216 bytes that are read"):
        nn.load(tmp_path / "w.npz")


def directory_only(entries: int) -> bytes:
    """An archive that has nothing but a table of contents, of more bytes than are read."""
    entry = b"PK\x01\x02" + bytes(24) + (60).to_bytes(2, "little") + bytes(16) + b"a" * 60
    table = entry * entries
    return table + b"PK\x05\x06" + bytes(8) + len(table).to_bytes(4, "little") + bytes(6)
