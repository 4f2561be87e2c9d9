"""What the first request would do for all later ones, done before any fork: no server is asked for anything.

Django loads by name, at first use, much that its settings mention; in a fork each of these imports would also write
into thousands of shared objects.
"""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from django.template.backends.django import DjangoTemplates


def database_warm_up() -> None:
    """Load the driver's pool, which stays closed, and the queue's client."""
    from django.db import connection, router

    from config.celery import app

    _ = connection.pool, router.routers, app.amqp, app.events  # type: ignore[attr-defined]


def pages_warm_up() -> None:
    """Compile our templates; load URL tables, formats and words of the default language, and what settings name."""
    from channels.layers import get_channel_layer
    from django.conf import settings
    from django.core.cache import caches
    from django.template import engines
    from django.urls import get_resolver
    from django.utils import formats, translation
    from django.utils.module_loading import import_string

    import_module(settings.SESSION_ENGINE).SessionStore()
    import_string(settings.MESSAGE_STORAGE)
    pages = cast("DjangoTemplates", engines["django"])
    _ = caches["default"], get_channel_layer(), pages.engine.template_context_processors
    with translation.override(settings.LANGUAGE_CODE):
        translation.gettext("")
        formats.get_format("DATE_FORMAT")
        for urlconf in (settings.ROOT_URLCONF, settings.PUBLIC_SCHEMA_URLCONF):
            _ = get_resolver(urlconf).reverse_dict
    for name in template_names(Path(pages.dirs[0])):
        pages.get_template(name)


def template_names(folder: Path) -> Iterator[str]:
    """The names of a folder's templates, as pages use them."""
    return (str(path.relative_to(folder)) for path in sorted(folder.rglob("*.html")))
