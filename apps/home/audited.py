"""What the audit log shows of this app's rows (AUD-1)."""

from apps.audit.registry import audited_model
from apps.home.models import Checklist

audited_model(Checklist, "checklist")
