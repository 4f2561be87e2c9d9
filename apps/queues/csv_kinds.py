"""Skills and queues as rows of files (TEN-8)."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from apps.imports.cells import Names, OneOf, Text, Whole, YesNo
from apps.imports.choices import RowState
from apps.imports.kinds import CsvKind, register_kind
from apps.imports.resources import Column, CsvResource, Key, Outcome, Record
from apps.queues import actions
from apps.queues.actions.queues import QUEUE_FIELDS
from apps.queues.choices import AcwMode, Strategy
from apps.queues.models import HoursProfile, Queue, Skill, SkillGroup
from apps.queues.selectors import skill_labels


def named(rows: dict[str, Any], name: str, column: str) -> Any:
    """A row by its name.

    Raises:
        ValidationError: there is none, as an error of the column.
    """
    if name not in rows:
        raise ValidationError({column: _t("There is no “%(name)s”.") % {"name": name}})
    return rows[name]


class SkillResource(CsvResource):
    """Skills: found by group and name."""

    key = ("group", "name")

    group = Column("group", help=_("The skill group; made where there is none of that name."), example="Products")
    name = Column("name", help=_("What it is called, unique in its group."), example="Invoices")
    description = Column("description", help=_("What it is for."), example="Questions about invoices")
    language = Column("language", help=_("A language tag, if this skill is a language."), example="es")

    def find(self, keys: Sequence[Key]) -> dict[Key, Record]:
        """By group and name."""
        names = {name for _group, name in keys}
        rows = Skill.objects.filter(name__in=names).select_related("group")
        return {(row.group.name, row.name): record for row, record in self._paired(rows)}

    def records(self, rows: Sequence[Skill]) -> list[Record]:
        """Each as it is."""
        return [record for _row, record in self._paired(rows)]

    def _paired(self, rows: Iterable[Skill]) -> list[tuple[Skill, Record]]:
        return [
            (
                row,
                Record(
                    {
                        "group": row.group.name,
                        "name": row.name,
                        "description": row.description,
                        "language": row.language,
                    },
                    row,
                ),
            )
            for row in rows
        ]

    def write(self, record: Record, changed: dict[str, Any], *, is_new: bool) -> None:
        """Make or change a skill."""
        if not is_new:
            actions.skill_update(skill=record.row, fields=changed)
            return
        if not changed.get("group"):
            raise ValidationError({"group": _t("This must not be empty.")})
        name = changed.pop("group")
        group = SkillGroup.objects.filter(name=name).first() or actions.skill_group_create(name=name)
        actions.skill_create(group=group, **changed)


class QueueResource(CsvResource):
    """Queues: found by their name. Who serves them stands in the rows of users."""

    key = ("name",)

    name = Column("name", help=_("What it is called; unique."), example="Sales")
    description = Column("description", help=_("What it is for."), example="Orders and offers")
    hours = Column("hours", help=_("The name of hours; empty: always open."), example="Office hours")
    priority = Column("priority", help=_("1 is served first, 10 last."), example="5", widget=Whole())
    strategy = Column(
        "strategy", help=_("Who is asked first."), example="best_skill", widget=OneOf(map(str, Strategy.values))
    )
    max_wait_seconds = Column("max_wait_seconds", help=_("Maximum wait, in seconds."), example="600", widget=Whole())
    preferred_seconds = Column(
        "preferred_seconds", help=_("Preferred agents only, in seconds; 0: not at all."), example="0", widget=Whole()
    )
    last_agent_first = Column(
        "last_agent_first", help=_("Whom the customer spoke with last is asked first."), example="no", widget=YesNo()
    )
    service_level_seconds = Column(
        "service_level_seconds", help=_("Answer within, in seconds."), example="20", widget=Whole()
    )
    service_level_percent = Column(
        "service_level_percent", help=_("Share answered in time, in percent."), example="80", widget=Whole()
    )
    limits_transfers = Column(
        "limits_transfers", help=_("Transfers only to the queues named."), example="no", widget=YesNo()
    )
    transfer_to = Column(
        "transfer_to", help=_("The queues that transfers may go to."), example="Support", widget=Names(), default=()
    )
    skills = Column(
        "skills",
        help=_("Skills asked for, as group/name; with :seconds after which no longer."),
        example="Products/Invoices; Languages/Spanish:120",
        widget=Names(),
        default=(),
    )
    acw_mode = Column("acw_mode", help=_("After-call work."), example="timed", widget=OneOf(map(str, AcwMode.values)))
    acw_seconds = Column("acw_seconds", help=_("Timed release after, in seconds."), example="30", widget=Whole())
    closing_message = Column(
        "closing_message", help=_("Said while closed by hand."), example="We are closed today.", widget=Text(lines=True)
    )
    active = Column("active", help=_("Whether it takes conversations."), example="yes", widget=YesNo(), default=True)

    PLAIN = QUEUE_FIELDS - {"hours"}

    def find(self, keys: Sequence[Key]) -> dict[Key, Record]:
        """By name."""
        rows = Queue.objects.filter(name__in=[name for (name,) in keys])
        return {(record.row.name,): record for record in self.records(list(self.prepared(rows)))}

    @classmethod
    def prepared(cls, rows: Any) -> Any:
        """With hours, skills and transfers."""
        return rows.select_related("hours").prefetch_related("transfer_to", "skills__skill__group")

    def records(self, rows: Sequence[Queue]) -> list[Record]:
        """Each as it is."""
        return [Record(self._values(row), row) for row in rows]

    def _values(self, row: Queue) -> dict[str, Any]:
        asked = [
            f"{each.skill.group.name}/{each.skill.name}"
            + (f":{each.expires_after_seconds}" if each.expires_after_seconds else "")
            for each in row.skills.all()
        ]
        return {
            **{name: getattr(row, name) for name in self.PLAIN},
            "hours": row.hours.name if row.hours else "",
            "transfer_to": tuple(sorted(each.name for each in row.transfer_to.all())),
            "skills": tuple(sorted(asked)),
            "active": row.is_active,
        }

    def before_chunk(self) -> None:
        """What rows name."""
        self._hours = {row.name: row for row in HoursProfile.objects.all()}
        self._skills = skill_labels()
        self._transfers: list[tuple[int, Queue, tuple[str, ...]]] = []

    def write(self, record: Record, changed: dict[str, Any], *, is_new: bool) -> None:
        """Make or change a queue; transfers follow once all queues of the chunk are there."""
        fields = {name: value for name, value in changed.items() if name in self.PLAIN}
        if "hours" in changed:
            fields["hours"] = named(self._hours, changed["hours"], "hours") if changed["hours"] else None
        skills = self._asked(changed["skills"]) if "skills" in changed else None
        if is_new:
            queue = actions.queue_create(**fields, skills=skills, actor=self.actor)
        else:
            queue = actions.queue_update(queue=record.row, fields=fields, skills=skills, actor=self.actor)
        if changed.get("active", queue.is_active) != queue.is_active:
            switch = actions.queue_activate if changed["active"] else actions.queue_deactivate
            switch(queue=queue, actor=self.actor)
        if "transfer_to" in changed:
            self._transfers.append((record.line, queue, changed["transfer_to"]))

    def _asked(self, cell: tuple[str, ...]) -> dict[Any, int | None]:
        asked: dict[Any, int | None] = {}
        for text in cell:
            label, colon, seconds = text.rpartition(":")
            if colon and seconds.strip().isdigit() and label in self._skills:
                asked[self._skills[label].pk] = int(seconds)
            else:
                asked[named(self._skills, text, "skills").pk] = None
        return asked

    def after_chunk(self, outcomes: list[Outcome]) -> None:
        """Write where transfers may go."""
        if not self._transfers:
            return
        names = {row.name: row for row in Queue.objects.all()}
        for line, queue, wanted in self._transfers:
            unknown = [name for name in wanted if name not in names]
            if unknown:
                outcome = next(each for each in outcomes if each.line == line)
                outcome.state = RowState.WRONG
                outcome.errors = {"transfer_to": [_t("There is no “%(name)s”.") % {"name": unknown[0]}]}
            else:
                actions.queue_update(queue=queue, transfer_to=[names[name] for name in wanted], actor=self.actor)


register_kind(CsvKind("skills", _("Skills"), Skill, SkillResource))
register_kind(CsvKind("queues", _("Queues"), Queue, QueueResource))
