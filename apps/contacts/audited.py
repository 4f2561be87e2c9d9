"""What the audit log shows of this app's rows (AUD-1)."""

from apps.audit.registry import audited_model
from apps.contacts.models import ContactField

audited_model(ContactField, "contact_field")
