"""What browsers get of our scripts on a server."""

from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import File

from apps.core.storage import StaticFilesStorage, strip_comments

SCRIPTS = sorted(Path(settings.BASE_DIR, "static/js").rglob("*.js"))


def test_comments_are_left_out_and_nothing_else(tmp_path: Path) -> None:
    script = (
        "/**\n * What it is.\n */\n\n/** @type {number} */\nlet one = 1; // Beside code.\n  // Alone.\n"
        'const two = /** @type {any} */ (window);\n/** @type {any} */ (two).three = "/* none */";\n'
    )
    left = (
        "\nlet one = 1; // Beside code.\n"
        'const two = /** @type {any} */ (window);\n/** @type {any} */ (two).three = "/* none */";\n'
    )
    assert strip_comments(script) == left
    storage = StaticFilesStorage(location=str(tmp_path))
    for name, kept in (("js/a.js", left), ("vendor/a.js", script), ("js/a.css", script)):
        storage.save(name, File(BytesIO(script.encode())))
        assert (tmp_path / name).read_text() == kept


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_line_of_a_template_looks_like_a_comment(path: Path) -> None:
    ticks = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip().startswith(("//", "/*", "*")):
            assert ticks % 2 == 0 or strip_comments(line + "\n") == line + "\n", line
        else:
            ticks += line.count("`")
