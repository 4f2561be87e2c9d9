"""Where the link of a pass leads: a page on the tenant's host, on which the operator enters (TEN-2)."""

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.core.errors import DomainError
from apps.operators.actions import pass_enter
from apps.operators.selectors import pass_by_key

BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pass_page(request: HttpRequest, key: str) -> HttpResponse:
    """Show what the pass is, and enter by a button: a link that something follows by itself signs nobody in.

    Args:
        request: GET shows, POST enters.
        key: the link's key.
    """
    if request.method != "POST":
        row = pass_by_key(key)
        return render(request, "operators/pass.html", {"row": row}, status=200 if row else 404)
    try:
        row = pass_enter(key=key)
    except DomainError:
        return render(request, "operators/pass.html", {"row": None}, status=404)
    login(request, row.user, backend=BACKEND)
    request.session.set_expiry(row.expires_at)
    return redirect("admin:index")
