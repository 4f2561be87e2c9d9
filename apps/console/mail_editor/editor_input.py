"""What an editor of mails sends, read; and how an address is typed (EML-5)."""

from dataclasses import dataclass
from uuid import UUID

from django.http import QueryDict

from apps.email.choices import DraftKind
from apps.mailout.actions import DraftContent
from apps.mime.addresses import parse_recipients
from apps.mime.types import Address

MOST_VALUES = 200
"""Recipients that are read of one field; the action refuses far fewer."""


@dataclass(frozen=True)
class EditorInput:
    """What an editor sends."""

    version: int
    content: DraftContent
    conversation_id: UUID | None
    kind: DraftKind
    answers_id: UUID | None
    seen: int


def editor_input(data: QueryDict) -> EditorInput:
    """Read what an editor sends; what is no id is none."""
    kind = data.get("kind", "")
    return EditorInput(
        version=_number(data.get("version", "")),
        content=DraftContent(
            to=_recipients(data, "to"),
            cc=_recipients(data, "cc"),
            bcc=_recipients(data, "bcc"),
            subject=data.get("subject", ""),
            body=data.get("body", "").replace("\r\n", "\n"),
            quotes=bool(data.get("quotes")),
            queue_id=_uuid(data.get("queue", "")),
            file_ids=tuple(found for each in data.getlist("file")[:MOST_VALUES] if (found := _uuid(each))),
        ),
        conversation_id=_uuid(data.get("conversation", "")),
        kind=DraftKind(kind) if kind in DraftKind.values else DraftKind.NEW,
        answers_id=_uuid(data.get("answers", "")),
        seen=_number(data.get("seen", "")),
    )


def address_text(address: Address) -> str:
    """An address as one types it."""
    if not address.name:
        return address.address
    name = address.name.replace("\\", "").replace('"', "'")
    return f'"{name}" <{address.address}>'


def _recipients(data: QueryDict, name: str) -> tuple[Address, ...]:
    found: list[Address] = []
    for value in data.getlist(name)[:MOST_VALUES]:
        found += parse_recipients(value)
    once = {each.key: each for each in reversed(found)}
    return tuple(reversed(once.values()))


def _number(text: str) -> int:
    return int(text[:9]) if text.isdecimal() else 0


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
