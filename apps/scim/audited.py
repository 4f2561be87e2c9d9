"""What the audit log shows of directory sync (AUD-1)."""

from apps.audit.registry import audited_model, audited_verbs
from apps.scim.choices import AuditVerb
from apps.scim.models import DirectoryGroup, DirectoryToken, DirectoryUser

audited_model(DirectoryToken, "directory_token", secret=["digest"], ignored=["created_at", "last_used_at"])
audited_model(DirectoryUser, "directory_user")
audited_model(DirectoryGroup, "directory_group", ignored=["created_at"], related=["members"])
audited_verbs(AuditVerb)
