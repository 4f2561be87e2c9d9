"""What can be read of a file, and what is said of one that can't."""

import pytest

from apps.core.csv_files import marked, unmarked
from apps.core.errors import DomainError
from apps.imports.limits import MAX_BYTES
from apps.imports.reading import rows_count, sheet_read

KNOWN = ("name", "group", "description")


def read(content: bytes):
    return sheet_read(content, known=KNOWN, needed=("name",))


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_rows_are_read_whatever_separates_them(bom: bytes, delimiter: str) -> None:
    text = f'Group{delimiter}name\r\nProducts{delimiter}"Two\nlines{delimiter}quoted"\r\n\r\n{delimiter}Last\r\n'
    rows = list(read(bom + text.encode()).rows())
    assert [row.cells for row in rows] == [
        {"group": "Products", "name": f"Two\nlines{delimiter}quoted"},
        {"group": "", "name": "Last"},
    ]
    assert [row.line for row in rows] == [2, 5]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        ("name\nMärz".encode("cp1252"), "not in UTF-8 (line 2)"),
        (b"name\na\x00b", "no CSV file"),
        (b"PK\x03\x04rest of a zip", "no CSV file"),
        (b"\x1f\x8brest", "no CSV file"),
        (b"title,name\na,b", "not known: title"),
        (b"group\na", "missing: name"),
        (b"name,name\na,b", "twice: name"),
        (b"name\n", "no rows"),
        (b'name\n"never closed', "can't be read"),
        (b"name\n" + b'"' + b"x" * 300_000 + b'"', "can't be read"),
        (b"x" * (MAX_BYTES + 1), "larger than"),
        (b",".join(b"c%d" % n for n in range(101)) + b"\n", "more than 100 columns"),
    ],
)
def test_what_cant_be_read_is_said_in_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(DomainError) as refused:
        rows_count(read(content))
    assert refused.value.code == "import_file_unreadable"
    assert said in str(refused.value.message)


def test_more_rows_than_a_file_may_have_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.imports.reading.MAX_ROWS", 2)
    with pytest.raises(DomainError, match="more than 2 rows"):
        rows_count(read(b"name\na\nb\nc"))


@pytest.mark.parametrize(
    "text", ["=1+1", "+34600", "-1", "@SUM", "\tx", "\rx", "'quoted", "'=1", "''", "it's", "", "a=b"]
)
def test_no_spreadsheet_takes_a_text_for_a_formula_and_it_comes_back_as_it_was(text: str) -> None:
    assert not marked(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unmarked(marked(text)) == text
