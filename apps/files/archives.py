"""Zip archives, and the office documents that are such: what is inside, told without unpacking more than needed."""

import re
import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from django.utils.translation import gettext as _

from apps.core.errors import DomainError
from apps.files.choices import Refusal
from apps.files.types import BY_CONTENT, ZIP, FileType

MAX_ENTRIES = 5_000
MAX_UNPACKED = 1024 * 1024 * 1024
"""Bytes that all of an archive may unpack to, archives inside it included."""
MAX_RATIO = 200
"""How many times its size it may unpack to, once that is more than `FREE_BYTES`."""
FREE_BYTES = 32 * 1024 * 1024
"""Unpacking to so little harms nobody, however well it was packed."""
MAX_DEPTH = 2
"""Archives within archives."""
MAX_INNER = 32 * 1024 * 1024
"""Bytes of an archive inside an archive: it is unpacked to be looked into."""

_PROGRAM = re.compile(
    r"\.(exe|com|scr|pif|cpl|msi|msp|msc|bat|cmd|ps1|vbs?|vbe|jse?|wsf|wsh|hta|jar|lnk|reg|dll|sys|gadget"
    r"|appx|msix|iso|img|vhdx?|apk|app|command|deb|rpm|dmg|pkg|scf|url|chm|xll|docm|dotm|xlsm|xltm|pptm|ppsm)\.?$",
    re.IGNORECASE,
)
_ARCHIVE = re.compile(r"\.(zip|docx|xlsx|pptx|odt|ods|odp)$", re.IGNORECASE)
_CLOSED = re.compile(r"\.(7z|rar|tar|tgz|gz|bz2|xz|zst|cab|arj|ace|lzh)$", re.IGNORECASE)
_MACROS = re.compile(r"(^|/)(vbaProject\.bin|Basic/.+|activeX/.+)$", re.IGNORECASE)
_ENCRYPTED = 0x1


@dataclass
class _Budget:
    """What may still be unpacked, and how many entries may still come."""

    unpacked: int
    entries: int


def archive_check(file: IO[bytes], size: int) -> FileType:
    """Look into a zip archive.

    Args:
        file: at any position; left at any position.
        size: its length in bytes.

    Returns:
        The office document that it is, or a zip archive.

    Raises:
        DomainError: ``archive_unreadable``, ``archive_locked`` (what is encrypted can't be checked),
            ``archive_too_large`` (a bomb), ``archive_program`` (something in it can be run).
    """
    budget = _Budget(min(MAX_UNPACKED, max(FREE_BYTES, size * MAX_RATIO)), MAX_ENTRIES)
    return _look(file, size, budget, depth=0)


def _look(file: IO[bytes], size: int, budget: _Budget, *, depth: int) -> FileType:
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _spend(entries, size, budget)
            for entry in entries:
                _entry(archive, entry, budget, depth)
            return _type_of(archive, [entry.filename for entry in entries])
    except DomainError:
        raise
    except Exception as failure:  # whatever zipfile and zlib make of bytes that somebody has tampered with
        raise _unreadable() from failure


def _spend(entries: list[zipfile.ZipInfo], size: int, budget: _Budget) -> None:
    budget.entries -= len(entries)
    budget.unpacked -= sum(entry.file_size for entry in entries)
    # Packed sizes that add up to more than the file lie over one another: the bomb without archives inside.
    overlap = sum(entry.compress_size for entry in entries) > size
    if budget.entries < 0 or budget.unpacked < 0 or overlap:
        raise DomainError(Refusal.ARCHIVE_TOO_LARGE, _("This archive unpacks to too much to be accepted."))


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: _Budget, depth: int) -> None:
    name = entry.filename
    if entry.flag_bits & _ENCRYPTED:
        raise DomainError(Refusal.ARCHIVE_LOCKED, _("This archive has a password, so it can't be checked."))
    if _PROGRAM.search(name) or _MACROS.search(name):
        raise DomainError(Refusal.ARCHIVE_PROGRAM, _("This file holds a program or a macro, so it can't be accepted."))
    if _CLOSED.search(name):
        raise _inside()
    if _ARCHIVE.search(name) and entry.file_size:
        if depth >= MAX_DEPTH or entry.file_size > MAX_INNER:
            raise _inside()
        with archive.open(entry) as packed:
            inner = packed.read(MAX_INNER + 1)
        _look(BytesIO(inner), len(inner), budget, depth=depth + 1)


def _type_of(archive: zipfile.ZipFile, names: list[str]) -> FileType:
    if "mimetype" in names:
        with archive.open("mimetype") as said:
            return BY_CONTENT.get(said.read(100).decode("ascii", "replace").strip(), ZIP)
    if "[Content_Types].xml" in names:
        return next((found for part, found in BY_CONTENT.items() if any(name.startswith(part) for name in names)), ZIP)
    return ZIP


def _unreadable() -> DomainError:
    return DomainError(Refusal.ARCHIVE_UNREADABLE, _("This file is damaged: it can't be read."))


def _inside() -> DomainError:
    return DomainError(
        Refusal.ARCHIVE_TOO_LARGE, _("This archive holds archives that can't be checked. Please unpack them.")
    )
