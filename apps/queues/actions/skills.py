"""Every change of skills and their groups (RTE-1)."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from apps.audit.actions import audited_action, audited_creation
from apps.core.errors import DomainError
from apps.queues.choices import Refusal
from apps.queues.models import QueueSkill, Skill, SkillGroup
from apps.queues.steps import entity_lock, entity_write

GROUP_FIELDS = frozenset({"name", "description", "colour"})
SKILL_FIELDS = frozenset({"group", "name", "description", "language"})


@transaction.atomic
@audited_creation
def skill_group_create(*, name: str, **fields: Any) -> SkillGroup:
    """Make a skill group.

    Args:
        name: unique.
        fields: any other of `GROUP_FIELDS`.

    Raises:
        ValidationError: a value is not acceptable.
    """
    return entity_write(SkillGroup(), {"name": name, **fields}, GROUP_FIELDS)


@transaction.atomic
@audited_action("group")
def skill_group_update(*, group: SkillGroup, fields: Mapping[str, Any]) -> SkillGroup:
    """Change a skill group.

    Args:
        group: the one to change.
        fields: new values, by names of `GROUP_FIELDS`.

    Raises:
        DomainError: ``gone``.
        ValidationError: a value is not acceptable.
    """
    return entity_write(entity_lock(group), fields, GROUP_FIELDS)


@transaction.atomic
@audited_action("group")
def skill_group_delete(*, group: SkillGroup) -> None:
    """Delete a skill group that is empty (RTE-1).

    Raises:
        DomainError: ``gone``, ``skill_group_not_empty``.
    """
    group = entity_lock(group)
    try:
        group.delete()
    except ProtectedError as error:
        message = _("“%(group)s” still has skills: delete them or move them to another group first.") % {"group": group}
        raise DomainError(Refusal.SKILL_GROUP_NOT_EMPTY, message) from error


@transaction.atomic
@audited_creation
def skill_create(*, group: SkillGroup, name: str, **fields: Any) -> Skill:
    """Make a skill.

    Args:
        group: where it belongs.
        name: unique in the group.
        fields: any other of `SKILL_FIELDS`.

    Raises:
        ValidationError: a value is not acceptable.
    """
    return entity_write(Skill(), {"group": group, "name": name, **fields}, SKILL_FIELDS)


@transaction.atomic
@audited_action("skill")
def skill_update(*, skill: Skill, fields: Mapping[str, Any]) -> Skill:
    """Change a skill; whoever holds it keeps it.

    Args:
        skill: the one to change.
        fields: new values, by names of `SKILL_FIELDS`.

    Raises:
        DomainError: ``gone``.
        ValidationError: a value is not acceptable.
    """
    return entity_write(entity_lock(skill), fields, SKILL_FIELDS)


@transaction.atomic
@audited_action("skill")
def skill_delete(*, skill: Skill) -> None:
    """Delete a skill that nobody holds (RTE-1) and nothing asks for.

    Raises:
        DomainError: ``gone``, ``skill_in_use``.
    """
    skill = entity_lock(skill)
    try:
        skill.delete()
    except ProtectedError as error:
        asked_for = all(isinstance(row, QueueSkill) for row in error.protected_objects)
        sentence = (
            _("Queues ask for “%(skill)s”: take it out of them first.")
            if asked_for
            else _("Agents hold “%(skill)s”: take it from them first.")
        )
        raise DomainError(Refusal.SKILL_IN_USE, sentence % {"skill": skill}) from error
