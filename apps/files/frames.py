"""What sockets are told about files."""

from uuid import UUID

from msgspec import Struct

from apps.files.models import StoredFile


class UploadTerms(Struct, frozen=True):
    """What is answered to who has announced a file (CHAT-9).

    Attributes:
        file: its id.
        address: where its bytes are to be PUT, within `tickets.UPLOAD_SECONDS`.
        max_files: how many a message may have.
    """

    file: UUID
    address: str
    max_files: int


class FileView(Struct, frozen=True):
    """A file as both sides see it; where it is fetched from is each side's own."""

    id: UUID
    name: str
    kind: str
    media_type: str
    size: int
    thumbnail: bool
    width: int | None
    height: int | None


def file_view(file: StoredFile) -> FileView:
    """A file that is ready."""
    return FileView(
        id=file.pk,
        name=file.name,
        kind=file.kind,
        media_type=file.media_type,
        size=file.size,
        thumbnail=file.has_thumbnail,
        width=file.width,
        height=file.height,
    )
