"""Admin pages of the audit log: the log, its settings, the history of each row."""

from apps.audit.admin import history, log, settings

__all__ = ["history", "log", "settings"]
