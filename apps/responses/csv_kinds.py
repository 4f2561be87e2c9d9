"""Standard responses as rows of files (TEN-8)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from import_export.widgets import Widget

from apps.agents.models import AgentGroup
from apps.imports.cells import Names, Text, YesNo
from apps.imports.kinds import CsvKind, register_kind
from apps.imports.resources import Column, CsvResource, Key, Record
from apps.queues.models import Queue
from apps.queues.selectors import skill_labels
from apps.responses.actions import response_group_save, response_save
from apps.responses.models import Response, ResponseGroup


class Moment(Widget):  # type: ignore[misc]
    """A date and a time with its offset; nothing for never."""

    hint = _("Date and time, such as 2026-12-31T18:00:00+01:00")
    optional = True

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> datetime | None:
        """The moment.

        Raises:
            ValueError: it is none.
        """
        del row, kwargs
        if not value.strip():
            return None
        try:
            at = datetime.fromisoformat(value.strip())
        except ValueError:
            raise ValueError(_t("Write date and time, such as 2026-12-31T18:00:00+01:00.")) from None
        return at if timezone.is_aware(at) else timezone.make_aware(at)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """In UTC."""
        del obj, kwargs
        return value.astimezone(timezone.get_fixed_timezone(0)).isoformat() if value else ""


FIELDS = {
    "name": "name",
    "language": "language",
    "shortcut": "shortcut",
    "chat_body": "chat_body",
    "email_body": "email_body",
    "enabled": "is_enabled",
    "expires": "expires_at",
}
"""Columns, and what each is called in the model."""


class ResponseResource(CsvResource):
    """Responses: found by group, name and language."""

    key = ("group", "name", "language")

    group = Column("group", help=_("The response group; made where there is none of that name."), example="Greeting")
    name = Column("name", help=_("What it is called, unique in its group and language."), example="Hello")
    language = Column("language", help=_("A language tag, or empty."), example="en")
    shortcut = Column("shortcut", help=_("What agents type after the slash; unique."), example="hello", needed=True)
    chat_body = Column(
        "chat_body",
        help=_("Text for chat, with variables."),
        example="Hello {{contact.first_name}}!",
        widget=Text(lines=True),
        needed=True,
    )
    email_body = Column(
        "email_body", help=_("Text for email; empty: that for chat."), example="", widget=Text(lines=True)
    )
    enabled = Column("enabled", help=_("Whether it is offered."), example="yes", widget=YesNo(), default=True)
    expires = Column(
        "expires", help=_("From then on it is no longer offered."), example="", widget=Moment(), default=None
    )
    queues = Column("queues", help=_("Only in these queues; empty: any."), example="Sales", widget=Names(), default=())
    skills = Column(
        "skills",
        help=_("Only where one of these skills is asked for, as group/name."),
        example="Products/Invoices",
        widget=Names(),
        default=(),
    )
    agent_groups = Column(
        "agent_groups", help=_("Only for these agent groups."), example="Default Group", widget=Names(), default=()
    )

    def needed_columns(self) -> list[str]:
        """A file without languages has responses without one."""
        return ["group", "name"]

    def key_of(self, row: dict[str, str]) -> Key:
        """The language in small letters, as it is stored."""
        group, name, language = super().key_of(row)
        return (group, name, language.lower())

    def find(self, keys: Sequence[Key]) -> dict[Key, Record]:
        """By group, name and language."""
        rows = self.prepared(Response.objects.filter(name__in={name for _group, name, _language in keys}))
        return {(row.row.group.name, row.row.name, row.row.language): row for row in self.records(list(rows))}

    @classmethod
    def prepared(cls, rows: Any) -> Any:
        """With group and rules."""
        return rows.select_related("group").prefetch_related("queues", "skills__group", "agent_groups")

    def records(self, rows: Sequence[Response]) -> list[Record]:
        """Each as it is."""
        return [
            Record(
                {
                    "group": row.group.name,
                    **{column: getattr(row, field) for column, field in FIELDS.items()},
                    "queues": tuple(sorted(each.name for each in row.queues.all())),
                    "skills": tuple(sorted(f"{each.group.name}/{each.name}" for each in row.skills.all())),
                    "agent_groups": tuple(sorted(each.name for each in row.agent_groups.all())),
                },
                row,
            )
            for row in rows
        ]

    def before_chunk(self) -> None:
        """What rows name."""
        self._queues = {row.name: row for row in Queue.objects.all()}
        self._groups = {row.name: row for row in AgentGroup.objects.all()}
        self._skills = skill_labels()

    def write(self, record: Record, changed: dict[str, Any], *, is_new: bool) -> None:
        """Make or change a response."""
        response = record.row or Response()
        if is_new:
            if not record.values["group"]:
                raise ValidationError({"group": _t("This must not be empty.")})
            name = record.values["group"]
            found = ResponseGroup.objects.filter(name=name).first()
            response.group = found or response_group_save(group=ResponseGroup(name=name))
        for column, field in FIELDS.items():
            if column in changed:
                setattr(response, field, changed[column])
        response_save(
            response=response,
            queues=self._rows(record, "queues", self._queues),
            skills=self._rows(record, "skills", self._skills),
            agent_groups=self._rows(record, "agent_groups", self._groups),
            actor=self.actor,
        )

    def _rows(self, record: Record, column: str, rows: dict[str, Any]) -> list[Any]:
        unknown = [name for name in record.values[column] if name not in rows]
        if unknown:
            raise ValidationError({column: _t("There is no “%(name)s”.") % {"name": unknown[0]}})
        return [rows[name] for name in record.values[column]]


register_kind(CsvKind("responses", _("Standard responses"), Response, ResponseResource))
