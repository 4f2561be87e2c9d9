"""Users, with what they are as agents, as rows of files (TEN-8)."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models.functions import Lower
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from apps.accounts import actions as accounts
from apps.accounts.models import Role, User
from apps.accounts.selectors import role_exceeds
from apps.agents import actions
from apps.agents.models import Agent, AgentGroup, Membership
from apps.imports.cells import Names, Whole, YesNo
from apps.imports.kinds import CsvKind, register_kind
from apps.imports.resources import Column, CsvResource, Key, Record
from apps.queues.choices import Family, Level
from apps.queues.models import Queue
from apps.queues.selectors import skill_labels

LEVELS = {level.name.lower(): level for level in Level}
PREFERRED = "preferred"
SLOTS = {f"{family.value}_slots": family for family in Family}
AGENT_COLUMNS = frozenset({"agent_group", "skills", "queues", *SLOTS})
PROFILE = frozenset({"email", "first_name", "last_name", "nick_name", "phone", "custom_id", "time_zone"})


class UserResource(CsvResource):
    """Users: found by their email address. New ones have no password until they are invited or given one."""

    key = ("email",)

    email = Column("email", help=_("By which they sign in; unique."), example="ana@example.com")
    first_name = Column("first_name", help=_("First name."), example="Ana", needed=True)
    last_name = Column("last_name", help=_("Last name."), example="Pérez")
    nick_name = Column("nick_name", help=_("What customers see."), example="Anita")
    role = Column(
        "role",
        help=_("The code of a role that may not do more than yours."),
        example="agent",
        needed=True,
        is_silent_when_empty=True,
    )
    phone = Column("phone", help=_("In the international form."), example="+34600123456")
    custom_id = Column("custom_id", help=_("Their key in your own system."), example="E-17")
    time_zone = Column(
        "time_zone",
        help=_("By its name; the company's for a new one without."),
        example="Europe/Madrid",
        is_silent_when_empty=True,
    )
    active = Column("active", help=_("Whether they may sign in."), example="yes", widget=YesNo(), default=True)
    agent_group = Column(
        "agent_group", help=_("Agents: the agent group."), example="Default Group", is_silent_when_empty=True
    )
    chat_slots = Column(
        "chat_slots", help=_("Agents: chats at once, 0 to 15."), example="3", widget=Whole(), default=None
    )
    email_slots = Column(
        "email_slots", help=_("Agents: emails at once, 0 to 15."), example="5", widget=Whole(), default=None
    )
    voice_slots = Column(
        "voice_slots", help=_("Agents: calls at once, 0 to 15."), example="1", widget=Whole(), default=None
    )
    skills = Column(
        "skills",
        help=_("Agents: skills and languages as group/name:level (novice, average, good, expert)."),
        example="Languages/Spanish:expert; Products/Invoices:good",
        widget=Names(),
        default=(),
    )
    queues = Column(
        "queues",
        help=_("Agents: the queues that they serve by themselves; with :preferred where they come first."),
        example="Sales; Support:preferred",
        widget=Names(),
        default=(),
    )

    def key_of(self, row: dict[str, str]) -> Key:
        """The address in small letters."""
        return (row.get("email", "").strip().lower(),)

    def find(self, keys: Sequence[Key]) -> dict[Key, Record]:
        """By email, whatever its case."""
        wanted = {email for (email,) in keys}
        there = User.objects.filter(deleted_at=None, is_operator=False).alias(folded=Lower("email"))
        users = self.prepared(there.filter(folded__in=wanted))
        return {(record.row.email.lower(),): record for record in self.records(list(users))}

    @classmethod
    def prepared(cls, rows: Any) -> Any:
        """With what they are as agents."""
        return rows.select_related("role", "agent__group").prefetch_related(
            "agent__capacities", "agent__skills__skill__group", "agent__memberships__queue"
        )

    def records(self, rows: Sequence[User]) -> list[Record]:
        """Each as they are."""
        return [Record(_values(row), row) for row in rows]

    def before_chunk(self) -> None:
        """What rows name."""
        self._roles = {row.code: row for row in Role.objects.all()}
        self._groups = {row.name: row for row in AgentGroup.objects.all()}
        self._queues = {row.name: row for row in Queue.objects.all()}
        self._skills = skill_labels()

    def write(self, record: Record, changed: dict[str, Any], *, is_new: bool) -> None:
        """Make or change a user, then what they are as an agent."""
        if is_new:
            user = self._made(changed)
        else:
            user = record.row
            if user.pk != self.actor.pk and (user.is_owner or role_exceeds(user.role, self.actor.role)):
                raise ValidationError({"email": _t("This user may do more than you: ask the owner.")})
            if profile := self._profile(changed):
                accounts.user_update(user=user, fields=profile, actor=self.actor)
        self._write_agent(user, changed)
        if changed.get("active", user.is_active) != user.is_active:
            switch = accounts.user_activate if changed["active"] else accounts.user_deactivate
            switch(user=user, actor=self.actor)

    def _made(self, changed: dict[str, Any]) -> User:
        profile = self._profile(changed)
        if not profile.get("time_zone"):
            profile.pop("time_zone", None)
        return accounts.user_create(**profile, password=None, actor=self.actor)

    def _profile(self, changed: dict[str, Any]) -> dict[str, Any]:
        profile = {name: value for name, value in changed.items() if name in PROFILE}
        if "role" in changed:
            if changed["role"] not in self._roles:
                codes = ", ".join(sorted(self._roles))
                raise ValidationError({"role": _t("Write the code of a role: %(codes)s.") % {"codes": codes}})
            profile["role"] = self._roles[changed["role"]]
        return profile

    def _write_agent(self, user: User, changed: dict[str, Any]) -> None:
        wanted = {
            name: value for name, value in changed.items() if name in AGENT_COLUMNS and value not in ("", (), None)
        }
        emptied = {name for name in AGENT_COLUMNS & set(changed) if name not in wanted}
        if not wanted and not emptied:
            return
        if not Agent.objects.filter(pk=user.pk).exists():
            if wanted:
                name = next(iter(wanted))
                raise ValidationError({name: _t("Their role has no console: they are no agent.")})
            return
        if "agent_group" in wanted:
            actions.agent_set_group(agent_id=user.pk, group=_named(self._groups, wanted["agent_group"], "agent_group"))
        limits = {family: wanted[name] for name, family in SLOTS.items() if name in wanted}
        if limits:
            self._set_slots(user, limits)
        if "skills" in changed:
            actions.agent_set_skills(agent_id=user.pk, levels=self._levels(changed["skills"]))
        if "queues" in changed:
            self._set_queues(user, changed["queues"])

    def _set_slots(self, user: User, limits: dict[Family, int]) -> None:
        for name, family in SLOTS.items():
            if limits.get(family, 0) > 15:
                raise ValidationError({name: _t("At most 15.")})
        actions.agent_set_slots(agent_id=user.pk, limits=limits)

    def _levels(self, cell: tuple[str, ...]) -> dict[Any, Level]:
        levels = {}
        for text in cell:
            label, _colon, level = text.rpartition(":")
            if level.strip().lower() not in LEVELS:
                said = _t("“%(text)s”: write group/name:level, the level as novice, average, good or expert.")
                raise ValidationError({"skills": said % {"text": text}})
            levels[_named(self._skills, label.strip(), "skills").pk] = LEVELS[level.strip().lower()]
        return levels

    def _set_queues(self, user: User, cell: tuple[str, ...]) -> None:
        wanted = {}
        for text in cell:
            name, colon, word = text.rpartition(":")
            is_preferred = bool(colon) and word.strip().lower() == PREFERRED
            wanted[_named(self._queues, name.strip() if is_preferred else text, "queues").pk] = is_preferred
        served = dict(Membership.objects.filter(agent=user.pk).values_list("queue", "is_preferred"))
        for queue, is_preferred in wanted.items():
            if served.get(queue) != is_preferred:
                actions.membership_set(agent_id=user.pk, queue_id=queue, is_preferred=is_preferred)
        for queue in served.keys() - wanted.keys():
            actions.membership_remove(agent_id=user.pk, queue_id=queue)


def _named(rows: dict[str, Any], name: str, column: str) -> Any:
    if name not in rows:
        raise ValidationError({column: _t("There is no “%(name)s”.") % {"name": name}})
    return rows[name]


def _values(user: User) -> dict[str, Any]:
    values = {name: getattr(user, name) for name in PROFILE}
    agent: Agent | None = getattr(user, "agent", None)
    limits = {each.family: each.limit for each in agent.capacities.all()} if agent else {}
    skills = agent.skills.all() if agent else ()
    served = agent.memberships.all() if agent else ()
    return {
        **values,
        "role": user.role.code if user.role else "",
        "active": user.is_active,
        "agent_group": agent.group.name if agent else "",
        **{name: limits.get(family) for name, family in SLOTS.items()},
        "skills": tuple(
            sorted(f"{each.skill.group.name}/{each.skill.name}:{Level(each.level).name.lower()}" for each in skills)
        ),
        "queues": tuple(sorted(each.queue.name + (f":{PREFERRED}" if each.is_preferred else "") for each in served)),
    }


register_kind(CsvKind("users", _("Users"), User, UserResource))
