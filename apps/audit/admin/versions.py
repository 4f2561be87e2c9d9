"""What the audit log says of a row's changes since a page was opened."""

from itertools import takewhile
from typing import Any

from django.utils.translation import gettext as _

from apps.audit.admin.history import kinds_of_page
from apps.audit.models import AuditEntry
from apps.audit.registry import verb_label
from apps.audit.selectors import entries_of_row
from apps.audit.words import field_changes
from apps.tenants.admin_base import exact_time
from apps.tenants.admin_stale import RowLog, row_log


def _entries(page: Any, row: Any) -> list[AuditEntry]:
    return entries_of_row(kinds_of_page(page), str(row.pk), changes_only=True)


def newest_change(page: Any, row: Any) -> str:
    """The newest entry that changed a row; empty where there is none."""
    entries = _entries(page, row)
    return str(entries[0].pk) if entries else ""


def changes_since(page: Any, row: Any, version: str) -> list[str]:
    """What came after an entry, the newest first: who, when, and what became of which field."""
    return [_sentence(entry) for entry in takewhile(lambda each: str(each.pk) != version, _entries(page, row))]


def _sentence(entry: AuditEntry) -> str:
    fields = "; ".join(
        f"{each.label}: {', '.join(each.before) or '–'} → {', '.join(each.after) or '–'}"
        for each in field_changes(entry)
    )
    who = entry.actor_name or entry.get_actor_kind_display()
    facts = {"who": who, "when": exact_time(entry.at), "what": fields or verb_label(entry.verb)}
    return _("%(who)s, %(when)s: %(what)s") % facts


row_log(RowLog(newest_change, changes_since))
