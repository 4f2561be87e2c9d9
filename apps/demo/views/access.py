"""Who may see the pages of the demo: nobody but in local mode."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse

Answer = HttpResponse | FileResponse
View = Callable[..., Answer]


def local_only(view: View) -> View:
    """Nowhere but in local mode."""

    @wraps(view)
    def only_here(request: HttpRequest, *args: Any, **kwargs: Any) -> Answer:
        if not settings.LOCAL_MODE:
            raise Http404
        return view(request, *args, **kwargs)

    return only_here
