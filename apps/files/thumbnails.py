"""Pictures: how large they are, and a small one of each that we encoded ourselves."""

import threading
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from apps.core.errors import DomainError
from apps.files.choices import Refusal

MAX_PIXELS = 100_000_000
"""What a browser must be able to show."""
MAX_UNPACKED_PIXELS = 30_000_000
"""What is unpacked here; above, only JPEG gets a thumbnail, which can be read at a fraction of its size."""
SIDE = 480
"""Width and height that a thumbnail keeps within, in pixels."""

_turns = threading.BoundedSemaphore(2)
"""Unpacked pictures are large: a process holds two at once."""


@dataclass(frozen=True)
class Picture:
    """A picture as browsers show it.

    Attributes:
        width: in pixels, upright.
        height: in pixels, upright.
        thumbnail: a WebP, where one could be made.
    """

    width: int
    height: int
    thumbnail: bytes | None


def picture_read(file: IO[bytes], reader: str) -> Picture:
    """Read a picture by one reader alone.

    Args:
        file: at its beginning.
        reader: Pillow's name of the format.

    Raises:
        DomainError: ``file_unreadable``, ``image_too_large`` past `MAX_PIXELS`.
    """
    try:
        with _turns, Image.open(file, formats=[reader]) as image:
            return _read(image, reader)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError) as error:
        raise DomainError(Refusal.FILE_UNREADABLE, _("This picture is damaged: it can't be read.")) from error


def _read(image: Image.Image, reader: str) -> Picture:
    # Opening reads the header only: what would unpack to gigabytes is refused before it does.
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise _too_large()
    if reader != "JPEG" and width * height > MAX_UNPACKED_PIXELS:
        return Picture(width, height, None)
    image.draft("RGB", (SIDE * 2, SIDE * 2))
    image.load()
    upright = ImageOps.exif_transpose(image)
    turned = (upright.width > upright.height) != (image.width > image.height)
    upright.thumbnail((SIDE, SIDE))
    small = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    encoded = BytesIO()
    small.save(encoded, "WEBP", quality=80)
    if turned:
        width, height = height, width
    return Picture(width, height, encoded.getvalue())


def _too_large() -> DomainError:
    return DomainError(Refusal.IMAGE_TOO_LARGE, _("This picture is too large: 100 megapixels at most."))
