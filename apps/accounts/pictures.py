"""People's pictures: whatever is uploaded, what is kept is a small square that we encoded ourselves (TEN-4)."""

from io import BytesIO

from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from apps.accounts.choices import Refusal
from apps.core.errors import DomainError

MAX_BYTES = 4 * 1024 * 1024
MAX_PIXELS = 40_000_000
SIDE = 256
"""Width and height of what is kept, in pixels."""
FORMATS = ("JPEG", "PNG", "WEBP")


def encode_picture(upload: "File[bytes]") -> "ContentFile[bytes]":
    """Read an upload as an image, whatever it is called, and encode it anew: nothing but its pixels is kept.

    Args:
        upload: the file; JPEG, PNG or WebP.

    Returns:
        A square WebP of `SIDE` pixels.

    Raises:
        DomainError: ``picture_too_large`` past `MAX_BYTES` or `MAX_PIXELS`, ``picture_unreadable``.
    """
    if upload.size > MAX_BYTES:
        raise _too_large()
    try:
        # Opening reads the header only: a small file that would unpack to gigabytes is refused before it does.
        with Image.open(upload, formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise _too_large()
            upright = ImageOps.exif_transpose(image)
            square = ImageOps.fit(upright.convert("RGBA"), (SIDE, SIDE))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        message = _("This file can't be read as a picture. Use JPEG, PNG or WebP.")
        raise DomainError(Refusal.PICTURE_UNREADABLE, message) from error
    encoded = BytesIO()
    square.save(encoded, "WEBP", quality=85)
    return ContentFile(encoded.getvalue())


def _too_large() -> DomainError:
    return DomainError(Refusal.PICTURE_TOO_LARGE, _("This picture is too large: 4 MB and 40 megapixels at most."))
