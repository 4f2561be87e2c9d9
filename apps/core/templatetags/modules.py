"""How templates say which ES modules a page needs, before the browser finds out one after the other."""

import re
from functools import cache
from pathlib import Path
from posixpath import dirname, join, normpath

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

register = template.Library()

_IMPORT = re.compile(r'^(?:import|export)\b(?:[^"\';]*?\bfrom\s*)?\s*"(\.[^"]+)"', re.MULTILINE)
"""A static import of a module beside this one, as Biome formats it: at the start of a line."""


@register.simple_tag
def module_preloads(name: str) -> SafeString:
    """A `<link rel="modulepreload">` for each module that a script imports, itself and through others.

    Args:
        name: the script among the static files, such as `js/console/main.js`.
    """
    return format_html_join(
        "\n", '<link rel="modulepreload" href="{}">', ((static(each),) for each in module_links(name))
    )


@cache
def module_links(name: str) -> tuple[str, ...]:
    """The modules that a script needs besides itself, those nearest to it first; read once in a process.

    Args:
        name: the script among the static files.

    Raises:
        FileNotFoundError: it, or a module that is imported, is no static file.
    """
    found = {name: None}
    for each in (queue := [name]):
        for path in _IMPORT.findall(_source(each)):
            module = normpath(join(dirname(each), path))
            if module not in found:
                found[module] = None
                queue.append(module)
    return tuple(found)[1:]


def _source(name: str) -> str:
    path = finders.find(name)
    if path is None:
        raise FileNotFoundError(name)
    return Path(path).read_text()
