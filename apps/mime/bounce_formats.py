"""Recipients that servers name in formats of their own, by the detectors of flufl.bounce (EML-10)."""

import logging
from email import message_from_bytes

from flufl.bounce import all_failures

MAX_REPORT = 32 * 1024
"""Bytes of a report that the detectors see: they try dozens of patterns on each of its lines, some 10 µs a line."""

# A detector that fails is logged by the library with its traceback; a broken report is no failure of ours.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL + 1)


def recipients_in_server_formats(raw: bytes) -> list[str]:
    """The addresses that a report names in a format of one kind of server.

    Args:
        raw: the whole mail.

    Returns:
        Nothing where no detector knows the format, or one of them fails on it.
    """
    try:
        delayed, failed = all_failures(message_from_bytes(raw[:MAX_REPORT]))
        return sorted(each.decode("ascii", "replace")[:320] for each in delayed | failed)
    except Exception:  # Heads without a sender, bare bytes and endless comments end in errors of any kind.
        return []
