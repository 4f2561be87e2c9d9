"""The types of frames that the browser is checked against: all frames, as they are on the wire."""

import importlib
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

import msgspec
import pytest
from django.apps import apps as installed

from apps.agents.frames import ConsoleTakenFrame
from apps.chat.consumers import WidgetConsumer
from apps.console.consumers import ConsoleConsumer
from apps.realtime.consumers import SocketConsumer
from apps.realtime.frame_handlers import receives
from apps.realtime.frames import ClientFrame, Close
from scripts.frame_types import Declarations

BETWEEN_SERVERS = {ConsoleTakenFrame, Close}
"""What no page is ever told."""


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Thing(msgspec.Struct, omit_defaults=True):
    id: UUID
    colour: Colour
    at: datetime | None
    tags: list[Literal["a", "b"]]
    extra: dict[UUID, Any] = {}


class ThingFrame(msgspec.Struct, tag="thing"):
    """A thing
    came.

    Attributes:
        thing: which.
    """

    thing: Thing
    count: int = 0


class Ask(ClientFrame, tag="ask"):
    things: tuple[UUID, ...] = ()


class AskAck(msgspec.Struct):
    count: int = 0


class Hush(ClientFrame, tag="hush"):
    pass


class Shop(SocketConsumer):
    server_frames = (ThingFrame,)

    async def on_hello(self, hello: Any) -> AskAck:
        return AskAck()

    @receives(Ask)
    def ask(self, frame: Ask) -> AskAck:
        return AskAck()

    @receives(Hush, quiet=True)
    async def hush(self, frame: Hush) -> None: ...


def declared(consumer: type[SocketConsumer]) -> dict[str, str]:
    declarations = Declarations()
    declarations.socket("Shop", consumer)
    return declarations.texts


def test_a_struct_is_declared_as_it_is_on_the_wire() -> None:
    texts = declared(Shop)
    assert texts["Thing"].splitlines()[-6:] == [
        "  id: string;",
        '  colour: "red" | "blue";',
        "  at: string | null;",
        '  tags: ("a" | "b")[];',
        "  extra?: Record<string, unknown>;",
        "}",
    ]
    assert texts["ThingFrame"] == (
        '/** A thing came. */\nexport interface ThingFrame {\n  type: "thing";\n  thing: Thing;\n  count: number;\n}'
    )


def test_a_client_may_leave_out_what_has_a_default() -> None:
    assert '  type: "ask";\n  id: string;\n  things?: string[];\n' in declared(Shop)["Ask"]


def test_frames_that_are_never_acked_have_no_ack() -> None:
    texts = declared(Shop)
    assert texts["ShopAcks"].splitlines()[1:] == ["export interface ShopAcks {", "  ask: AskAck;", "}"]
    assert texts["ShopClientFrame"].endswith("= Ask | Hush;")


def test_an_ack_is_a_struct() -> None:
    class Loose(Shop):
        @receives(Ask)
        def ask(self, frame: Ask) -> Any: ...

    with pytest.raises(TypeError, match=r"Loose\.ask does not say"):
        declared(Loose)


def test_two_structs_of_one_name_are_told_apart_or_refused() -> None:
    other = msgspec.defstruct("Thing", [("name", str)])
    with pytest.raises(TypeError, match="are both Thing"):
        declared(type("Twice", (Shop,), {"server_frames": (ThingFrame, other)}))


def test_every_frame_that_is_published_is_one_of_a_sockets() -> None:
    known = {*ConsoleConsumer.server_frames, *WidgetConsumer.server_frames, *BETWEEN_SERVERS}
    modules = [f"{config.name}.frames" for config in installed.get_app_configs() if config.name.startswith("apps.")]
    found = {
        struct
        for name in modules
        if importlib.util.find_spec(name)
        for struct in vars(importlib.import_module(name)).values()
        if isinstance(struct, type) and issubclass(struct, msgspec.Struct) and struct.__struct_config__.tag
    }
    assert len(found) > 20
    assert {struct for struct in found if not issubclass(struct, ClientFrame)} == known
