"""Reading: any bytes become a mail (EML-4)."""

from apps.email.mime.types import ParsedMail


def parse(raw: bytes) -> ParsedMail:
    """Read a mail. Whatever the bytes are, this returns: a broken mail is a mail with defects.

    Args:
        raw: as it came over the wire or out of a mailbox.
    """
    raise NotImplementedError
