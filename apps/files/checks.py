"""What a file is, found in its content: its name and the browser's word only have to agree."""

import codecs
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

import puremagic
from django.utils.translation import gettext as _

from apps.core.errors import DomainError
from apps.core.filenames import filename_with_extension
from apps.files.archives import archive_check
from apps.files.choices import FileKind, Refusal
from apps.files.errors import file_empty_error, file_type_error
from apps.files.geotags import geotag_erase
from apps.files.thumbnails import Picture, picture_read
from apps.files.types import CSV, OLE, TEXT, TYPES, FileType, extension_of, mail_type_by_name, type_by_name

HEAD_BYTES = 8192
CHUNK_BYTES = 64 * 1024
_ZIP_SIGNS = (b"PK\x03\x04", b"PK\x05\x06")
_OLE_SIGN = bytes.fromhex("D0CF11E0A1B11AE1")
# Of HEIF and of Canon's raw pictures, which puremagic doesn't know.
_PICTURE_BRANDS = (b"ftypmif1", b"ftypmsf1", b"ftypcrx ")
_MACROS = "_VBA_PROJECT".encode("utf-16-le")
# What a browser would take for a page, whatever it is called: markup where a text begins.
_MARKUP = re.compile(
    rb"^\s*(<!--.*?-->\s*)*<(!doctype|html|head|body|script|svg|iframe|img|object|embed|style|link|meta|\?xml|xml)[\s>/:]"
    rb"|^\s*<\?xml|^#!|^\s*<\?php",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class FileContent:
    """What a content is.

    Attributes:
        type: what it is served as.
        name: the name with an ending that is true.
        sha256: of the content, in hexadecimal digits.
        picture: its size and thumbnail, where it is one that browsers show.
    """

    type: FileType
    name: str
    sha256: str
    picture: Picture | None


def content_check(file: IO[bytes], *, name: str, size: int, kinds: Sequence[str]) -> FileContent:
    """Find out what a file is, and refuse what is not allowed or not what its name says.

    Args:
        file: the content, left at any position; where a picture was taken is taken out of it.
        name: a clean name.
        size: bytes of the content.
        kinds: what is allowed, values of `FileKind`.

    Raises:
        DomainError: ``file_empty``, ``file_type_refused``, ``file_type_mismatch``, ``file_unreadable``,
            ``image_too_large``, or what `archive_check` refuses.
    """
    if size <= 0:
        raise file_empty_error()
    found = _type_of(file, name, size)
    named = type_by_name(name)
    if named is not None and named.kind != found.kind and {named.kind, found.kind} != {FileKind.AUDIO, FileKind.VIDEO}:
        raise _mismatch()
    if named is None and extension_of(name):
        raise file_type_error(name)
    if found.kind not in kinds:
        raise file_type_error(name)
    file.seek(0)
    picture = picture_read(file, found.picture) if found.picture else None
    if found.kind == FileKind.IMAGE:
        geotag_erase(file)
    return FileContent(found, filename_with_extension(name, found.ending, found.endings), _digest(file), picture)


def mail_content_check(file: IO[bytes], *, name: str, size: int) -> FileContent:
    """Find out what a mail has brought: all of it is kept, and what is none of our types is saved only.

    Args:
        file: the content, as for `content_check`: of pictures that can't be read the place is taken out, too.
        name: a clean name, which stays as it is where it is not known what the content is.
        size: bytes of the content.

    Raises:
        DomainError: ``file_empty``.
    """
    try:
        return content_check(file, name=name, size=size, kinds=FileKind.values)
    except DomainError:
        if size <= 0:
            raise
    picture_geotag_erase(file)
    return FileContent(mail_type_by_name(name), name, _digest(file), None)


def picture_geotag_erase(file: IO[bytes]) -> None:
    """Take where it was taken out of a content that begins as a picture does, whatever it is called and holds further.

    Args:
        file: as for `content_check`.
    """
    file.seek(0)
    if _begins_picture(file.read(HEAD_BYTES)):
        geotag_erase(file)


def name_check(name: str, kinds: Sequence[str]) -> None:
    """Refuse by its name what would be refused by its content, before a byte of it is sent.

    Raises:
        DomainError: ``file_type_refused``.
    """
    named = type_by_name(name)
    if (named is None and extension_of(name)) or (named is not None and named.kind not in kinds):
        raise file_type_error(name)


def _mismatch() -> DomainError:
    return DomainError(Refusal.FILE_TYPE_MISMATCH, _("This file is not what its name says it is."))


def _type_of(file: IO[bytes], name: str, size: int) -> FileType:
    file.seek(0)
    head = file.read(HEAD_BYTES)
    if head.startswith(_ZIP_SIGNS):
        return archive_check(file, size)
    if head.startswith(_OLE_SIGN):
        return _ole(file, name)
    signs = _signs(head)
    matching = [each for each in TYPES if signs.intersection(each.signs)]
    if matching:
        named = type_by_name(name)
        return named if named in matching else matching[0]
    return _text(file, head, name)


def _signs(head: bytes) -> set[str]:
    """The endings that puremagic has for such a beginning."""
    try:
        return {match.extension.removeprefix(".").lower() for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        return set()


def _begins_picture(head: bytes) -> bool:
    if head[4:12] in _PICTURE_BRANDS:
        return True
    try:
        return any(match.mime_type.startswith("image/") for match in puremagic.magic_string(head))
    except (puremagic.PureError, ValueError):
        return False


def _ole(file: IO[bytes], name: str) -> FileType:
    """A document of the old kind. One container holds them all, installers too: the name says which it is."""
    ending = extension_of(name)
    found = next((each for each in OLE if ending in each.endings), None)
    if found is None:
        raise _mismatch()
    file.seek(0)
    tail = b""
    while chunk := file.read(CHUNK_BYTES):
        if _MACROS in tail + chunk:
            raise DomainError(
                Refusal.ARCHIVE_PROGRAM, _("This file holds a program or a macro, so it can't be accepted.")
            )
        tail = chunk[-64:]
    return found


def _text(file: IO[bytes], head: bytes, name: str) -> FileType:
    """Plain text: nothing of it may be taken for markup or a program."""
    named = type_by_name(name)
    if named is not None and named.kind != FileKind.TEXT:
        raise _mismatch()
    if _MARKUP.match(head.removeprefix(codecs.BOM_UTF8)):
        raise _mismatch() if named else file_type_error(name)
    if not _is_text(file, head):
        raise _mismatch() if named else file_type_error(name)
    return CSV if named is CSV else TEXT


def _is_text(file: IO[bytes], head: bytes) -> bool:
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    decoder = codecs.getincrementaldecoder("utf-16" if wide else "utf-8")()
    file.seek(0)
    try:
        while chunk := file.read(CHUNK_BYTES):
            if "\0" in decoder.decode(chunk):
                return False
        return "\0" not in decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        # Text of the days before Unicode: any byte, but none that only a program would hold.
        return not wide and not re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", head)


def _digest(file: IO[bytes]) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
