"""Pages on the operators' host."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from apps.tenants.admin_sites import operator_site

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(url="/admin/")),
    path("", include("apps.accounts.urls")),
    path("admin/", operator_site.urls),
]
