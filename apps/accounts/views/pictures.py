"""People's pictures."""

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from apps.accounts.selectors import is_user_picture


@require_safe
def user_picture(request: HttpRequest, name: str) -> HttpResponse:
    """A user's picture. Its name is the key: customers are given it too, with the agent's public name (TEN-4)."""
    del request
    path = f"pictures/{name}.webp"
    if not is_user_picture(path) or not default_storage.exists(path):
        raise Http404
    with default_storage.open(path) as file:
        content = file.read()
    # The name changes with the picture.
    headers = {"Cache-Control": "private, max-age=86400, immutable", "Content-Security-Policy": "default-src 'none'"}
    return HttpResponse(content, content_type="image/webp", headers=headers)
