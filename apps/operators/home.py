"""What this app shows on the admin's home: operators who are here; on their own host, how tenants stand."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.home.choices import Tone
from apps.home.registry import StateLine, row_address, rows_on_page, state_source
from apps.home.text import some_of
from apps.operators.models import OperatorPass
from apps.tenants.admin_sites import operator_site
from apps.tenants.migration_state import schemas_behind
from apps.tenants.models import Tenant


@state_source()
def valid_passes(request: HttpRequest) -> Iterator[StateLine]:
    """Operators who may be in here now (TEN-2)."""
    now = timezone.now()
    for row in rows_on_page(request, OperatorPass).filter(ended_at=None, expires_at__gt=now).order_by("expires_at"):
        until = date_format(timezone.localtime(row.expires_at), "TIME_FORMAT")
        text = _("%(operator)s may be in here until %(time)s") % {"operator": row.operator_name, "time": until}
        yield StateLine(Tone.NOTE, text, row_address(row), _("Pass"), row.reason)


@state_source(operator_site)
def tenants_state(request: HttpRequest) -> Iterator[StateLine]:
    """How many tenants there are, which are frozen, which an upgrade has not reached (TEN-2)."""
    del request
    tenants = list(Tenant.objects.exclude(schema_name="public").order_by("name"))
    address = reverse("admin:tenants_tenant_changelist")
    text = ngettext("%d tenant", "%d tenants", len(tenants)) % len(tenants)
    yield StateLine(Tone.NOTE, text, address, _("Tenants"))
    if frozen := [tenant.name for tenant in tenants if tenant.is_frozen]:
        text = ngettext("%d tenant is frozen", "%d tenants are frozen", len(frozen)) % len(frozen)
        yield StateLine(Tone.CHECK, text, f"{address}?is_frozen__exact=1", _("Look"), some_of(frozen))
    behind = set(schemas_behind([tenant.schema_name for tenant in tenants]))
    if names := [tenant.name for tenant in tenants if tenant.schema_name in behind]:
        text = ngettext("%d tenant is not up to date", "%d tenants are not up to date", len(names)) % len(names)
        yield StateLine(Tone.BROKEN, text, address, _("Look"), _("%s: run migrate_all") % some_of(names))
