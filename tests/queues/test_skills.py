"""Skills and their groups (RTE-1)."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from apps.agents.models import AgentSkill
from apps.core.errors import DomainError
from apps.queues.actions import (
    queue_update,
    skill_create,
    skill_delete,
    skill_group_create,
    skill_group_delete,
    skill_group_update,
    skill_update,
)
from apps.queues.models import Skill, SkillGroup
from tests.support.people import default_queue, make_agent


@pytest.fixture
def languages(acme: Any) -> SkillGroup:
    return skill_group_create(name="Languages", colour="#112233")


@pytest.fixture
def french(languages: SkillGroup) -> Skill:
    return skill_create(group=languages, name="French", language="fr")


def test_a_name_is_unique_in_its_group_alone(french: Skill) -> None:
    with pytest.raises(ValidationError):
        skill_create(group=french.group, name="French")
    skill_create(group=SkillGroup.objects.get(name="Default SkillGroup"), name="French")
    with pytest.raises(ValidationError):
        skill_create(group=french.group, name="Français", language="fr")


def test_changes(french: Skill) -> None:
    skill_group_update(group=french.group, fields={"colour": "#abcdef"})
    skill_update(skill=french, fields={"name": "Français"})
    stored = Skill.objects.select_related("group").get(pk=french.pk)
    assert (stored.name, stored.language, stored.group.colour) == ("Français", "fr", "#abcdef")
    with pytest.raises(ValidationError):
        skill_group_update(group=french.group, fields={"colour": "blue"})


def test_a_group_is_deleted_only_when_empty(french: Skill) -> None:
    with pytest.raises(DomainError) as refused:
        skill_group_delete(group=french.group)
    assert refused.value.code == "skill_group_not_empty"
    assert "“Languages” still has skills" in str(refused.value.message)
    skill_delete(skill=french)
    skill_group_delete(group=french.group)
    assert not SkillGroup.objects.filter(name="Languages").exists()


def test_a_skill_is_deleted_only_when_nobody_holds_it(french: Skill) -> None:
    held = AgentSkill.objects.create(agent=make_agent(), skill=french)
    queue_update(queue=default_queue(), skills={french.pk: None}, actor=None)
    with pytest.raises(DomainError) as refused:
        skill_delete(skill=french)
    assert refused.value.message == "Agents hold “French”: take it from them first."
    held.delete()
    with pytest.raises(DomainError) as refused:
        skill_delete(skill=french)
    assert refused.value.message == "Queues ask for “French”: take it out of them first."
    queue_update(queue=default_queue(), skills={}, actor=None)
    skill_delete(skill=french)
    assert not Skill.objects.filter(pk=french.pk).exists()
