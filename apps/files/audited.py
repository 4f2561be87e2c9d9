"""What the audit log shows of this app's rows (AUD-1)."""

from apps.audit.registry import audited_model
from apps.files.models import FileRules

audited_model(FileRules, "file_rules")
