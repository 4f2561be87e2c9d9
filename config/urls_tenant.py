"""Pages on a tenant's host."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from apps.tenants.admin_sites import tenant_site

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(url="/console/")),
    path("", include("apps.accounts.urls")),
    path("admin/", tenant_site.urls),
]
OF_APPS = (
    "apps.files.urls",
    "apps.surveys.urls",
    "apps.forms.urls",
    "apps.chat.urls",
    "apps.mailin.urls",
    "apps.operators.urls",
    "apps.scim.urls",
    "apps.console.urls",
)
urlpatterns += [path("", include(urls)) for urls in OF_APPS if find_spec(urls)]
if settings.LOCAL_MODE:
    urlpatterns += [path("", include("apps.demo.urls"))]
