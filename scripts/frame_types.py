"""Writes the types of all frames for the browser, from the structs of both sockets (apps/realtime/PROTOCOL.md).

    python scripts/frame_types.py           writes static/js/shared/frames.d.ts
    python scripts/frame_types.py --check   fails when that file is not what would be written

Made from each consumer's `hello`, its handlers' frames, what these return (the acks), and its `server_frames`.
"""

import json
import os
import sys
import textwrap
from collections.abc import Iterable
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_type_hints

import msgspec

ROOT: Final = Path(__file__).resolve().parent.parent
FILE: Final = ROOT / "static/js/shared/frames.d.ts"
WIDTH: Final = 120
HEAD: Final = "// Written by scripts/frame_types.py from the structs in apps/*/frames.py. To change it: make frames.\n"

sys.path.insert(0, str(ROOT))

if TYPE_CHECKING:
    from apps.realtime.consumers import SocketConsumer

SIMPLE: Final[dict[type[msgspec.inspect.Type], str]] = {
    msgspec.inspect.AnyType: "unknown",
    msgspec.inspect.NoneType: "null",
    msgspec.inspect.BoolType: "boolean",
    msgspec.inspect.IntType: "number",
    msgspec.inspect.FloatType: "number",
    msgspec.inspect.StrType: "string",
    msgspec.inspect.UUIDType: "string",
    msgspec.inspect.DateTimeType: "string",
}


class Declarations:
    """TypeScript declarations, each written once.

    Attributes:
        texts: the declarations by the names that they declare, those first that others are made of.
    """

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self._structs: dict[str, type] = {}
        self._home = ""

    def socket(self, title: str, consumer: "type[SocketConsumer]") -> None:
        """Declare all that is said over one kind of socket, under its title.

        Args:
            title: stands before the names of the frames and acks that are this socket's own.
            consumer: its consumer.

        Raises:
            TypeError: a handler does not say by its annotation which struct it answers with.
        """
        self._home = consumer.hello.__module__
        handlers = sorted(consumer.handlers.values(), key=lambda handler: _tag(handler.frame))
        sent = {handler.frame: self.struct(handler.frame, title, sent=True) for handler in handlers}
        acks = {_tag(h.frame): self.struct(_ack(h.method), title) for h in handlers if not h.is_quiet}
        welcome = self.struct(_ack(consumer.on_hello), title)
        hello = self.struct(consumer.hello, title, sent=True)
        told = [self.struct(frame) for frame in consumer.server_frames]
        self._alias(f"{title}ClientFrame", sorted(sent.values()), "What a client sends after its hello.")
        self._alias(f"{title}ServerFrame", told, "What a client is told, answers excluded.")
        self._interface(f"{title}Acks", acks.items(), "What each frame is answered with; the others by an error only.")
        parts = {
            "hello": hello,
            "welcome": welcome,
            "client": f"{title}ClientFrame",
            "acks": f"{title}Acks",
            "server": f"{title}ServerFrame",
        }
        self._interface(f"{title}Socket", parts.items(), "All that is said over this socket.")

    def struct(self, struct: type, title: str = "", *, sent: bool = False) -> str:
        """Declare a struct or a dataclass, and what it is made of.

        Args:
            struct: its class.
            title: stands before its name where it is defined beside the socket's hello, and doesn't begin with it.
            sent: clients send it, and may leave out what has a default; else it is left out where the struct says so.

        Returns:
            The name that it is declared by.

        Raises:
            TypeError: another one has the same name.
        """
        info: Any = msgspec.inspect.type_info(struct)
        own = title and struct.__module__ == self._home and not struct.__name__.startswith(title)
        name = title + struct.__name__ if own else struct.__name__
        if self._structs.setdefault(name, struct) is not struct:
            raise TypeError(f"{struct} and {self._structs[name]} are both {name} to the browser")
        tag = getattr(info, "tag", None)
        fields = {info.tag_field: json.dumps(tag)} if tag else {}
        omits = sent or (hasattr(struct, "__struct_config__") and struct.__struct_config__.omit_defaults)
        for field in info.fields:
            mark = "" if field.required or not omits else "?"
            fields[field.encode_name + mark] = self._type(field.type, sent=sent)
        self._interface(name, fields.items(), _summary(struct))
        return name

    def _type(self, info: Any, *, sent: bool) -> str:
        match info:
            case msgspec.inspect.StructType(cls=cls) | msgspec.inspect.DataclassType(cls=cls):
                return self.struct(cls, sent=sent)
            case msgspec.inspect.ListType(item_type=item) | msgspec.inspect.VarTupleType(item_type=item):
                of = self._type(item, sent=sent)
                return f"({of})[]" if " " in of else f"{of}[]"
            case msgspec.inspect.DictType(value_type=value):
                return f"Record<string, {self._type(value, sent=sent)}>"
            case msgspec.inspect.UnionType(types=types):
                return " | ".join(self._type(each, sent=sent) for each in types)
            case msgspec.inspect.LiteralType(values=values):
                return " | ".join(json.dumps(value) for value in values)
            case msgspec.inspect.EnumType(cls=cls) | msgspec.inspect.CustomType(cls=cls) if issubclass(cls, Enum):
                return " | ".join(json.dumps(member.value) for member in cls)
            case msgspec.inspect.Metadata(type=of):
                return self._type(of, sent=sent)
        return SIMPLE[type(info)]

    def _interface(self, name: str, fields: Iterable[tuple[str, str]], summary: str) -> None:
        lines = [_declared(f"  {field}:", of.split(" | "), "    ") for field, of in fields]
        self.texts[name] = "\n".join([*_comment(summary), f"export interface {name} {{", *lines, "}"])

    def _alias(self, name: str, types: list[str], summary: str) -> None:
        self.texts[name] = "\n".join([*_comment(summary), _declared(f"export type {name} =", types, "  ")])


def _tag(frame: type[msgspec.Struct]) -> str:
    return str(frame.__struct_config__.tag)


def _ack(method: Any) -> type:
    ack = get_type_hints(method).get("return")
    if not isinstance(ack, type) or not issubclass(ack, msgspec.Struct):
        raise TypeError(f"{method.__qualname__} does not say which struct it answers with")
    return ack


def _summary(struct: type) -> str:
    return " ".join((struct.__doc__ or "").strip().split("\n\n")[0].split())


def _comment(text: str) -> list[str]:
    if len(text) <= WIDTH - len("/**  */"):
        return [f"/** {text} */"]
    return ["/**", *textwrap.wrap(text, WIDTH, initial_indent=" * ", subsequent_indent=" * "), " */"]


def _declared(head: str, types: list[str], indent: str) -> str:
    """A type after what it is of: in one line, or one line each where that is too long."""
    line = f"{head} {' | '.join(types)};"
    if len(line) <= WIDTH:
        return line
    return "\n".join([head, *(f"{indent}| {each}" for each in types)]) + ";"


def frame_types() -> str:
    """The file's text."""
    from apps.chat.consumers import WidgetConsumer
    from apps.console.consumers import ConsoleConsumer

    declarations = Declarations()
    declarations.socket("Console", ConsoleConsumer)
    declarations.socket("Widget", WidgetConsumer)
    return "\n".join([HEAD, "\n\n".join(declarations.texts.values()), ""])


def main(arguments: list[str]) -> int:
    """Write the file, or compare it, and return an exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    import django

    django.setup()
    text = frame_types()
    if arguments == ["--check"]:
        if not FILE.exists() or FILE.read_text() != text:
            print(f"{FILE.relative_to(ROOT)} is not what the structs of the frames say: make frames")
            return 1
    else:
        FILE.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
