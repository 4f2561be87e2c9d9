"""A CSV file as rows: how it is encoded, how it is separated, and what can't be read at all."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from apps.core.csv_files import unmarked
from apps.core.errors import DomainError
from apps.imports.choices import Refusal
from apps.imports.limits import MAX_BYTES, MAX_CELL, MAX_COLUMNS, MAX_ROWS

DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True)
class FileRow:
    """A row of a file.

    Attributes:
        line: on which it begins; the header is on line 1.
        cells: texts by column; columns that the file doesn't have are missing.
        surplus: whether there are more cells than columns.
    """

    line: int
    cells: dict[str, str]
    surplus: bool = False


@dataclass(frozen=True)
class Sheet:
    """A file whose header was read.

    Attributes:
        text: all of it.
        delimiter: what separates its cells.
        columns: as they stand in it.
        unknown: those of them that nobody knows.
    """

    text: str = field(repr=False)
    delimiter: str
    columns: tuple[str, ...]
    unknown: tuple[str, ...]

    def rows(self) -> Iterator[FileRow]:
        """Every row but the header and what is empty.

        Raises:
            DomainError: ``import_file_unreadable``.
        """
        lines = _reader(self.text, self.delimiter)
        try:
            for number, cells in lines:
                if number > 1 and any(cells):
                    values = dict(zip(self.columns, map(unmarked, cells), strict=False))
                    yield FileRow(number, values, surplus=any(cells[len(self.columns) :]))
        except csv.Error as error:
            raise unreadable(_("The file can't be read as CSV: %(error)s.") % {"error": error}) from error


def sheet_read(content: bytes, *, known: Sequence[str], needed: Sequence[str]) -> Sheet:
    """A file whose header is in order.

    Args:
        content: all of it: UTF-8, with or without a byte-order mark.
        known: names of columns that mean something.
        needed: those of them that must be there.

    Raises:
        DomainError: ``import_file_unreadable``, with the sentence that says why.
    """
    text = _decoded(content)
    delimiter, columns = _header(text, known)
    if len(columns) > MAX_COLUMNS:
        raise unreadable(_("The file has more than %(max)d columns.") % {"max": MAX_COLUMNS})
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise unreadable(_("These columns are there twice: %(names)s.") % {"names": ", ".join(twice)})
    missing = [name for name in needed if name not in columns]
    if missing:
        raise unreadable(
            _("These columns are missing: %(names)s. The first line names the columns.") % {"names": ", ".join(missing)}
        )
    unknown = tuple(name for name in columns if name and name not in known)
    sheet = Sheet(text, delimiter, columns, unknown)
    if unknown:
        raise unreadable(
            _("These columns are not known: %(names)s. Take them out, or name them as in the template.")
            % {"names": ", ".join(name[:60] for name in unknown)}
        )
    return sheet


def rows_count(sheet: Sheet) -> int:
    """How many rows a file has.

    Raises:
        DomainError: ``import_file_unreadable``: none, too many, or it breaks off.
    """
    count = 0
    for _row in sheet.rows():
        count += 1
        if count > MAX_ROWS:
            raise unreadable(_("The file has more than %(max)d rows: split it.") % {"max": MAX_ROWS})
    if not count:
        raise unreadable(_("The file has no rows under its header."))
    return count


def unreadable(sentence: str) -> DomainError:
    """The refusal of a file."""
    return DomainError(Refusal.FILE_UNREADABLE, sentence)


def _decoded(content: bytes) -> str:
    if not content:
        raise unreadable(_("The file is empty."))
    if len(content) > MAX_BYTES:
        raise unreadable(_("The file is larger than %(max)d MB: split it.") % {"max": MAX_BYTES // 1024 // 1024})
    if content.startswith((b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0")) or b"\x00" in content:
        raise unreadable(_("This is no CSV file. In a spreadsheet, save it as “CSV UTF-8”."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise unreadable(
            _("The file is not in UTF-8 (line %(line)d). In a spreadsheet, save it as “CSV UTF-8”.") % {"line": line}
        ) from error


def _header(text: str, known: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The separator that makes most sense of the first line, and the columns that it then names."""
    found = {}
    for delimiter in DELIMITERS:
        try:
            _line, cells = next(_reader(text, delimiter), (1, []))
        except csv.Error as error:
            raise unreadable(_("The first line can't be read: %(error)s.") % {"error": error}) from error
        names = [cell.strip().lower() for cell in cells]
        while names and not names[-1]:
            names.pop()
        found[delimiter] = tuple(names)
    best = max(DELIMITERS, key=lambda each: (len(set(found[each]) & set(known)), len(found[each])))
    return best, found[best]


def _reader(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line on which it begins."""
    # What is longer than any column takes is an error of its cell; far longer is one quote that was never closed.
    csv.field_size_limit(MAX_CELL * 10)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    for cells in reader:
        yield begins, cells
        begins = reader.line_num + 1
