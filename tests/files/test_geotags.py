"""Where a picture was taken is taken out of it, and nothing else (CHAT-9)."""

import re
import struct
import zlib
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image, ImageChops, PngImagePlugin

from apps.email.models import MailPart
from apps.files.actions import upload_announce
from apps.files.downloads import file_content
from apps.files.geotags import geotag_erase
from apps.files.models import Uploader
from apps.files.tickets import ticket_url
from tests.support.browser import Browser
from tests.support.inbound_mails import make_channel, receive, write
from tests.support.photos import GPS, LATITUDE, MAKER, ORIENTATION, exif, photo

XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="52,31.2N" exif:Flash="1">'
    b"<exif:GPSLongitude>13,24.5E</exif:GPSLongitude></rdf:Description></rdf:RDF></x:xmpmeta>"
)


def erased(content: bytes) -> bytes:
    file = BytesIO(content)
    assert geotag_erase(file) is True
    return file.getvalue()


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


TIFF = photo("TIFF", exif=exif(b"II").tobytes())


def picture_vast() -> bytes:
    """A picture that says it has more pixels than we unpack."""
    plain = photo("PNG")
    head = b"IHDR" + struct.pack(">II", 20_000, 20_000) + plain[24:29]
    return plain[:12] + head + struct.pack(">I", zlib.crc32(head)) + plain[33:]


@pytest.mark.parametrize("order", [b"II", b"MM"])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_the_position_goes_and_all_else_stays(kind: str, order: bytes) -> None:
    before = photo(kind, exif=exif(order))
    assert opened(before).getexif().get_ifd(GPS)[2] == LATITUDE
    after = erased(before)
    image, was = opened(after), opened(before)
    assert (image.getexif().get(GPS), image.getexif().get_ifd(GPS)) == (None, {})
    assert (image.getexif()[ORIENTATION], image.getexif()[MAKER]) == (6, "Camera")
    assert ImageChops.difference(image.convert("RGB"), was.convert("RGB")).getbbox() is None
    assert len(after) == len(before)
    assert b"2026:11:20" not in after
    assert geotag_erase(BytesIO(after)) is False


def test_a_picture_within_a_picture() -> None:
    after = erased(photo("JPEG") + photo("JPEG"))
    assert b"2026:11:20" not in after
    assert after.count(b"Camera") == 2


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_xmp(kind: str) -> None:
    after = erased(photo(kind, exif=b"", xmp=XMP))
    assert b"GPS" not in after
    assert b'exif:Flash="1"' in after
    opened(after)


def test_what_png_packs_is_taken_out_whole() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", XMP.decode(), zip=True)
    info.add_text("Raw profile type exif", "exif 52", zip=True)
    info.add_text("Title", "A house", zip=True)
    after = erased(photo("PNG", exif=None, pnginfo=info))
    image = opened(after)
    assert "GPS" not in str(image.info)
    assert (image.info["Title"], "Raw profile type exif" in image.info) == ("A house", False)


def test_heic_holds_it_in_a_box() -> None:
    block = exif().tobytes()
    content = b"\0\0\0\x24ftypheic\0\0\0\0mif1heic" + bytes(99) + b"\0\0\0\x06" + block + bytes(99)
    after = erased(content)
    assert re.search(rb"2026:11:20", after) is None
    assert after.count(b"Camera") == 1


def test_tiff_holds_it_wherever_its_first_directory_is() -> None:
    size = 2 + int.from_bytes(TIFF[8:10], "little") * 12 + 4
    behind = TIFF[:4] + struct.pack("<I", len(TIFF)) + bytes(size) + TIFF[8 + size :] + TIFF[8 : 8 + size]
    for content in (TIFF, behind):
        assert opened(content).getexif().get_ifd(GPS)[2] == LATITUDE
        after = opened(erased(content))
        assert (after.getexif().get(GPS), after.getexif()[MAKER]) == (None, "Camera")


@pytest.mark.django_db(transaction=True)
def test_an_upload_is_kept_without_it(acme: Any) -> None:
    content = photo("JPEG")
    file = upload_announce(name="a.jpg", size=len(content), uploader=Uploader(outsider_id=uuid4()), scope=None)
    path = ticket_url(file)
    Browser("acme.localhost")._ask("put", path, data=content, content_type="application/octet-stream")
    kept = file_content(file)
    assert (b"2026:11:20" in kept, b"Camera" in kept) == (False, True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jpg", photo("JPEG")),
        ("photo.dat", photo("JPEG")),
        ("a.tif", TIFF),
        ("damaged.jpg", photo("JPEG")[:-500]),
        ("vast.png", picture_vast()),
        ("a.pdf", photo("WEBP")),
        ("burst.heif", b"\0\0\0\x24ftypmif1\0\0\0\0mif1heic" + exif().tobytes()),
    ],
)
def test_what_a_mail_brings_is_kept_without_it(acme: Any, name: str, content: bytes) -> None:
    """Whether we could read the picture or not: whoever saves it has a program that can."""
    assert b"2026:11:20" in content
    receive(make_channel(), write(files=[(name, content)]))
    file = MailPart.objects.get(name=name).file
    assert file is not None
    kept = file_content(file)
    assert (b"2026:11:20" in kept, b"Camera" in kept, len(kept)) == (False, True, len(content))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Exif\0\0II*\0",
        b"Exif\0\0II*\0\xff\xff\xff\xff",
        b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\x88\x25\xff\xff" * 9,
        b"Exif\0\0MM\0*\0\0\0\x08\0\1\x88\x25\0\4\0\0\0\1\0\0\0\x08",
        b"II*\0\x08\0\0\0" * 5000,
        b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffIDAT",
        b"<exif:GPSa>" * 500_000,
    ],
)
def test_what_somebody_built_breaks_nothing(content: bytes) -> None:
    file = BytesIO(content)
    geotag_erase(file)
    assert len(file.getvalue()) == len(content)


def test_a_picture_without_a_position_stays_as_it_is() -> None:
    plain = photo("JPEG", exif=b"")
    file = BytesIO(plain)
    assert (geotag_erase(file), file.getvalue()) == (False, plain)
