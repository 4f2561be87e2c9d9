"""What goes over a socket: the base frames, limits, close codes, and what ends a socket with one.

Apps define their own frames from these.
"""

from collections.abc import Iterable
from typing import Annotated, Any, Final

import msgspec
from django.utils.encoding import force_str
from django.utils.functional import Promise

from apps.core.errors import DomainError

VERSION: Final = 1
FRAME_BYTES: Final = 64 * 1024
"""Largest frame a client may send, in bytes of UTF-8."""
HELLO_SECONDS: Final = 10.0
"""How long a socket may stay open without a hello."""

CLOSE_PROTOCOL: Final = 4400
CLOSE_SIGNED_OUT: Final = 4401
CLOSE_FORBIDDEN: Final = 4403
CLOSE_TOO_SLOW: Final = 4408
CLOSE_TAKEN_OVER: Final = 4409
CLOSE_GONE: Final = 4410
CLOSE_FAILED: Final = 1011
CLOSE_TRY_LATER: Final = 1013

FrameId = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class ClientFrame(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type"):
    """A frame that a client sends; a subclass names its type: ``class Send(ClientFrame, tag="message.send")``.

    Attributes:
        id: chosen by the client; the answer, an ack or an error, carries it.
    """

    id: FrameId


class Hello(ClientFrame, frozen=True, tag="hello"):
    """The first frame of every socket. A consumer may ask for a subclass with fields of its own.

    Attributes:
        v: version of the protocol that the client speaks.
    """

    v: int


class Close(msgspec.Struct, frozen=True, tag="close", tag_field="type", omit_defaults=True):
    """Published to a group: every socket in it is closed with this code, at once. Never forwarded to clients.

    Attributes:
        code: one of the ``CLOSE_...`` codes.
        spare: the channel name of the one socket that stays open (the one that takes over).
    """

    code: int
    spare: str = ""


Ack = msgspec.Struct | None
"""The further fields of an answer to a client's frame."""


class Closed(Exception):  # noqa: N818 - an outcome, not an error
    """Raised by a hook or a handler: ends the socket.

    Attributes:
        code: one of the ``CLOSE_...`` codes; None when the other side has gone already.
    """

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


class Resync(msgspec.Struct, frozen=True, tag="resync", tag_field="type"):
    """Told to a client when events may have been lost on their way: ask again from the numbers you hold."""


def encode_frame(frame: msgspec.Struct | dict[str, Any]) -> str:
    """The frame as JSON text."""
    return msgspec.json.encode(frame, enc_hook=_plain).decode()


def _plain(value: object) -> str:
    """A translatable text as it reads in the current language."""
    if isinstance(value, Promise):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in a frame")


def frame_type(frame: msgspec.Struct | dict[str, Any]) -> str:
    """The ``type`` of a frame, without looking into its JSON.

    Raises:
        ValueError: the frame has none; every frame on a socket has one.
    """
    kind = frame.get("type") if isinstance(frame, dict) else frame.__struct_config__.tag
    if not isinstance(kind, str):
        raise ValueError(f"a frame needs a type: {frame!r}")
    return kind


def kinds_of(frames: Iterable[type[msgspec.Struct]]) -> frozenset[str]:
    """The ``type`` of each of these structs of frames."""
    return frozenset(str(frame.__struct_config__.tag) for frame in frames)


def event_message(frame: msgspec.Struct | dict[str, Any]) -> dict[str, Any]:
    """The frame as the channel layer carries it: encoded once, its kind readable beside it."""
    return {"type": "event", "kind": frame_type(frame), "text": encode_frame(frame)}


def answer_frame(kind: str, frame_id: str, extra: msgspec.Struct | dict[str, Any] | None = None) -> str:
    """The answer to a client's frame that was carried out.

    Args:
        kind: ``ack``, or ``welcome`` for a hello.
        frame_id: the client's frame.
        extra: further fields of the answer.
    """
    fields = msgspec.structs.asdict(extra) if isinstance(extra, msgspec.Struct) else extra or {}
    return encode_frame({**fields, "type": kind, "id": frame_id})


def error_frame(frame_id: str | None, code: str, message: str, **extra: Any) -> str:
    """The answer to a client's frame that was not carried out.

    Args:
        frame_id: the client's frame; None when it could not be read that far.
        code: a stable word for programs.
        message: one sentence for the person.
        extra: further facts, such as ``retry_after`` in seconds.
    """
    return encode_frame({**extra, "type": "error", "id": frame_id, "code": code, "message": message})


def refusal_frame(frame_id: str | None, refused: DomainError) -> str:
    """The answer to a client's frame that an action refused."""
    return error_frame(frame_id, refused.code, force_str(refused.message), **refused.extra)
