"""Routing: skills, hours, queues, flows, what waiting customers see, masking."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from apps.agents.actions import group_memberships_set
from apps.agents.models import AgentGroup
from apps.configuration.registry import Section, Values, register_section, rows_named
from apps.masking.actions import rule_save
from apps.masking.models import MaskingRule
from apps.queues import actions
from apps.queues.actions.hours import HOURS_FIELDS
from apps.queues.actions.queues import QUEUE_FIELDS
from apps.queues.actions.skills import GROUP_FIELDS, SKILL_FIELDS
from apps.queues.models import HoursProfile, Queue, Skill, SkillGroup
from apps.routing.actions import (
    channel_rules_save,
    flow_save,
    routing_settings_save,
    waiting_experience_save,
)
from apps.routing.models import ChannelRules, Flow, RoutingSettings, WaitingExperience

DEFAULT = "(default)"
"""What the default of a kind is called, whatever its name: each tenant has one."""


def set_fields(row: Any, names: frozenset[str]) -> Values:
    """The fields of a row as they were set, for actions that take them one by one."""
    return {name: getattr(row, name) for name in names}


def is_unsaved(row: Any) -> bool:
    """Whether a row is new."""
    return bool(row._state.adding)  # noqa: SLF001 - Django's own way to ask


def name_or_default(row: Any) -> str:
    """The name of a row, where each tenant has one that is the default."""
    return DEFAULT if row.is_default else str(row.name)


def without_queues(values: Values) -> Values:
    """What a copy has where a queue has one of a kind: no queues yet."""
    return {**values, "queues": []}


def _save_skill_group(row: SkillGroup, _values: Values, _actor: Any) -> None:
    fields = set_fields(row, GROUP_FIELDS)
    if is_unsaved(row):
        actions.skill_group_create(**fields)
    else:
        actions.skill_group_update(group=row, fields=fields)


def _save_skill(row: Skill, _values: Values, _actor: Any) -> None:
    fields = set_fields(row, SKILL_FIELDS)
    if is_unsaved(row):
        actions.skill_create(**fields)
    else:
        actions.skill_update(skill=row, fields=fields)


def _hours_more(row: HoursProfile) -> Values:
    week: dict[str, list[list[int]]] = {}
    for each in row.ranges.order_by("weekday", "opens"):
        week.setdefault(str(each.weekday), []).append([each.opens, each.closes])
    special = {
        str(day.date): {
            "name": day.name,
            "ranges": [[each.opens, each.closes] for each in day.ranges.order_by("opens")],
        }
        for day in row.special_days.order_by("date").prefetch_related("ranges")
    }
    return {"week": week, "special_days": special}


def _save_hours(row: HoursProfile, values: Values, actor: Any) -> HoursProfile:
    fields = set_fields(row, HOURS_FIELDS)
    try:
        week = {int(day): [(int(a), int(b)) for a, b in ranges] for day, ranges in values.get("week", {}).items()}
        days = {
            date.fromisoformat(day): (str(said["name"]), [(int(a), int(b)) for a, b in said["ranges"]])
            for day, said in values.get("special_days", {}).items()
        }
        if not set(week) <= set(range(7)):
            raise ValueError
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValidationError(_t("A week has ranges by weekday, 0 to 6, in minutes; a special day a date.")) from error
    if is_unsaved(row):
        profile = actions.hours_create(**fields, week=week, actor=actor)
    else:
        profile = actions.hours_update(profile=row, fields=fields, week=week, actor=actor)
    for gone in profile.special_days.exclude(date__in=days):
        actions.special_day_remove(profile=profile, day=gone.date, actor=actor)
    for day, (name, ranges) in days.items():
        actions.special_day_set(profile=profile, day=day, name=name, ranges=ranges, actor=actor)
    return profile


def _queue_more(row: Queue) -> Values:
    skills = {f"{each.skill.group.name}/{each.skill.name}": each.expires_after_seconds for each in row.skills.all()}
    groups = sorted(each.group.name for each in row.group_memberships.select_related("group"))
    return {"skills": skills, "agent_groups": groups, "transfer_to": sorted(q.name for q in row.transfer_to.all())}


def _save_queue(row: Queue, values: Values, actor: Any) -> Queue:
    fields = set_fields(row, QUEUE_FIELDS)
    asked = values.get("skills", {})
    if not isinstance(asked, dict):
        raise ValidationError(_t("Skills are named, each with the seconds after which it is no longer asked for."))
    rows = rows_named(Skill, list(asked))
    skills = {skill.pk: seconds for skill, seconds in zip(rows, asked.values(), strict=True)}
    if is_unsaved(row):
        queue = actions.queue_create(**fields, skills=skills, actor=actor)
    else:
        queue = actions.queue_update(queue=row, fields=fields, skills=skills, actor=actor)
    groups = rows_named(AgentGroup, values.get("agent_groups", []))
    group_memberships_set(queue=queue, groups=[group.pk for group in groups])
    return queue


def _refer_queue(row: Queue, values: Values, actor: Any) -> None:
    if values.get("is_default") and not row.is_default:
        actions.queue_make_default(queue=row, actor=actor)
    others = rows_named(Queue, values.get("transfer_to", []))
    actions.queue_update(queue=row, transfer_to=others, actor=actor)
    if values.get("is_active", True) and not row.is_active:
        actions.queue_activate(queue=row, actor=actor)
    elif row.is_active and not values.get("is_active", True):
        actions.queue_deactivate(queue=row, actor=actor)


def _queues(values: Values) -> list[Any]:
    return rows_named(Queue, values.get("queues", []))


register_section(Section("skill_groups", _("Skill groups"), SkillGroup, lambda row: row.name, _save_skill_group))
register_section(Section("skills", _("Skills"), Skill, lambda row: f"{row.group.name}/{row.name}", _save_skill))
register_section(
    Section("hours", _("Hours"), HoursProfile, lambda row: row.name, _save_hours, more=_hours_more, for_copy=dict)
)
register_section(
    Section(
        "queues",
        _("Queues"),
        Queue,
        lambda row: row.name,
        _save_queue,
        more=_queue_more,
        after=_refer_queue,
        for_copy=lambda values: {**values, "is_default": False},
    )
)
register_section(
    Section(
        "answer_modes",
        _("Answering of channels"),
        ChannelRules,
        lambda row: row.family,
        lambda row, _values, _actor: channel_rules_save(rules=row),
    )
)
register_section(
    Section(
        "flows",
        _("Flows"),
        Flow,
        lambda row: row.name,
        lambda row, values, _actor: flow_save(flow=row, queues=_queues(values)),
        many=("queues",),
        for_copy=without_queues,
    )
)
register_section(
    Section(
        "waiting",
        _("Waiting experiences"),
        WaitingExperience,
        name_or_default,
        lambda row, values, _actor: waiting_experience_save(experience=row, queues=_queues(values)),
        many=("queues",),
        for_copy=without_queues,
    )
)
register_section(
    Section(
        "routing_settings",
        _("Routing settings"),
        RoutingSettings,
        str,
        lambda row, _values, _actor: routing_settings_save(settings=row),
    )
)
register_section(
    Section(
        "masking",
        _("Masking rules"),
        MaskingRule,
        lambda row: row.name,
        lambda row, values, _actor: rule_save(rule=row, queues=_queues(values)),
        many=("queues",),
    )
)
