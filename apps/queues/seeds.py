"""What a new tenant finds of queues, skills and hours (TEN-3); a queue without hours is always open."""

from apps.queues.actions import hours_create
from apps.queues.models import Queue, Skill, SkillGroup
from apps.tenants.seeds import register_seed
from apps.tenants.selectors import current_time_zone


@register_seed("queues.default")
def default_queue() -> None:
    """A queue that takes whatever comes."""
    Queue.objects.create(name="General", description="Whatever has no queue of its own.", is_default=True)


@register_seed("queues.skills")
def default_skill() -> None:
    """A skill group with a skill (RTE-1)."""
    group = SkillGroup.objects.create(name="Default SkillGroup", colour="#d2000d")
    Skill.objects.create(group=group, name="Default Skill")


@register_seed("queues.hours")
def business_hours() -> None:
    """Hours to begin with: Mon to Fri 09:00 to 18:00 (RTE-3)."""
    hours_create(name="Business hours", time_zone=current_time_zone(), actor=None)
