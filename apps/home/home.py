"""What the home tells of the apps below it: deadlines that are late, the audit log without its signature."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.audit.models import AuditEntry, AuditSettings
from apps.home.choices import Tone
from apps.home.registry import StateLine, list_address, may_open, state_source
from apps.tenants.admin_reach import has_full_reach
from apps.timers.selectors import overdue_deadlines

LATE: Final = timedelta(minutes=1)
"""How late a deadline may be before it is told: workers may be busy for a moment."""
UNSEALED: Final = timedelta(hours=1)
"""How late the daily signature of the audit log may be."""


@state_source()
def late_deadlines(request: HttpRequest) -> Iterator[StateLine]:
    """Deadlines that nobody has seen to: what waits for them does not go on (EDG-4)."""
    if not has_full_reach(request) or not may_open(request, AuditEntry):
        return
    if count := overdue_deadlines(before=timezone.now() - LATE):
        text = ngettext("%d deadline is late", "%d deadlines are late", count) % count
        why = _("Reminders, reply clocks or closings wait for it. Whoever runs the installation looks at its timers.")
        yield StateLine(Tone.BROKEN, text, detail=why)


@state_source()
def unsealed_log(request: HttpRequest) -> Iterator[StateLine]:
    """An audit log whose daily signature is late (AUD-1)."""
    if not may_open(request, AuditEntry):
        return
    if AuditSettings.objects.filter(seal_due_at__lt=timezone.now() - UNSEALED).exists():
        why = _("Until it is, changes to its newest entries could go unnoticed.")
        text = _("The audit log has not been signed today")
        yield StateLine(Tone.BROKEN, text, list_address(AuditEntry), _("Audit log"), why)
