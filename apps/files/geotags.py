"""Where a picture was taken is nobody's business but its photographer's: taken out of it, in place (CHAT-9).

Nothing is encoded again and no byte moves: what says the position is blanked, and all else, the orientation among it,
stays as it came. So it works alike in every container (JPEG, PNG, WebP, HEIC, AVIF), and in pictures within pictures.
"""

import re
import struct
import zlib
from itertools import islice
from typing import IO, Final

_TIFF: Final = re.compile(
    rb"\A(?=II\*\x00|MM\x00\*)|Exif\x00\x00(?=II\*\x00|MM\x00\*)|(?=II\*\x00\x08\x00\x00\x00|MM\x00\*\x00\x00\x00\x08)"
)
"""Where EXIF begins: with a TIFF file, behind its name, or, in PNG, WebP and HEIC, with the head of a TIFF file."""
_XMP: Final = re.compile(
    rb"\bexif:GPS\w{1,40}\s*=\s*(?:\"[^\"]{0,4000}\"|'[^']{0,4000}')"
    # What is inside ends at the next such tag, so that no byte is read for every opening before it.
    rb"|<exif:GPS(\w{1,40})\b[^<>]{0,500}>(?:[^<]|<(?!/?exif:GPS)){0,4000}</exif:GPS\1\s*>"
)
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_GPS_TAG: Final = 0x8825
_SIZES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
"""Bytes of a value, by its type (TIFF 6.0)."""
_ENTRY: Final = 12
_MOST_ENTRIES: Final = 1000
_MOST_PLACES: Final = 200
"""Beginnings of EXIF that are looked at; a file with more was made to keep us busy."""


def geotag_erase(file: IO[bytes]) -> bool:
    """Take out of a picture where it was taken.

    Args:
        file: a picture, to be read and written; left at any position.

    Returns:
        Whether there was anything to take out.
    """
    file.seek(0)
    before = file.read()
    content = bytearray(before)
    for place in islice(_TIFF.finditer(before), _MOST_PLACES):
        _Exif(content, place.end()).erase()
    for found in _XMP.finditer(before):
        content[found.start() : found.end()] = b" " * (found.end() - found.start())
    if before.startswith(_PNG):
        _png(content)
    if content == before:
        return False
    file.seek(0)
    file.write(content)
    return True


class _Exif:
    """EXIF in a file: a TIFF head, and directories that it leads to."""

    def __init__(self, content: bytearray, start: int) -> None:
        self.content, self.start = content, start
        self.order = "<" if content[start : start + 1] == b"I" else ">"

    def number(self, code: str, at: int) -> int:
        return int(struct.unpack_from(self.order + code, self.content, self.start + at)[0])

    def erase(self) -> None:
        """Blank the directory of the position, and take its entry out of the first directory."""
        try:
            first = self.number("I", 4)
            count = self.number("H", first)
            for index in range(min(count, _MOST_ENTRIES)):
                entry = first + 2 + index * _ENTRY
                if self.number("H", entry) == _GPS_TAG:
                    self._blank(self.number("I", entry + 8))
                    self._drop(first, count, index)
                    return
        except struct.error:
            return  # It leads out of the file: no program finds anything there either.

    def _blank(self, directory: int) -> None:
        count = min(self.number("H", directory), _MOST_ENTRIES)
        for index in range(count):
            entry = directory + 2 + index * _ENTRY
            size = _SIZES.get(self.number("H", entry + 2), 1) * self.number("I", entry + 4)
            if 4 < size <= 65_536:
                self._zero(self.number("I", entry + 8), size)
        self._zero(directory, 2 + count * _ENTRY)

    def _drop(self, directory: int, count: int, index: int) -> None:
        """The entries behind it, and where the next directory is, move up."""
        at = self.start + directory
        entry, end = at + 2 + index * _ENTRY, at + 2 + count * _ENTRY + 4
        self.content[entry:end] = self.content[entry + _ENTRY : end] + bytes(_ENTRY)
        struct.pack_into(self.order + "H", self.content, at, count - 1)

    def _zero(self, at: int, size: int) -> None:
        start = self.start + at
        end = min(start + size, len(self.content))
        if start < end:
            self.content[start:end] = bytes(end - start)


def _png(content: bytearray) -> None:
    """Each chunk's checksum anew, and none left whose text is packed: programs keep EXIF and XMP in such, too."""
    at = len(_PNG)
    while at + 12 <= len(content):
        size = int.from_bytes(content[at : at + 4], "big")
        end = at + 8 + size
        if end + 4 > len(content):
            return
        kind, body = bytes(content[at + 4 : at + 8]), bytes(content[at + 8 : end])
        if kind in (b"zTXt", b"iTXt") and _is_packed(kind, body):
            content[at + 4 : at + 8] = b"tEXt"
            content[at + 8 : end] = b"Comment\0".ljust(size)
        content[end : end + 4] = zlib.crc32(content[at + 4 : end]).to_bytes(4, "big")
        at = end + 4


def _is_packed(kind: bytes, body: bytes) -> bool:
    keyword, _zero, rest = body.partition(b"\0")
    if not re.fullmatch(rb"raw profile type (exif|app1|xmp)|xml:com\.adobe\.xmp", keyword, re.IGNORECASE):
        return False
    return kind == b"zTXt" or rest[:1] == b"\x01"
