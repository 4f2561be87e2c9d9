"""Rows of the tenant as a CSV file, read part by part and kept on the disk until they are sent."""

import io
import itertools
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO, Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from apps.core.csv_files import BOM, csv_bytes, csv_response, marked
from apps.imports.kinds import CsvKind
from apps.imports.limits import CHUNK_ROWS
from apps.imports.resources import CsvResource

IN_MEMORY = 1024 * 1024
PART_BYTES = 256 * 1024


def rows_write(resource: CsvResource, rows: Iterable[Any]) -> tuple[IO[bytes], int]:
    """Write rows to a file.

    Args:
        resource: their columns.
        rows: of its model; a queryset is read part by part.

    Returns:
        The file, at its beginning, and how many rows are in it.
    """
    file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - whoever sends it closes it
    file.write(BOM.encode())
    file.write(csv_bytes([[column.column_name for column in resource.columns()]]))
    count = 0
    for some in _parts(rows):
        lines = resource.lines(some)
        count += len(lines)
        file.write(csv_bytes([[marked(cell) for cell in line] for line in lines]))
    file.seek(0)
    return file, count


def template_write(resource: CsvResource) -> IO[bytes]:
    """A file with the columns and a row that shows what could stand in them."""
    file = io.BytesIO()
    columns = resource.columns()
    file.write(BOM.encode())
    file.write(csv_bytes([[column.column_name for column in columns], [marked(column.example) for column in columns]]))
    file.seek(0)
    return file


def csv_file_response(request: HttpRequest, file: IO[bytes], kind: CsvKind) -> HttpResponseBase:
    """A file of rows, to be saved."""
    return csv_response(request, _chunks(file), f"{kind.code}.csv")


def _parts(rows: Iterable[Any]) -> Iterator[list[Any]]:
    each = rows.iterator(chunk_size=CHUNK_ROWS) if hasattr(rows, "iterator") else iter(rows)
    return iter(lambda: list(itertools.islice(each, CHUNK_ROWS)), [])


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while part := file.read(PART_BYTES):
            yield part
