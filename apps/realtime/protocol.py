"""Reads client frames: JSON text into the struct of its type, or the error that says what is wrong with it."""

import json
import re
from collections.abc import Iterable
from typing import Any, Union

import msgspec
from django.utils.translation import gettext as _

from apps.core.text import is_storable
from apps.realtime import frames
from apps.realtime.frames import ClientFrame

NUL = "\\u0000"
_ID = re.compile(r'"id"\s*:\s*"([^"\\\x00-\x1f]{1,64})"')
"""The id in what is no JSON."""
_PLACE = re.compile(r"at `\$\.?(?P<path>[^`]*)`$|field `(?P<name>[^`]+)`")


class FrameRefused(Exception):  # noqa: N818 - becomes an error frame
    """A frame that cannot be carried out; the socket stays open.

    Attributes:
        field: which of its fields is wrong, where one is.
        text: the error frame.
    """

    def __init__(self, frame_id: str | None, code: str, message: str, **extra: Any) -> None:
        super().__init__(code)
        self.field: str = extra.get("field", "")
        self.text = frames.error_frame(frame_id, code, message, **extra)


class _Envelope(msgspec.Struct):
    """As much of a broken frame as the answer needs."""

    id: Any = None
    type: Any = None


class FrameReader:
    """Decodes the frames that one kind of socket accepts.

    Args:
        kinds: structs of these frames.
    """

    def __init__(self, kinds: Iterable[type[ClientFrame]]) -> None:
        self._kinds = tuple(kinds)
        self._types = frozenset(kind.__struct_config__.tag for kind in self._kinds)
        self._decode = msgspec.json.Decoder(Union[self._kinds]).decode  # noqa: UP007

    def read(self, data: str | bytes) -> ClientFrame:
        """Decode and check one frame.

        Args:
            data: the frame; bytes where it came as such, which no frame does.

        Raises:
            FrameRefused: ``bad_json``, ``too_large``, ``unknown_type`` or ``bad_frame`` (with the ``field``); it names
                the frame whose id can be told.
        """
        if isinstance(data, bytes):
            raise FrameRefused(frame_id_of(data), "bad_json", _("Frames are JSON text."))
        if is_too_large(data):
            message = _("The frame is too large.")
            raise FrameRefused(frame_id_of(data), "too_large", message, limit=frames.FRAME_BYTES)
        try:
            frame: ClientFrame = self._decode(data)
        except msgspec.ValidationError as wrong:
            raise self._refused(data, wrong) from None
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            raise _unreadable(data) from None
        if NUL in data and (field := _unfit_field(data)) is not None:
            raise _unfit(frame.id, field)
        return frame

    def _refused(self, text: str, wrong: msgspec.ValidationError) -> FrameRefused:
        """Say what is wrong with well-formed JSON that is no frame."""
        envelope = _envelope(text)
        frame_id = valid_frame_id(envelope.id)
        if isinstance(envelope.type, str) and envelope.type not in self._types:
            return FrameRefused(frame_id, "unknown_type", _("There is no such frame."))
        place = _PLACE.search(str(wrong))
        field = (place["path"] or place["name"] or "") if place else ""
        return FrameRefused(frame_id, "bad_frame", str(wrong), field=field)


def valid_frame_id(value: object) -> str | None:
    """The frame's id if it is one that may be repeated in an answer."""
    return value if isinstance(value, str) and 0 < len(value) <= 64 and is_storable(value) else None


def frame_id_of(data: str | bytes) -> str | None:
    """The id of a frame that is refused unread: whoever sent it has to know that this one is settled."""
    text = data.decode(errors="replace") if isinstance(data, bytes) else data
    return valid_frame_id(_envelope(text).id)


def is_too_large(text: str) -> bool:
    """Whether the frame is longer than a frame may be; counts bytes only where characters leave a doubt."""
    length = len(text)
    if length * 4 <= frames.FRAME_BYTES:
        return False
    return length > frames.FRAME_BYTES or len(text.encode("utf-8", "surrogatepass")) > frames.FRAME_BYTES


def _unreadable(text: str) -> FrameRefused:
    """Half a character, which Python's reader takes and ours does not, or no JSON at all."""
    field = _unfit_field(text)
    if field is None:
        return FrameRefused(frame_id_of(text), "bad_json", _("The frame is not JSON."))
    return _unfit(frame_id_of(text), field)


def _unfit(frame_id: str | None, field: str) -> FrameRefused:
    return FrameRefused(
        valid_frame_id(frame_id), "bad_frame", _("It holds characters that can't be sent."), field=field
    )


def _unfit_field(text: str) -> str | None:
    """The first field with text that can't be stored, empty for one that can't be named; None where there is none."""
    unfit = (name for name, value in _loosely(text).items() if not is_storable([name, value]))
    name = next(unfit, None)
    return name if name is None or is_storable(name) else ""


def _envelope(text: str) -> _Envelope:
    try:
        return msgspec.json.decode(text, type=_Envelope)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        told = _loosely(text)
    if not told and len(named := set(_ID.findall(text))) == 1:
        return _Envelope(id=named.pop())
    return _Envelope(id=told.get("id"), type=told.get("type"))


def _loosely(text: str) -> dict[str, Any]:
    """The object as Python reads it; empty for anything else."""
    try:
        told = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
