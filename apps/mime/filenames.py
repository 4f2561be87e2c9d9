"""What a part is called where a person sees it."""

import mimetypes
import re

from apps.core.filenames import filename_clean
from apps.mime.headers import name_of

# What mails send without a name, and what no table of types knows or tells right.
_ENDINGS = {
    "text/calendar": "ics",
    "text/vcard": "vcf",
    "text/x-vcard": "vcf",
    "text/rfc822-headers": "txt",
    "text/plain": "txt",
    "text/html": "html",
    "image/jpeg": "jpg",
    "image/jpg": "jpg",
    "image/tiff": "tif",
    "message/rfc822": "eml",
    "message/delivery-status": "txt",
    "message/disposition-notification": "txt",
    "message/feedback-report": "txt",
    "application/pgp-signature": "asc",
    "application/pgp-encrypted": "asc",
    "application/pkcs7-mime": "p7m",
    "application/pkcs7-signature": "p7s",
    "application/x-pkcs7-mime": "p7m",
    "application/x-pkcs7-signature": "p7s",
    "application/ms-tnef": "dat",
    "application/octet-stream": "bin",
}
_STEMS = {
    "text/calendar": "invite",
    "text/vcard": "contact",
    "text/x-vcard": "contact",
    "text/rfc822-headers": "headers",
    "message/rfc822": "message",
    "message/delivery-status": "delivery-status",
    "message/disposition-notification": "receipt",
    "application/pgp-signature": "signature",
    "application/pkcs7-signature": "smime",
    "application/x-pkcs7-signature": "smime",
    "application/pkcs7-mime": "smime",
    "application/x-pkcs7-mime": "smime",
    "application/ms-tnef": "winmail",
}


def name_for(said: str, media_type: str, subject: str, number: int) -> str:
    """A part's name.

    Args:
        said: the name that the sender gave it; may be empty.
        media_type: in small letters.
        subject: of an enclosed mail, which is called by it.
        number: its place among the parts, for those that have no name.
    """
    if name_of(said):
        return filename_clean(said)
    ending = _ENDINGS.get(media_type) or (mimetypes.guess_extension(media_type) or ".bin").removeprefix(".")
    main = media_type.partition("/")[0]
    stem = (
        subject
        or _STEMS.get(media_type)
        or f"{main if main in ('image', 'audio', 'video', 'text') else 'attachment'}-{number}"
    )
    return filename_clean(f"{re.sub(r'[/:]', '-', stem)}.{ending}")
