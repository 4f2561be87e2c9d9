"""What is written to the database is written by actions and steps, and screens read through selectors."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WRITERS = {"actions", "steps", "migrations", "seeds"}
"""Files and folders of an app that may write. Seeds fill a new tenant before anybody else is there."""

READERS = {"views", "consumers"}
"""Files and folders that ask selectors instead of the ORM."""

FLOOR = {"core/rows.py", "core/models.py"}
"""How rows are written at all, and the one row of settings that is made when it is first read."""

ALWAYS = {"bulk_create", "bulk_update", "get_or_create", "update_or_create"}
"""Calls that write, whatever they are called on."""

ROWS = {"row_save", "row_add", "rows_add", "row_put", "row_add_once", "rows_delete"}
"""The functions of `core/rows.py` that write."""

OF_ROWS = {"create", "update", "delete", "add", "set", "remove", "clear", "_raw_delete"}
"""Calls that write where they are called on a manager or a queryset; of dicts and sets they are something else."""

QUERIES = {"objects", "_base_manager", "_default_manager", "filter", "exclude", "select_for_update"}
WRITING_SQL = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM|TRUNCATE)\b")


def kind_of(path: str) -> set[str]:
    """The names by which a file of an app may be allowed or forbidden something: its folders' and its own."""
    return {part.removesuffix(".py") for part in path.split("/")[1:]}


def chain(node: ast.expr) -> Iterator[str]:
    """Every attribute that stands before the last dot: `objects`, `filter` of `Row.objects.filter(…).update`."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        if isinstance(node, ast.Attribute):
            yield node.attr
        node = node.func if isinstance(node, ast.Call) else node.value


def is_write(node: ast.AST) -> bool:
    """Whether a node writes: a call of the ORM, or an SQL statement."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return bool(WRITING_SQL.match(node.value))
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Name):
        return node.func.id in ROWS
    if not isinstance(node.func, ast.Attribute):
        return False
    if node.func.attr in ALWAYS | ROWS:
        return True
    if node.func.attr == "delete":
        return not node.args and not node.keywords  # a file of a row is deleted with `save=False`
    if node.func.attr == "save":
        # A picture or a file is saved under a name; a formset, for the history alone, with `commit=False`.
        return not node.args and "commit" not in {keyword.arg for keyword in node.keywords}
    return node.func.attr in OF_ROWS and bool(QUERIES & set(chain(node.func.value)))


def is_query(node: ast.AST) -> bool:
    """Whether a node speaks to a model's manager."""
    return isinstance(node, ast.Attribute) and node.attr in {"objects", "_base_manager", "_default_manager"}


def writes(path: str, source: str) -> list[str]:
    """The lines of a file that write where it may not; `path` is relative to `apps/`."""
    if path in FLOOR or kind_of(path) & WRITERS:
        return []
    return _lines(path, source, is_write)


def queries(path: str, source: str) -> list[str]:
    """The lines of a view or a consumer that speak to the ORM."""
    return _lines(path, source, is_query) if kind_of(path) & READERS else []


def _lines(path: str, source: str, found: Callable[[ast.AST], bool]) -> list[str]:
    rows = source.splitlines()
    hits = sorted({node.lineno for node in ast.walk(ast.parse(source)) if found(node)})
    return [f"{path}:{line}: {rows[line - 1].strip()}" for line in hits]


def sources() -> Iterator[tuple[str, str]]:
    for file in sorted((ROOT / "apps").rglob("*.py")):
        yield file.relative_to(ROOT / "apps").as_posix(), file.read_text(encoding="utf-8")


def test_only_actions_and_steps_write() -> None:
    assert not [line for path, source in sources() for line in writes(path, source)]


def test_views_and_consumers_read_through_selectors() -> None:
    assert not [line for path, source in sources() for line in queries(path, source)]


@pytest.mark.parametrize(
    "line",
    [
        "row.save(update_fields=['name'])",
        "Row.objects.create(name='x')",
        "Row.objects.filter(pk=1).select_related('a').update(name='x')",
        "row.members.filter(pk=1).delete()",
        "row.delete()",
        "rows_add(rows)",
        "cursor.execute('''\n  UPDATE agents_slot SET held = held + 1''')",
    ],
)
def test_a_write_is_seen(line: str) -> None:
    assert len(writes("chat/handlers.py", line)) == 1
    assert writes("chat/actions/lines.py", line) == []
    assert writes("chat/steps.py", line) == []


@pytest.mark.parametrize(
    "line",
    ["seen.add(1)", "seen.update(other)", "rows.clear()", "picture.delete(save=False)", "picture.save('a.webp', data)"],
)
def test_sets_dicts_and_files_are_no_rows(line: str) -> None:
    assert writes("chat/handlers.py", line) == []


def test_a_query_of_a_view_is_seen() -> None:
    assert len(queries("chat/views.py", "Row.objects.get(pk=1)")) == 1
    assert len(queries("console/tray/views.py", "Row.objects.get(pk=1)")) == 1
    assert queries("chat/selectors.py", "Row.objects.get(pk=1)") == []
