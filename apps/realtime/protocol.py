"""Reads client frames: JSON text into the struct of its type, or the error that says what is wrong with it."""

import re
from collections.abc import Iterable
from typing import Any, Union

import msgspec
from django.utils.translation import gettext as _

from apps.realtime import frames
from apps.realtime.frames import ClientFrame

_PLACE = re.compile(r"at `\$\.?(?P<path>[^`]*)`$|field `(?P<name>[^`]+)`")


class Refused(Exception):  # noqa: N818 - becomes an error frame
    """A frame that cannot be carried out; the socket stays open.

    Attributes:
        text: the error frame.
    """

    def __init__(self, frame_id: str | None, code: str, message: str, **extra: Any) -> None:
        super().__init__(code)
        self.text = frames.error(frame_id, code, message, **extra)


class _Envelope(msgspec.Struct):
    """As much of a broken frame as the answer needs."""

    id: Any = None
    type: Any = None


class Reader:
    """Decodes the frames that one kind of socket accepts.

    Args:
        kinds: structs of these frames.
    """

    def __init__(self, kinds: Iterable[type[ClientFrame]]) -> None:
        self._kinds = tuple(kinds)
        self._types = frozenset(kind.__struct_config__.tag for kind in self._kinds)
        self._decode = msgspec.json.Decoder(Union[self._kinds]).decode  # noqa: UP007

    def read(self, text: str | None) -> ClientFrame:
        """Decode and check one frame.

        Args:
            text: the frame; None when it came as bytes.

        Raises:
            Refused: ``bad_json``, ``too_large``, ``unknown_type`` or ``bad_frame`` (with the ``field``).
        """
        if text is None:
            raise Refused(None, "bad_json", _("Frames are JSON text."))
        if too_large(text):
            raise Refused(None, "too_large", _("The frame is too large."), limit=frames.FRAME_BYTES)
        try:
            return self._decode(text)  # type: ignore[no-any-return]
        except msgspec.ValidationError as wrong:
            raise self._refused(text, wrong) from None
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            raise Refused(None, "bad_json", _("The frame is not JSON.")) from None

    def _refused(self, text: str, wrong: msgspec.ValidationError) -> Refused:
        """Say what is wrong with well-formed JSON that is no frame."""
        envelope = _envelope(text)
        frame_id = readable_id(envelope.id)
        if isinstance(envelope.type, str) and envelope.type not in self._types:
            return Refused(frame_id, "unknown_type", _("There is no such frame."))
        place = _PLACE.search(str(wrong))
        field = (place["path"] or place["name"] or "") if place else ""
        return Refused(frame_id, "bad_frame", str(wrong), field=field)


def readable_id(value: object) -> str | None:
    """The frame's id if it is one that may be repeated in an answer."""
    return value if isinstance(value, str) and 0 < len(value) <= 64 else None


def id_of(text: str | None) -> str | None:
    """The id of a frame that is refused unread."""
    return None if text is None or too_large(text) else readable_id(_envelope(text).id)


def too_large(text: str) -> bool:
    """Whether the frame is longer than a frame may be; counts bytes only where characters leave a doubt."""
    length = len(text)
    if length * 4 <= frames.FRAME_BYTES:
        return False
    return length > frames.FRAME_BYTES or len(text.encode("utf-8", "surrogatepass")) > frames.FRAME_BYTES


def _envelope(text: str) -> _Envelope:
    try:
        return msgspec.json.decode(text, type=_Envelope)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return _Envelope()
