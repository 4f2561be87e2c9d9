"""What docstrings, comments, READMEs and decisions cite is there: requirements, files, names of the code."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.support.citations import Citing, Repository


@cache
def repository() -> Repository:
    return Repository(Path(__file__).parents[2])


def unknown(find: Callable[[Citing], Iterator[str]]) -> list[str]:
    return [citing.where(each) for citing in repository().citing for each in find(citing)]


def test_every_requirement_that_is_cited_is_a_line_of_the_product() -> None:
    assert unknown(repository().unknown_ids) == []


def test_every_file_that_is_cited_is_there() -> None:
    assert unknown(repository().unknown_files) == []


def test_every_name_in_backticks_is_one_of_the_code() -> None:
    assert unknown(repository().unknown_names) == []


# --- That it finds what is not there: on a small tree

PRODUCT = "# Product\n\n- CHAT-1 A widget.\n- CHAT-2 A compose bar.\n- CHAT-3 Responses.\n"
TREE = {
    "docs/product.md": PRODUCT,
    "apps/adr/0001-actions.md": "",
    "apps/chat/views.py": "class Page:\n    size = 3\n    def show(self): ...\n",
    "manage.py": "",
    "apps/chat/__init__.py": "",
    "apps/chat/actions/__init__.py": "from apps.chat.actions.start import visitor_start\n",
    "apps/chat/actions/start.py": "def visitor_start():\n    return stored('chat.left')\n",
    "apps/email/views.py": "from apps.chat.views import Page\n",
    "apps/forms/views.py": "",
    "apps/chat/management/commands/run_chat.py": "",
    "static/js/shared/dates.js": "const days = 7; // CHAT-9\n",
    "tests/chat/test_start.py": "def test_it_starts(): ...\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in TREE.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def found_in(tree: Path, text: str, at: str = "apps/chat/README.md") -> list[str]:
    (tree / at).write_text(text)
    read = Repository(tree)
    (citing,) = [each for each in read.citing if each.path == at]
    return [*read.unknown_ids(citing), *read.unknown_files(citing), *read.unknown_names(citing)]


@pytest.mark.parametrize(
    "text",
    [
        "As CHAT-1, CHAT-2 to CHAT-3 and CHAT-1..3 say, in UTF-8.",
        "In `views.py` and `start.py`, as `chat/views.py` says; see adr/0001 and static/js/shared/dates.js.",
        "[Decision](../adr/0001-actions.md#why), [the product](../../docs/product.md), https://example.com/gone.js",
        "`Page`, `Page.show()`, `views.Page.size`, `chat.views.Page`, `actions.visitor_start`, `chat.visitor_start(1)`",
        "The wake-up `chat.left`, `apps/chat`, `email/views`, `manage.py run_chat`",
        "It is proven by tests/chat/test_start.py::test_it_starts.",
        "```\nwords of `nobody_at_all`\n```\nand after it `visitor_start`.",
    ],
)
def test_what_is_there_may_be_cited(tree: Path, text: str) -> None:
    assert found_in(tree, text) == []


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("By CHAT-4.", "CHAT-4"),
        ("By CHAT-2 to 4.", "CHAT-4"),
        ("By CHT-1.", "CHT-1"),
        ("See `matching.py`.", "matching.py"),
        ("See email/starting.py.", "email/starting.py"),
        ("See static/js/shared/times.js.", "static/js/shared/times.js"),
        ("See adr/0002.", "adr/0002"),
        ("See apps/mail.", "apps/mail"),
        ("See [it](../adr/0001-events.md).", "../adr/0001-events.md"),
        ("See tests/chat/test_start.py::test_it_ends.", "tests/chat/test_start.py::test_it_ends"),
        ("Run `manage.py run_mail`.", "manage.py run_mail"),
        ("By `visitor_begin`.", "visitor_begin"),
        ("By `Page.hide()`.", "Page.hide()"),
        ("By `chat/views.Panel`.", "chat/views.Panel"),
        ("By `actions.visitor_leave(id=...)`.", "actions.visitor_leave(id=...)"),
    ],
)
def test_what_is_not_there_is_found(tree: Path, text: str, missing: str) -> None:
    assert missing in found_in(tree, text)


def test_docstrings_and_comments_cite_as_pages_do(tree: Path) -> None:
    module = (
        '"""By CHAT-8."""\n\n\ndef go():\n    """As `old_name` does."""\n    #\x20See gone.py\n    return "CHAT-7"\n'
    )
    (tree / "apps/chat/going.py").write_text(module)
    read = Repository(tree)
    found = [
        citing.where(each)
        for citing in read.citing
        for find in (read.unknown_ids, read.unknown_files, read.unknown_names)
        for each in find(citing)
    ]
    assert found == [
        "apps/chat/going.py:1 CHAT-8",
        "apps/chat/going.py:5 old_name",
        "apps/chat/going.py:6 gone.py",
        "static/js/shared/dates.js:1 CHAT-9",
    ]
