"""What a new tenant finds of queues, skills and hours (TEN-3); a queue without hours is always open."""

from apps.queues.actions import hours_create
from apps.queues.models import Queue, Skill, SkillGroup
from apps.tenants.seeds import seed
from apps.tenants.selectors import time_zone_here


@seed("queues.default")
def default_queue() -> None:
    """A queue that takes whatever comes."""
    Queue.objects.create(name="General", description="Whatever has no queue of its own.", is_default=True)


@seed("queues.skills")
def default_skill() -> None:
    """A skill group with a skill (RTE-1)."""
    group = SkillGroup.objects.create(name="Default SkillGroup", colour="#d2000d")
    Skill.objects.create(group=group, name="Default Skill")


@seed("queues.hours")
def business_hours() -> None:
    """Hours to begin with: Mon to Fri 09:00 to 18:00 (RTE-3)."""
    hours_create(name="Business hours", time_zone=time_zone_here(), actor=None)
