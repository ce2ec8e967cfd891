"""Archives are read in place, encodings are recognized, and what cannot be read is told by its true reason."""

import gzip
import io
import os
import random
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ctui.unpacking.archives import texts_in
from ctui.unpacking.names import DIGEST_FILE, OTHER
from ctui.unpacking.text import DAMAGED_FILE, DAMAGED_MEMBER, PORTION

TEXT = '{"eventName":"é"}\n'
DATA = TEXT.encode()
HALF = "a tar archive that is damaged or incomplete"
Read = list[tuple[str, bytes, str | None]]


def read(data: bytes, **limits: int) -> Read:
    """Name, text and problem of each text."""
    file = io.BufferedReader(io.BytesIO(data))
    return [(text.name, b"".join(text.portions()), text.problem) for text in texts_in(file, **limits)]


def gzipped(data: bytes) -> bytes:
    """Without the time: the bytes name tests, and each process of a run must collect the same ones."""
    return gzip.compress(data, mtime=0)


def tarred(members: dict[str, bytes | tarfile.TarInfo], mode: str = "w:gz") -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in members.items():
            member = content if isinstance(content, tarfile.TarInfo) else tarfile.TarInfo(name)
            if isinstance(content, bytes):
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
            else:
                archive.addfile(member)
    return target.getvalue()


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


MAKERS: dict[str, Callable[[dict[str, bytes]], bytes]] = {
    "zip": zipped,
    "stored zip": lambda members: zipped(members, zipfile.ZIP_STORED),
    "tar.gz": lambda members: tarred({**members}),
    "tar": lambda members: tarred({**members}, "w:"),
    "pax": lambda members: tarred({**members}, "w:gz"),
}


@pytest.mark.parametrize(
    "data",
    [
        DATA,
        b"\xef\xbb\xbf" + DATA,
        gzipped(DATA),
        gzipped(DATA[:5]) + gzipped(DATA[5:]),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-be"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
        gzipped(TEXT.encode("utf-16")),
    ],
)
def test_a_text_is_the_same_in_every_encoding(data: bytes) -> None:
    assert read(data) == [("", DATA, None)]


def test_a_long_text_is_decoded_across_portions() -> None:
    text = "é" * (PORTION + 1)
    assert read(text.encode("utf-16")) == [("", text.encode(), None)]
    assert read(gzipped(text.encode())) == [("", text.encode(), None)]


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_members_are_read_in_place_whatever_they_are_called(
    make: Callable[[dict[str, bytes]], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    long = "d/" * 200 + "x.json"
    members = {
        "logs/a.json": DATA,
        "../../etc/b.json.gz": gzipped(DATA),
        "/tmp/c.ndjson": TEXT.encode("utf-16"),
        long: b"",
        "notes.txt": b"hello",
        "AWSLogs/1/CloudTrail-Digest/d.json.gz": b"x",
        "\x1b[31m\n.json": DATA * 200_000,
    }
    assert read(make(members)) == [
        ("logs/a.json", DATA, None),
        ("../../etc/b.json.gz", DATA, None),
        ("/tmp/c.ndjson", DATA, None),
        (long, b"", None),
        ("notes.txt", b"", OTHER),
        ("AWSLogs/1/CloudTrail-Digest/d.json.gz", b"", DIGEST_FILE),
        ("\x1b[31m\n.json", DATA * 200_000, None),
    ]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("outer", MAKERS.values(), ids=MAKERS)
@pytest.mark.parametrize("inner", [zipped({"a.json": DATA}), tarred({"a.json": DATA})], ids=["zip", "tar.gz"])
def test_an_archive_in_an_archive_is_told(outer: Callable[[dict[str, bytes]], bytes], inner: bytes) -> None:
    problem = "an archive in an archive, which is not read: unpack it first"
    assert read(outer({"in.gz": inner, "b.json": DATA})) == [("in.gz", b"", problem), ("b.json", DATA, None)]


def test_a_member_that_is_not_read_does_not_hide_the_next() -> None:
    link = tarfile.TarInfo("link.json")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    device = tarfile.TarInfo("zero.json")
    device.type = tarfile.CHRTYPE
    folder = tarfile.TarInfo("folder.json")
    folder.type = tarfile.DIRTYPE
    data = tarred({"big.txt": b"x" * 3 * PORTION, "l": link, "z": device, "f": folder, "a.json": DATA})
    odd = "a link, a device or a sparse file"
    assert read(data) == [
        ("big.txt", b"", OTHER),
        ("link.json", b"", odd),
        ("zero.json", b"", odd),
        ("a.json", DATA, None),
    ]


def test_a_member_that_needs_a_password_is_told() -> None:
    data = bytearray(zipped({"a.json": DATA}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert read(bytes(data)) == [("a.json", b"", "a member that needs a password")]


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_member_in_a_rare_compression_is_told_before_it_takes_memory(compression: int) -> None:
    problem = "a member with a compression that is not read"
    assert read(zipped({"a.json": DATA}, compression)) == [("a.json", b"", problem)]


@pytest.mark.parametrize("make", [*MAKERS.values(), gzipped], ids=[*MAKERS, "gzip"])
@pytest.mark.parametrize("wrong", [0x00, 0x01, 0x80, 0xFF])
def test_no_byte_of_an_archive_can_stop_the_reading(make: Callable[[Any], bytes], wrong: int) -> None:
    data = make(DATA if make is gzipped else {"é.json": DATA, "b.json.gz": gzipped(DATA)})
    for at in range(min(len(data), 3 * tarfile.BLOCKSIZE)):
        for damaged in (data[:at], data[:at] + bytes([wrong]) + data[at + 1 :]):
            assert all(name or text or problem or not damaged[:at] for name, text, problem in read(damaged))


@pytest.mark.parametrize(
    "headers",
    [{"size": "9" * 20}, {"GNU.sparse.map": "1,a"}, {"GNU.sparse.size": "x"}],
    ids=str,
)
def test_numbers_that_cannot_be_in_a_tar_archive_are_damage(headers: dict[str, str]) -> None:
    member = tarfile.TarInfo("a.json")
    member.pax_headers, member.size = headers, 0
    assert read(tarred({"a.json": member}))[-1] == ("", b"", HALF)


@pytest.mark.parametrize(
    ("begin", "what"),
    [
        (b"BZh91AY", "a bzip2 file"),
        (b"\xfd7zXZ\x00", "an xz file"),
        (b"\x28\xb5\x2f\xfd\x00", "a zstd file"),
        (b"PAR1\x15", "a Parquet file"),
        (b"SQLite format 3\x00", "a SQLite file"),
        (gzipped(gzipped(DATA)), "a gzip file in a gzip file"),
    ],
)
def test_files_of_other_kinds_are_told(begin: bytes, what: str) -> None:
    assert read(begin + os.urandom(50)) == [("", b"", f"{what}, which is not read: unpack it first")]


LARGE = 40 * PORTION


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda: gzipped(b" " * LARGE), "a file larger than 1 MiB uncompressed"),
        (lambda: zipped({"a.json": b" " * LARGE}), "a member larger than 1 MiB uncompressed"),
        (lambda: tarred({"a.json": b" " * LARGE}), "a member larger than 1 MiB uncompressed"),
        (lambda: zipped({f"{n}.json": b" " * PORTION for n in range(40)}), "an archive larger than 4 MiB uncompressed"),
        (lambda: tarred({f"{n}.json": b" " * PORTION for n in range(40)}), "an archive larger than 4 MiB uncompressed"),
        (lambda: tarred({"a.txt": b" " * LARGE}), "an archive larger than 4 MiB uncompressed"),
    ],
    ids=range(6),
)
def test_bombs_are_given_up_at_their_limit_and_in_little_memory(make: Callable[[], bytes], problem: str) -> None:
    data = make()
    tracemalloc.start()
    found = read(data, most=PORTION, most_of_archive=4 * PORTION)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert problem in [problem for _, _, problem in found]
    assert sum(len(text) for _, text, _ in found) <= 5 * PORTION
    assert most < 16 * PORTION


def test_a_header_of_a_tar_archive_is_not_read_into_memory() -> None:
    header = tarfile.TarInfo("a.json")
    header.type, header.size = tarfile.XHDTYPE, LARGE
    data = gzipped(header.tobuf(tarfile.GNU_FORMAT) + b" " * LARGE)
    tracemalloc.start()
    assert read(data) == [("", b"", "a tar archive that is damaged or incomplete")]
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 4 * PORTION


NOISE = random.Random(1).randbytes(30_000)
"""The same in each run: if one of its first bytes were zero, it would be taken for UTF-16."""


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"\x1f\x8bnonsense", [("", DAMAGED_FILE)]),
        (gzipped(NOISE)[:-20], [("", "a gzip file that ends too early")]),
        (gzipped(DATA) + b"more", [("", "bytes behind the end of a gzip file")]),
        (b"PK\x03\x04nonsense", [("", "a zip archive that is damaged or incomplete")]),
        (zipped({"a.json": DATA})[:-30], [("", "a zip archive that is damaged or incomplete")]),
        (zipped({"a.json": NOISE}, zipfile.ZIP_STORED).replace(NOISE, b"?" * len(NOISE)), [("a.json", DAMAGED_MEMBER)]),
        (zipped({"a.json": gzipped(NOISE)[:-20]}), [("a.json", DAMAGED_MEMBER)]),
        (tarred({"a.json": NOISE})[:-20_000], [("a.json", DAMAGED_MEMBER), ("", HALF)]),
        (tarred({"a.json": NOISE}, "w:")[:20_000], [("a.json", DAMAGED_MEMBER), ("", HALF)]),
        (tarred({"a.json": DATA, "b.json": DATA}, "w:")[:1200], [("a.json", None), ("", HALF)]),
        (tarred({"a.json": DATA}, "w:")[:1024] + b"nonsense" * 100, [("a.json", None), ("", HALF)]),
    ],
    ids=range(11),
)
def test_what_is_damaged_is_told(data: bytes, found: list[tuple[str, str | None]]) -> None:
    assert [(name, problem) for name, _, problem in read(data)] == found
