"""CHAT-9: what a file is, its content says; what is refused, and how exactly."""

import zipfile
from io import BytesIO

import pytest

from apps.core.errors import DomainError
from apps.core.filenames import MAX_LENGTH, filename_clean
from apps.files import archives
from apps.files.checks import FileContent, content_check, name_check
from apps.files.choices import FileKind
from apps.files.thumbnails import SIDE
from apps.files.types import TYPES, accept_attribute
from tests.support.media import (
    EXE,
    HTML,
    MP4,
    OLE,
    PDF,
    SVG,
    docx,
    huge_png,
    open_document,
    packed,
    picture,
    sound,
)

ODT = "application/vnd.oasis.opendocument.text"
WEBM = bytes.fromhex("1A45DFA39F4286810142F7810142F2810442F381084282847765626D") + bytes(99)
XLSX = packed({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<x/>"})


def check(content: bytes, name: str, kinds: list[str] | None = None) -> FileContent:
    return content_check(
        BytesIO(content),
        name=filename_clean(name),
        size=len(content),
        kinds=list(FileKind.values) if kinds is None else kinds,
    )


def code(content: bytes, name: str, kinds: list[str] | None = None) -> str:
    with pytest.raises(DomainError) as refused:
        check(content, name, kinds)
    assert str(refused.value.message).endswith((".", "!"))
    return refused.value.code


@pytest.mark.parametrize(
    ("content", "name", "media_type", "kept_as"),
    [
        (picture("JPEG"), "a.jpg", "image/jpeg", "a.jpg"),
        (picture("JPEG"), "a.JPEG", "image/jpeg", "a.JPEG"),
        (picture("PNG"), "a.png", "image/png", "a.png"),
        (picture("GIF"), "a.gif", "image/gif", "a.gif"),
        (picture("WEBP"), "a.webp", "image/webp", "a.webp"),
        (picture("AVIF"), "a.avif", "image/avif", "a.avif"),
        (b"\0\0\0\x24ftypheic\0\0\0\0mif1heic" + bytes(99), "a.heic", "image/heic", "a.heic"),
        (PDF, "a.pdf", "application/pdf", "a.pdf"),
        (b"Hello,\nworld\n", "a.txt", "text/plain", "a.txt"),
        ("Grüße, \u202e\n".encode("utf-16"), "a.txt", "text/plain", "a.txt"),
        ("Grüße".encode("latin-1"), "a.txt", "text/plain", "a.txt"),
        (b"a;b\r\n1;2\r\n", "a.csv", "text/csv", "a.csv"),
        (docx(), "a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "a.docx"),
        (XLSX, "a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "a.xlsx"),
        (open_document(ODT), "a.odt", ODT, "a.odt"),
        (OLE, "a.doc", "application/msword", "a.doc"),
        (OLE, "a.xls", "application/vnd.ms-excel", "a.xls"),
        (packed({"a.txt": "x", "b/c.pdf": PDF}), "a.zip", "application/zip", "a.zip"),
        (sound(), "a.wav", "audio/wav", "a.wav"),
        (b"ID3\x03\0\0\0\0\0\x0f" + bytes(200), "a.mp3", "audio/mpeg", "a.mp3"),
        (b"\xff\xfb\x90\x64" + bytes(400), "a.mp3", "audio/mpeg", "a.mp3"),
        (b"OggS\0\2" + bytes(20) + b"\x01\x13OpusHead" + bytes(99), "a.opus", "audio/ogg", "a.opus"),
        (b"\0\0\0\x20ftypM4A \0\0\0\0M4A mp42isom\0\0\0\0" + bytes(99), "a.m4a", "audio/mp4", "a.m4a"),
        (MP4, "a.mp4", "video/mp4", "a.mp4"),
        (b"\0\0\0\x14ftypqt  \0\0\2\0qt  " + bytes(99), "a.mov", "video/quicktime", "a.mov"),
        (WEBM, "a.webm", "video/webm", "a.webm"),
        # The right kind under a wrong name: the name becomes true.
        (picture("PNG"), "photo.jpg", "image/png", "photo.png"),
        (picture("PNG"), "photo", "image/png", "photo.png"),
        (PDF, "scan", "application/pdf", "scan.pdf"),
        (b"read me", "README", "text/plain", "README.txt"),
    ],
)  # fmt: skip
def test_what_is_found(content: bytes, name: str, media_type: str, kept_as: str) -> None:
    found = check(content, name)
    assert (found.type.media_type, found.name) == (media_type, kept_as)


@pytest.mark.parametrize(
    ("content", "name", "refusal"),
    [
        (b"", "a.pdf", "file_empty"),
        # Programs
        (EXE, "setup.exe", "file_type_refused"),
        (EXE, "a.pdf", "file_type_mismatch"),
        (EXE, "a.png", "file_type_mismatch"),
        (EXE, "a.txt", "file_type_mismatch"),
        (EXE, "invoice\u202efdp.exe", "file_type_refused"),
        (b"\x7fELF\x02\x01\x01" + bytes(200), "a.txt", "file_type_mismatch"),
        (b"#!/bin/sh\nrm -rf /\n", "a.txt", "file_type_mismatch"),
        (b"#!/bin/sh\nrm -rf /\n", "run", "file_type_refused"),
        (EXE, "run", "file_type_refused"),
        # Pages
        (HTML, "a.html", "file_type_refused"),
        (HTML, "a.txt", "file_type_mismatch"),
        (HTML, "a.csv", "file_type_mismatch"),
        (HTML, "a.png", "file_type_mismatch"),
        (b"\xef\xbb\xbf  \n <ScRiPt >alert(1)</script>", "a.txt", "file_type_mismatch"),
        (b"<!-- x --><svg onload=alert(1)>", "a.txt", "file_type_mismatch"),
        (b"<?xml version='1.0'?><svg/>", "a.txt", "file_type_mismatch"),
        (SVG, "a.svg", "file_type_refused"),
        (SVG, "a.png", "file_type_mismatch"),
        (SVG, "a", "file_type_refused"),
        # Another kind than the name says
        (PDF, "a.png", "file_type_mismatch"),
        (PDF, "a.txt", "file_type_mismatch"),
        (picture("PNG"), "a.pdf", "file_type_mismatch"),
        (packed({"a.txt": "x"}), "a.pdf", "file_type_mismatch"),
        (packed({"a.txt": "x"}), "a.docx", "file_type_mismatch"),
        (docx(), "a.zip", "file_type_mismatch"),
        (b"plain words", "a.docx", "file_type_mismatch"),
        (OLE, "a.docx", "file_type_mismatch"),
        (OLE, "setup.msi", "file_type_mismatch"),
        (PDF, "a.pdf.exe", "file_type_refused"),
        # Damaged pictures
        (b"\x89PNG\r\n\x1a\n" + bytes(60), "a.png", "file_unreadable"),
        (picture("PNG", (600, 600))[:200], "a.png", "file_unreadable"),
        (huge_png(20_000, 20_000), "a.png", "image_too_large"),
        (huge_png(2**31 - 1, 2**31 - 1), "a.png", "image_too_large"),
        # Archives with what can be run
        (packed({"a/setup.exe": "x"}), "a.zip", "archive_program"),
        (packed({"a.JS": "x"}), "a.zip", "archive_program"),
        (packed({"photo.jpg.lnk": "x"}), "a.zip", "archive_program"),
        (docx(**{"word/vbaProject.bin": "x"}), "a.docx", "archive_program"),
        (OLE + "_VBA_PROJECT".encode("utf-16-le"), "a.doc", "archive_program"),
        (packed({"a.zip": packed({"b.zip": packed({"c.bat": "x"})})}), "a.zip", "archive_program"),
        (packed({"a.rar": "x"}), "a.zip", "archive_too_large"),
        (b"PK\x03\x04" + bytes(60), "a.zip", "archive_unreadable"),
        (packed({"a.txt": "x" * 100})[:-30], "a.zip", "archive_unreadable"),
    ],
)  # fmt: skip
def test_what_is_refused(content: bytes, name: str, refusal: str) -> None:
    assert code(content, name) == refusal


def test_a_kind_that_is_not_allowed() -> None:
    assert code(PDF, "a.pdf", ["image"]) == "file_type_refused"
    assert code(picture(), "a", ["pdf"]) == "file_type_refused"
    assert check(PDF, "a.pdf", ["pdf"]).type.kind == "pdf"


def test_what_its_name_refuses_is_refused_before_it_is_sent() -> None:
    for name in ("a.exe", "a.svg", "a.html", "a.docm", "a.tar.gz", "a.png.js"):
        with pytest.raises(DomainError) as refused:
            name_check(name, list(FileKind.values))
        assert refused.value.code == "file_type_refused"
    name_check("a.png", ["image"])
    name_check("without", ["image"])
    with pytest.raises(DomainError):
        name_check("a.png", ["pdf"])


# --- Bombs


def test_a_bomb_is_known_by_its_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ratio: 64 MB of zeros in 64 KB; nothing of it is unpacked."""
    bomb = packed({"zeros.txt": bytes(64 * 1024 * 1024)})
    assert len(bomb) < 70_000
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_args, **_options: pytest.fail("it was unpacked"))
    assert code(bomb, "a.zip") == "archive_too_large"


def test_a_bomb_inside_archives_shares_their_budget() -> None:
    bomb = packed({"zeros.txt": bytes(20 * 1024 * 1024)})
    assert check(packed({"a.txt": bytes(20 * 1024 * 1024)}), "a.zip").type.ending == "zip"
    assert code(packed({"a.zip": bomb, "b.zip": bomb}), "a.zip") == "archive_too_large"
    assert code(docx(**{"word/embeddings/a.zip": bomb, "word/embeddings/b.zip": bomb}), "a.docx") == "archive_too_large"


def test_archives_in_archives_have_an_end() -> None:
    content = packed({"a.txt": "x"})
    for _ in range(archives.MAX_DEPTH):
        content = packed({"a.zip": content})
    assert check(content, "a.zip").type.ending == "zip"
    assert code(packed({"a.zip": content}), "a.zip") == "archive_too_large"


def test_more_entries_than_anybody_packs() -> None:
    many = packed({f"{number}": "" for number in range(archives.MAX_ENTRIES + 1)}, zipfile.ZIP_STORED)
    assert code(many, "a.zip") == "archive_too_large"


def test_entries_that_lie_over_one_another() -> None:
    """The bomb without archives inside: many entries of the directory share one content."""
    content = bytearray(packed({"a.txt": bytes(range(256)) * 400}, zipfile.ZIP_STORED))
    start = content.index(b"PK\x01\x02")
    end = content.index(b"PK\x05\x06")
    entry, tail = bytes(content[start:end]), bytearray(content[end:])
    tail[8:10] = tail[10:12] = (40).to_bytes(2, "little")
    tail[12:16] = (len(entry) * 40).to_bytes(4, "little")
    assert code(bytes(content[:start]) + entry * 40 + bytes(tail), "a.zip") == "archive_too_large"


def test_what_is_locked_cannot_be_checked() -> None:
    content = bytearray(packed({"a.txt": "x"}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert code(bytes(content), "a.zip") == "archive_locked"


# --- Names


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("invoice.pdf", "invoice.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ana\\scan.pdf", "scan.pdf"),
        ("a\x00b\r\nc.pdf", "abc.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("zero\u200bwidth\ufeff.png", "zerowidth.png"),
        ("  .hidden. ", "hidden"),
        ('a<b>"c:d|e?f*g%.txt', "a_b__c_d_e_f_g_.txt"),
        ("CON.txt", "_CON.txt"),
        ("console.txt", "console.txt"),
        ("Cafe\u0301.png", "Café.png"),
        ("请求 报告.pdf", "请求 报告.pdf"),
        ("", "file"),
        ("../..", "file"),
        ("/", "file"),
        ("\u202e\u200f", "file"),
        ("x" * 500 + ".pdf", "x" * (MAX_LENGTH - 4) + ".pdf"),
    ],
)  # fmt: skip
def test_names(name: str, kept: str) -> None:
    assert filename_clean(name) == kept


# --- Pictures


def test_a_thumbnail_is_encoded_anew_and_upright() -> None:
    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = 6  # A phone held upright
    exif[0x010E] = "taken at home"
    found = check(picture("JPEG", (2000, 1000), exif=exif), "a.jpg")
    assert found.picture is not None
    assert found.picture.thumbnail is not None
    assert (found.picture.width, found.picture.height) == (1000, 2000)
    with Image.open(BytesIO(found.picture.thumbnail)) as small:
        assert (small.format, small.size) == ("WEBP", (SIDE // 2, SIDE))
    assert b"taken at home" not in found.picture.thumbnail


def test_a_picture_that_is_too_large_to_unpack_here_has_no_thumbnail() -> None:
    found = check(huge_png(8000, 8000), "a.png")
    assert found.picture is not None
    assert (found.picture.width, found.picture.thumbnail) == (8000, None)


def test_every_type_can_be_picked() -> None:
    """What the browser's picker offers."""
    everything = accept_attribute(list(FileKind.values)).split(",")
    assert everything[:3] == ["image/*", "audio/*", "video/*"]
    assert {f".{ending}" for each in TYPES for ending in each.endings} <= set(everything)
    assert accept_attribute(["pdf"]) == ".pdf"
