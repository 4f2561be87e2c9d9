"""Which files there may be: their endings, what they are served as, and by what their content is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from apps.files.choices import FileKind, MailFileKind


@dataclass(frozen=True)
class FileType:
    """One type of file.

    Attributes:
        ending: what its name ends with, without the dot; a name that ends otherwise is given this one.
        media_type: what it is served as, whatever the browser that sent it said.
        kind: what an administrator allows or not.
        also: other endings of the same type.
        signs: the endings by which puremagic names such a content; none where something else decides.
        picture: the name of Pillow's reader, where browsers show it as a picture.
        shown: whether a browser may show it rather than save it.
    """

    ending: str
    media_type: str
    kind: FileKind | MailFileKind
    also: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    picture: str = ""
    shown: bool = False

    @property
    def endings(self) -> tuple[str, ...]:
        """All endings."""
        return (self.ending, *self.also)


def _image(ending: str, media: str, picture: str, also: tuple[str, ...] = ()) -> FileType:
    return FileType(ending, f"image/{media}", FileKind.IMAGE, also, (ending, *also), picture, shown=bool(picture))


def _office(ending: str, media: str) -> FileType:
    return FileType(ending, f"application/{media}", FileKind.OFFICE)


def _sound(ending: str, media: str, also: tuple[str, ...] = (), signs: tuple[str, ...] = ()) -> FileType:
    return FileType(ending, f"audio/{media}", FileKind.AUDIO, also, (ending, *also, *signs), shown=True)


def _video(ending: str, media: str, also: tuple[str, ...] = (), signs: tuple[str, ...] = ()) -> FileType:
    return FileType(ending, f"video/{media}", FileKind.VIDEO, also, (ending, *also, *signs), shown=True)


_OPEN_XML = "vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT = "vnd.oasis.opendocument."

ZIP = FileType("zip", "application/zip", FileKind.ARCHIVE)
TEXT = FileType("txt", "text/plain", FileKind.TEXT, ("text", "log", "md"))
CSV = FileType("csv", "text/csv", FileKind.TEXT)
BY_CONTENT: dict[str, FileType] = {
    "word/": _office("docx", f"{_OPEN_XML}wordprocessingml.document"),
    "xl/": _office("xlsx", f"{_OPEN_XML}spreadsheetml.sheet"),
    "ppt/": _office("pptx", f"{_OPEN_XML}presentationml.presentation"),
    f"application/{_OPEN_DOCUMENT}text": _office("odt", f"{_OPEN_DOCUMENT}text"),
    f"application/{_OPEN_DOCUMENT}spreadsheet": _office("ods", f"{_OPEN_DOCUMENT}spreadsheet"),
    f"application/{_OPEN_DOCUMENT}presentation": _office("odp", f"{_OPEN_DOCUMENT}presentation"),
}
"""Office documents that are zip archives: by the folder of their parts, or by what their file `mimetype` says."""
OLE = tuple(_office(ending, media) for ending, media in (("doc", "msword"), ("xls", "vnd.ms-excel")))
OLE += (_office("ppt", "vnd.ms-powerpoint"),)
"""Office documents of before 2007: one container for all, so the name says which."""

TYPES: tuple[FileType, ...] = (
    _image("jpg", "jpeg", "JPEG", ("jpeg", "jpe", "jfif")),
    _image("png", "png", "PNG"),
    _image("gif", "gif", "GIF"),
    _image("webp", "webp", "WEBP"),
    _image("avif", "avif", "AVIF"),
    _image("heic", "heic", "", ("heif",)),
    FileType("pdf", "application/pdf", FileKind.PDF, signs=("pdf",), shown=True),
    TEXT,
    CSV,
    *BY_CONTENT.values(),
    *OLE,
    ZIP,
    _sound("mp3", "mpeg", signs=("mpga",)),
    _sound("m4a", "mp4"),
    _sound("ogg", "ogg", ("oga", "opus")),
    _sound("wav", "wav"),
    _sound("flac", "flac"),
    _sound("aac", "aac"),
    _video("mp4", "mp4", ("m4v",)),
    _video("mov", "quicktime"),
    _video("webm", "webm"),
)

OCTETS = "application/octet-stream"
MAIL = FileType("eml", OCTETS, MailFileKind.MAIL)
OTHER = FileType("bin", OCTETS, MailFileKind.OTHER)
UNSAFE = FileType("bin", OCTETS, MailFileKind.UNSAFE)
_DATA = frozenset(
    ("p7s", "p7m", "p7c", "asc", "sig", "ics", "vcf", "vcs", "dat", "pgp", "gpg", "json", "tif", "tiff", "bmp")
)
"""Endings of what no program runs: signatures, cards, invitations, and Outlook's winmail.dat."""


def mail_type_by_name(name: str) -> FileType:
    """What a mail brought that is none of `TYPES`, by its name; nothing of it is ever shown.

    Args:
        name: a clean name.
    """
    ending = extension_of(name)
    if ending in MAIL.endings:
        return MAIL
    return OTHER if ending in _DATA else UNSAFE


_BY_ENDING = {ending: each for each in TYPES for ending in each.endings}
_BY_MEDIA = {each.media_type: each for each in TYPES}


def extension_of(name: str) -> str:
    """The ending of a name in lower case, without the dot; empty when it has none."""
    return PurePosixPath(name).suffix.removeprefix(".").lower()


def type_by_name(name: str) -> FileType | None:
    """The type that a name's ending stands for, if files may be of it."""
    return _BY_ENDING.get(extension_of(name))


def type_by_media(media_type: str) -> FileType | None:
    """The type that is served as this."""
    return _BY_MEDIA.get(media_type)


def accept_attribute(kinds: Sequence[str]) -> str:
    """What an `accept` attribute says of these kinds: phones offer the camera for images."""
    wide = [f"{kind}/*" for kind in ("image", "audio", "video") if kind in kinds]
    narrow = [f".{ending}" for each in TYPES if each.kind in kinds for ending in each.endings]
    return ",".join([*wide, *narrow])
