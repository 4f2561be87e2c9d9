"""What the audit log shows of this app's rows (AUD-1)."""

from apps.audit.registry import audited_model
from apps.surveys.models import Survey

audited_model(Survey, "survey", related=["places", "texts"])
