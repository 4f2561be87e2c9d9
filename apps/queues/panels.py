"""What is shown below the form of hours: what they mean this week and on the special days ahead (RTE-3)."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.queues.models import HoursProfile
from apps.queues.preview import DAYS_AHEAD, hours_preview
from apps.tenants.admin_panels import admin_panel


@admin_panel(HoursProfile)
def hours_week(request: HttpRequest, profile: HoursProfile) -> SafeString:
    """This week as a picture with its words, as the hours are stored."""
    facts = {
        "profile": profile,
        "preview": hours_preview(profile, timezone.now()),
        "ahead": DAYS_AHEAD,
        "closed": _("closed"),
        "special": _("special day"),
    }
    return render_to_string("queues/hours_preview.html", facts, request)
