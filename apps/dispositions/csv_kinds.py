"""Disposition codes and sets as rows of files (TEN-8)."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from apps.agents.models import AgentGroup
from apps.dispositions.actions import code_save, code_set_fill, code_set_save
from apps.dispositions.choices import Display
from apps.dispositions.models import Code, CodeSet
from apps.imports.cells import Names, OneOf, Whole, YesNo
from apps.imports.kinds import CsvKind, register_kind
from apps.imports.resources import Column, CsvResource, Key, Record
from apps.queues.models import Queue


class CodeResource(CsvResource):
    """Codes: found by their name."""

    key = ("name",)

    name = Column("name", help=_("What it is called; unique."), example="Sold")
    description = Column("description", help=_("What it is for."), example="The customer has ordered")
    colour = Column("colour", help=_("As #1a2b3c."), example="#2f5bd7")
    is_enabled = Column("is_enabled", help=_("Whether it is offered."), example="yes", widget=YesNo(), default=True)

    def find(self, keys: Sequence[Key]) -> dict[Key, Record]:
        """By name."""
        rows = Code.objects.filter(name__in=[name for (name,) in keys])
        return {(row.name,): record for row, record in zip(rows, self.records(list(rows)), strict=True)}

    def records(self, rows: Sequence[Code]) -> list[Record]:
        """Each as it is."""
        return [Record({name: getattr(row, name) for name in self.fields}, row) for row in rows]

    def write(self, record: Record, changed: dict[str, Any], *, is_new: bool) -> None:
        """Make or change a code."""
        code = Code() if is_new else record.row
        for name, value in changed.items():
            if name != "colour" or value:
                setattr(code, name, value)
        code_save(code=code)


class CodeSetResource(CsvResource):
    """Sets: found by their name."""

    key = ("name",)

    name = Column("name", help=_("What it is called; unique."), example="Outcome")
    description = Column("description", help=_("What it is for."), example="How it ended")
    display = Column("display", help=_("Shown as."), example="buttons", widget=OneOf(map(str, Display.values)))
    is_required = Column("is_required", help=_("Whether one must be chosen."), example="yes", widget=YesNo())
    is_enabled = Column("is_enabled", help=_("Whether it is asked."), example="yes", widget=YesNo(), default=True)
    position = Column("position", help=_("Its order among sets."), example="0", widget=Whole())
    codes = Column(
        "codes",
        help=_("The names of its codes, in order."),
        example="Sold; Not interested",
        widget=Names(ordered=True),
        default=(),
    )
    queues = Column("queues", help=_("Asked in these queues."), example="Sales", widget=Names(), default=())
    groups = Column(
        "groups",
        help=_("Asked of these agent groups; with neither queues nor groups everywhere."),
        example="",
        widget=Names(),
        default=(),
    )

    PLAIN = ("name", "description", "display", "is_required", "is_enabled", "position")

    def find(self, keys: Sequence[Key]) -> dict[Key, Record]:
        """By name."""
        rows = self.prepared(CodeSet.objects.filter(name__in=[name for (name,) in keys]))
        return {(record.row.name,): record for record in self.records(list(rows))}

    @classmethod
    def prepared(cls, rows: Any) -> Any:
        """With codes, queues and groups."""
        return rows.prefetch_related("entries__code", "queues", "groups")

    def records(self, rows: Sequence[CodeSet]) -> list[Record]:
        """Each as it is."""
        return [
            Record(
                {
                    **{name: getattr(row, name) for name in self.PLAIN},
                    "codes": tuple(entry.code.name for entry in row.entries.all()),
                    "queues": tuple(sorted(each.name for each in row.queues.all())),
                    "groups": tuple(sorted(each.name for each in row.groups.all())),
                },
                row,
            )
            for row in rows
        ]

    def write(self, record: Record, changed: dict[str, Any], *, is_new: bool) -> None:
        """Make or change a set, then what it offers."""
        row = CodeSet() if is_new else record.row
        for name in self.PLAIN:
            if name in changed:
                setattr(row, name, changed[name])
        queues = _rows(Queue, record.values["queues"], "queues")
        groups = _rows(AgentGroup, record.values["groups"], "groups")
        row = code_set_save(code_set=row, queues=queues, groups=groups)
        if "codes" in changed:
            codes = _rows(Code, changed["codes"], "codes")
            code_set_fill(code_set=row, places={code.pk: place for place, code in enumerate(codes)})


def _rows(model: Any, names: Sequence[str], column: str) -> list[Any]:
    found = {row.name: row for row in model.objects.filter(name__in=names)}
    unknown = [name for name in names if name not in found]
    if unknown:
        raise ValidationError({column: _t("There is no “%(name)s”.") % {"name": unknown[0]}})
    return [found[name] for name in names]


register_kind(CsvKind("codes", _("Disposition codes"), Code, CodeResource))
register_kind(CsvKind("code_sets", _("Disposition sets"), CodeSet, CodeSetResource))
