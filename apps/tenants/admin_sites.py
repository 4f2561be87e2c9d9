"""The two admins: a tenant's, for those who set it up, and the operators', on the operators' host."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, resolve, reverse
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite

from apps.tenants.admin_related import is_dialog

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:;"
    " connect-src 'self'; font-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'"
)
"""Unfold's pages are driven by Alpine, which evaluates the expressions in its attributes, and styled by attributes.
Script in the page or from elsewhere stays forbidden."""

DIALOG_POLICY = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
"""Of a page that stands in a dialog of another page of this admin."""


class AdminSite(UnfoldAdminSite):  # type: ignore[misc]
    """An admin whose people sign in where everybody does, and whose pages have a policy of their own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._pages: list[tuple[str, Callable[..., HttpResponse], str]] = []

    def add_page(self, route: str, view: Callable[..., HttpResponse], name: str) -> None:
        """Add a page that belongs to no model.

        Args:
            route: its address below the admin's, as Django's `path` takes it.
            view: gets the request of somebody who may enter the admin; what else they need, it asks itself.
            name: its name in the namespace ``admin``.
        """
        self._pages.append((route, view, name))

    def get_urls(self) -> list[Any]:
        """With the pages that belong to no model, which come first."""
        own = [path(route, self.admin_view(view), name=name) for route, view, name in self._pages]
        return [*own, *super().get_urls()]

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        """Guard a page, and let its scripts do what they need to."""
        guarded = super().admin_view(view, cacheable)

        def with_policy(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response: HttpResponse = guarded(request, *args, **kwargs)
            if is_dialog(request):
                response.headers["X-Frame-Options"] = "SAMEORIGIN"
                response.headers.setdefault("Content-Security-Policy", DIALOG_POLICY)
            response.headers.setdefault("Content-Security-Policy", POLICY)
            return response

        return with_policy

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send to the sign-in page those whom nobody knows yet, and away those who have no business here.

        Raises:
            PermissionDenied: signed in, and not allowed.
        """
        del extra_context
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"), reverse("signin"))

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Sign out as everywhere else: what an agent still has to do comes first (AGT-8)."""
        del extra_context
        answer: HttpResponse = resolve(reverse("signout")).func(request)
        return answer

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The one page on which people change their own password."""
        del request, extra_context
        return redirect("password")


class OperatorSite(AdminSite):
    """The operators' admin: tenants, their host names, and operators (TEN-2)."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Active operators only."""
        user: Any = request.user
        return bool(user.is_active and getattr(user, "is_operator", False))


tenant_site = AdminSite("admin")
tenant_site.site_title = tenant_site.site_header = _("Parley")
tenant_site.index_title = _("Home")
operator_site = OperatorSite("admin")
operator_site.index_title = _("Home")
