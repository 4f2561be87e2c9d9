"""Files for tests: where they are kept, what they are made of, and uploads by whoever may."""

import struct
import wave
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from PIL import Image

from apps.files.actions import file_receive, upload_announce
from apps.files.models import StoredFile, Uploader

Entries = dict[str, bytes | str]


def media_in(settings: Any, folder: Path) -> Iterator[Path]:
    """Let uploads go to a folder; the storage remembers the last one."""
    settings.MEDIA_ROOT = str(folder)
    _forget()
    yield folder
    _forget()


def _forget() -> None:
    made = default_storage.__dict__.get("_wrapped")
    getattr(made, "__dict__", {}).pop("relative_media_root", None)


def picture(kind: str = "PNG", size: tuple[int, int] = (640, 400), **options: Any) -> bytes:
    """A picture in one colour."""
    file = BytesIO()
    Image.new("RGB", size, "#336699").save(file, kind, **options)
    return file.getvalue()


def packed(entries: Entries, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive, the same bytes whenever it is packed: its entries are of 1980, not of now."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return file.getvalue()


def docx(**more: bytes | str) -> bytes:
    """A document of a word processor."""
    return packed({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w:document/>", **more})


def open_document(media_type: str) -> bytes:
    """A document of the other word processors."""
    return packed({"mimetype": media_type, "content.xml": "<x/>"})


def sound() -> bytes:
    """A hundredth of a second of silence."""
    file = BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(bytes(160))
    return file.getvalue()


def huge_png(width: int, height: int) -> bytes:
    """A small PNG that says it is that large."""
    plain = picture(size=(1, 1))
    head = b"IHDR" + struct.pack(">II", width, height) + plain[24:29]
    import zlib

    return plain[:12] + head + struct.pack(">I", zlib.crc32(head)) + plain[33:]


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
OLE = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(1016)
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00" + bytes(500)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
MP4 = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(100)


def uploaded(
    uploader: Uploader, content: bytes = PDF, name: str = "invoice.pdf", *, scope: UUID | None = None
) -> StoredFile:
    """A file that has been uploaded, and waits to be sent."""
    file = upload_announce(name=name, size=len(content), uploader=uploader, scope=scope)
    return file_receive(file_id=file.pk, stream=BytesIO(content))


def by_agent(agent: Any, *args: Any, **options: Any) -> StoredFile:
    """A file that an agent has uploaded."""
    return uploaded(Uploader(user_id=agent.pk), *args, **options)


def by_customer(visitor_id: UUID, *args: Any, **options: Any) -> StoredFile:
    """A file that a customer's browser has uploaded."""
    return uploaded(Uploader(outsider_id=visitor_id), *args, **options)


GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,"


PIXEL = GIF + b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
