"""Finds the tenant of a request by its host name."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.template.loader import render_to_string
from django_tenants.middleware.main import TenantMainMiddleware

OPERATOR_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})


class TenantMiddleware(TenantMainMiddleware):  # type: ignore[misc]
    """A known host enters its tenant's schema, an unknown one gets a plain 404, a frozen tenant a page that says so."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        """Enter the tenant's schema, or answer at once."""
        answer: HttpResponse | None = super().process_request(request)
        if answer is None and getattr(request.tenant, "is_frozen", False):  # type: ignore[attr-defined]
            return HttpResponse(render_to_string("tenants/frozen.html", request=request), status=503)
        return answer

    def no_tenant_found(self, request: HttpRequest, hostname: str) -> HttpResponse | None:
        """Operators' hosts lead to the public schema, everything else to a 404 (TEN-1)."""
        if hostname in getattr(settings, "OPERATOR_HOSTS", OPERATOR_HOSTS):
            request.tenant = _public()  # type: ignore[attr-defined]
            request.urlconf = settings.PUBLIC_SCHEMA_URLCONF  # type: ignore[attr-defined]
            return None
        return HttpResponseNotFound(render_to_string("tenants/unknown_host.html"))


def _public() -> object:
    from django_tenants.utils import get_tenant_model

    return get_tenant_model()(schema_name="public", name="Operators")
