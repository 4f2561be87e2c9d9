"""Queues, the skills that conversations ask for, and hours; who serves them is the agents' side (RTE-1 to RTE-3)."""

from apps.queues.models.hours import HoursProfile, HoursRange, SpecialDay, SpecialRange
from apps.queues.models.queues import Queue, QueueSkill
from apps.queues.models.skills import COLOUR, Skill, SkillGroup

__all__ = [
    "COLOUR",
    "HoursProfile",
    "HoursRange",
    "Queue",
    "QueueSkill",
    "Skill",
    "SkillGroup",
    "SpecialDay",
    "SpecialRange",
]
