"""Finds the tenant of a request by its host name."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.http.request import split_domain_port
from django.template.loader import render_to_string
from django_tenants.middleware.main import TenantMainMiddleware


class TenantMiddleware(TenantMainMiddleware):  # type: ignore[misc]
    """A known host enters its tenant's schema, an unknown one gets a plain 404, a frozen tenant a page that says so."""

    @staticmethod
    def hostname_from_request(request: HttpRequest) -> str:
        """The host name as asked for: a name with "www." is a name of its own, as it is for sockets and cookies."""
        return str(split_domain_port(request.get_host())[0])

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        """Enter the tenant's schema, or answer at once."""
        answer: HttpResponse | None = super().process_request(request)
        if answer is None and getattr(request.tenant, "is_frozen", False):  # type: ignore[attr-defined]
            page = render_to_string("tenants/frozen.html", {"tenant": request.tenant})  # type: ignore[attr-defined]
            return HttpResponse(page, status=503, headers={"Retry-After": "3600"})
        return answer

    def no_tenant_found(self, request: HttpRequest, hostname: str) -> HttpResponse | None:
        """Operators' hosts lead to the public schema, everything else to a 404 (TEN-1)."""
        if hostname in settings.OPERATOR_HOSTS:
            request.tenant = _public()  # type: ignore[attr-defined]
            request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
            return None
        return HttpResponseNotFound(render_to_string("tenants/unknown_host.html"))


def _public() -> object:
    from django_tenants.utils import get_tenant_model

    return get_tenant_model()(schema_name="public", name="Operators")
