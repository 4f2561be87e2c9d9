"""Photos, with what cameras write into them."""

from io import BytesIO
from typing import Any

from PIL import Image

GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F


LATITUDE = (52.0, 31.0, 12.0)


def exif(order: bytes = b"MM") -> Image.Exif:
    made = Image.Exif()
    made.endian = "<" if order == b"II" else ">"
    made[ORIENTATION], made[MAKER] = 6, "Camera"
    made[GPS] = {1: "N", 2: LATITUDE, 3: "E", 4: (13.0, 24.0, 30.0), 29: "2026:11:20"}
    return made


def photo(kind: str, **options: Any) -> bytes:
    image = Image.linear_gradient("L").convert("RGB")
    file = BytesIO()
    image.save(file, kind, **{"exif": exif(), **options})
    return file.getvalue()
