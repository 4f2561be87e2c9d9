"""Rows of the tenant as a CSV file, read part by part and kept on the disk until they are sent."""

import csv
import io
import itertools
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import IO, Any

from asgiref.sync import sync_to_async
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from apps.imports.kinds import CsvKind
from apps.imports.limits import CHUNK_ROWS
from apps.imports.reading import marked
from apps.imports.resources import CsvResource

BOM = "\ufeff"
"""By it spreadsheets know that a file is UTF-8."""
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
    file.write(_csv([[column.column_name for column in resource.columns()]]))
    count = 0
    for some in _parts(rows):
        lines = resource.lines(some)
        count += len(lines)
        file.write(_csv([[marked(cell) for cell in line] for line in lines]))
    file.seek(0)
    return file, count


def template_write(resource: CsvResource) -> IO[bytes]:
    """A file with the columns and a row that shows what could stand in them."""
    file = io.BytesIO()
    columns = resource.columns()
    file.write(BOM.encode())
    file.write(_csv([[column.column_name for column in columns], [marked(column.example) for column in columns]]))
    file.seek(0)
    return file


def csv_response(request: HttpRequest, file: IO[bytes], kind: CsvKind) -> HttpResponseBase:
    """A file of rows, to be saved."""
    response: HttpResponseBase
    # Under ASGI Django would read a plain file into memory as a whole.
    response = StreamingHttpResponse(_chunks(file)) if hasattr(request, "scope") else FileResponse(file)
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{kind.code}.csv") or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _parts(rows: Iterable[Any]) -> Iterator[list[Any]]:
    each = rows.iterator(chunk_size=CHUNK_ROWS) if hasattr(rows, "iterator") else iter(rows)
    return iter(lambda: list(itertools.islice(each, CHUNK_ROWS)), [])


def _csv(lines: Iterable[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    return text.getvalue().encode()


async def _chunks(file: IO[bytes]) -> AsyncIterator[bytes]:
    try:
        while part := await sync_to_async(file.read)(PART_BYTES):
            yield part
    finally:
        file.close()
