"""What the audit log shows of this app's rows (AUD-1)."""

from apps.audit.registry import audited_model
from apps.queues.models import HoursProfile, Queue, Skill, SkillGroup, SpecialDay

audited_model(Queue, "queue", related=["skills", "transfer_to"])
audited_model(SkillGroup, "skill_group")
audited_model(Skill, "skill")
audited_model(HoursProfile, "hours", related=["ranges", "special_days"])
audited_model(SpecialDay, "special_day", related=["ranges"])
