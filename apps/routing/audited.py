"""What the audit log shows of this app's rows (AUD-1)."""

from apps.audit.registry import audited_model, audited_verbs
from apps.routing.choices import AuditVerb
from apps.routing.models import ChannelRules, Flow, RoutingSettings, WaitingExperience

audited_model(ChannelRules, "answering_rules")
audited_model(RoutingSettings, "routing_settings")
audited_model(Flow, "flow", related=["queues"])
audited_model(WaitingExperience, "waiting_experience", related=["queues"])
audited_verbs(AuditVerb)
