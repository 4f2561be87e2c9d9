"""Static files on a server: which are collected, how they are named, and what of them browsers get."""

from typing import Any

from django.contrib.staticfiles.apps import StaticFilesConfig
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

OURS = "js/"


class StaticConfig(StaticFilesConfig):
    """Django's app, told what not to collect."""

    # htmx comes with extensions in a folder `ext`; none is used, and one imports a file that does not exist.
    # Declarations are for those who check our scripts.
    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "ext", "*.d.ts"]


class StaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Names that change with the content, also inside ES modules: what they import is named anew as well.

    Our own scripts are a third comments, for those who read them here; browsers get the rest.
    """

    support_js_module_import_aggregation = True

    def _save(self, name: str, content: Any) -> str:
        if name.startswith(OURS) and name.endswith(".js"):
            content = ContentFile(strip_comments(content.read().decode()).encode())
        saved: str = super()._save(name, content)
        return saved


def strip_comments(script: str) -> str:
    """A script without the lines that are nothing but comment.

    It reads lines, not JavaScript: in our scripts, as they are formatted, no line of a template begins as a comment
    does (a test sees to it), and what stands beside code stays.

    Args:
        script: JavaScript of ours.
    """
    kept, inside = [], False
    for line in script.splitlines(keepends=True):
        words = line.strip()
        if inside:
            inside = not words.endswith("*/")
        elif words.startswith("/*") and "*/" not in words:
            inside = True
        elif not words.startswith("//") and not (words.startswith("/*") and words.endswith("*/")):
            kept.append(line)
    return "".join(kept)
