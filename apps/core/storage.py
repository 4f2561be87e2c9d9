"""Static files on a server: which are collected, and how they are named."""

from django.contrib.staticfiles.apps import StaticFilesConfig
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticConfig(StaticFilesConfig):
    """Django's app, told what not to collect."""

    # htmx comes with extensions in a folder `ext`; none is used, and one imports a file that does not exist.
    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "ext"]


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Names that change with the content, also inside ES modules: what they import is named anew as well."""

    support_js_module_import_aggregation = True
