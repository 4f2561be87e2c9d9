"""Writing the audit log: entries, and the signed heads of their chain."""

from apps.audit.actions.entries import AuditActor, AuditTarget, audit_change, audit_record, audit_related
from apps.audit.actions.exports import log_export
from apps.audit.actions.nights import audit_night, audit_nights_begin, audit_settings_save, entries_expire
from apps.audit.actions.recorded import audited_action, audited_creation

__all__ = [
    "AuditActor",
    "AuditTarget",
    "audit_change",
    "audit_night",
    "audit_nights_begin",
    "audit_record",
    "audit_related",
    "audit_settings_save",
    "audited_action",
    "audited_creation",
    "entries_expire",
    "log_export",
]
