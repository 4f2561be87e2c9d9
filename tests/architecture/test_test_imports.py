"""What folders of tests share is in tests/support: else they import nothing of one another, and no test module."""

import ast
from collections.abc import Iterator

import pytest

from config.local.state import ROOT


def imported(source: str) -> Iterator[tuple[str, ...]]:
    """The parts of each dotted name of the tests that is imported, wherever in the module."""
    for node in ast.walk(ast.parse(source)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names]
        yield from (tuple(name.split(".")) for name in names if name.startswith(("tests.", ".")))


def is_forbidden(name: tuple[str, ...], folder: str) -> bool:
    """Whether a module of this folder of tests may not import that."""
    if name[0] != "tests":
        return True  # relative: nobody reads where it leads
    return name[1] not in {folder, "support"} or any(part.startswith("test_") for part in name[1:])


def test_only_support_and_the_own_folder_are_imported() -> None:
    paths = [path.relative_to(ROOT) for path in (ROOT / "tests").rglob("*.py")]
    assert len(paths) > 300
    assert [
        (str(path), ".".join(name))
        for path in paths
        for name in imported((ROOT / path).read_text())
        if is_forbidden(name, path.parts[1])
    ] == []


@pytest.mark.parametrize(
    ("source", "forbidden"),
    [
        ("from tests.chat.test_views import page", True),
        ("from tests.chat import test_views", True),
        ("import tests.chat.test_views", True),
        ("def later():\n    from tests.console.pages import card", True),
        ("from tests import conftest", True),
        ("from ..console import pages", True),
        ("from tests.chat.widget import page", False),
        ("from tests.support.people import talk", False),
        ("from apps.chat import test_views", False),
    ],
)
def test_what_is_forbidden_is_seen(source: str, forbidden: bool) -> None:
    assert any(is_forbidden(name, "chat") for name in imported(source)) is forbidden
