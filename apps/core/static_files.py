"""Which static files are collected."""

from django.contrib.staticfiles import apps


class StaticFilesConfig(apps.StaticFilesConfig):
    """Django's app, told what not to collect."""

    # htmx comes with extensions in a folder `ext`; none is used, and one imports a file that does not exist.
    # Declarations are for those who check our scripts.
    ignore_patterns = [*apps.StaticFilesConfig.ignore_patterns, "ext", "*.d.ts"]
