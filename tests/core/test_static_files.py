"""What pages load of our scripts and style sheets, as it is built."""

import re
from pathlib import Path

import pytest
from django.conf import settings

BUILD = Path(settings.BASE_DIR, "build")
NAMED = re.compile(r"{% static '((?:js|css/pages)/[^']+)' %}")
TEMPLATES = Path(settings.BASE_DIR, "templates").rglob("*.html")
LOADED = {name for template in TEMPLATES for name in NAMED.findall(template.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("name", sorted({*LOADED, "js/admin/forms.js", "js/widget/loader.js"}))
def test_whatever_a_page_names_is_one_file(name: str) -> None:
    built = (BUILD / name).read_text(encoding="utf-8")
    assert not re.search(r"^import\b|\bfrom\s*\"\.|@import", built, re.MULTILINE)
    assert "/**" not in built


def test_pages_name_nothing_else() -> None:
    """A module or sheet that is part of another is loaded with it, never beside it."""
    assert {"css/pages/console.css", "js/console/main.js", "js/widget/frame.js", "js/forms/page.js"} <= LOADED
