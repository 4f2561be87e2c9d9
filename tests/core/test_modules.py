"""What a page preloads is what its script imports."""

import re
from pathlib import Path

import pytest
from django.template import Context, Template

from apps.core.templatetags.modules import module_links

STATIC = Path(__file__).parents[2] / "static"


def test_a_page_preloads_every_module_that_its_script_needs() -> None:
    """By another way: all modules of the console are its page's, but for the script that is no module."""
    found = module_links("js/console/main.js")
    ours = {str(path.relative_to(STATIC)) for path in (STATIC / "js/console").rglob("*.js")}
    assert ours - {*found, "js/console/main.js"} == {"js/console/shell/first_paint.js"}
    for name in found:
        text = (STATIC / name).read_text()
        for path in re.findall(r'(?:from|import) "(\.[^"]+)"', text):
            assert str(((STATIC / name).parent / path).resolve().relative_to(STATIC)) in found


def test_what_it_needs_first_comes_first_and_each_once() -> None:
    found = module_links("js/console/main.js")
    assert found[0] == "js/console/status/login.js"
    assert len(set(found)) == len(found)


def test_the_links_are_of_static_files() -> None:
    page = Template('{% load modules %}{% module_preloads "js/console/status/login.js" %}').render(Context())
    (first, *_rest) = page.splitlines()
    assert re.fullmatch(r'<link rel="modulepreload" href="/static/js/[\w/.]+\.js">', first)


def test_a_module_that_is_not_there_is_no_page() -> None:
    with pytest.raises(FileNotFoundError):
        module_links("js/console/gone.js")
