"""What the apps below tell, written down (AUD-1)."""

from django.db import connection
from django_tenants.utils import schema_context

from apps.audit.actions import audit_record
from apps.audit.choices import TenantVerb
from apps.core.events import subscribe
from apps.tenants.events import TenantChanged


@subscribe(TenantChanged)
def on_tenant_changed(event: TenantChanged) -> None:
    """In the tenant's own log; what operators have done, in theirs as well."""
    here: str = connection.schema_name  # type: ignore[attr-defined]
    # Always in this order: the heads of both chains are locked at the commit, in the order of the entries.
    own = event.tenant.schema_name
    for schema in [own] if here == own else [own, "public"]:
        with schema_context(schema):
            audit_record(
                TenantVerb(f"tenant.{event.what}"), actor=None, target=event.tenant, changes=dict(event.changes)
            )
