"""Admin pages of the audit log: the log, its settings, the history of each row and the way back; versions of rows."""

from apps.audit.admin import history, log, restore, settings, versions

__all__ = ["history", "log", "restore", "settings", "versions"]
