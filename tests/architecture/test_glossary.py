"""docs/glossary.md has every word of the product in its place, and each names where it stands in the code.

That what it names is there is for test_citations.py to say.
"""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (.+?) \| (.+?) \| (.+?) \| (.*?) ?\|$", re.MULTILINE)
NAMED = re.compile(r"`(?:[a-z]+\.\w+(?:\.\w+)?|apps/\w+)`")


def rows(file: str) -> list[tuple[str, ...]]:
    """The rows of the tables of a page, without heads."""
    found = [match.groups() for match in ROW.finditer((ROOT / file).read_text())]
    return [row for row in found if row[0] not in {"term", "---"}]


def test_terms_are_in_alphabetical_order_once() -> None:
    terms = [row[0].casefold() for row in rows("docs/glossary.md")]
    assert terms == sorted(set(terms))


def test_every_term_is_one_sentence_and_names_its_place() -> None:
    for term, said, where, _ in rows("docs/glossary.md"):
        assert said.endswith(".") and ". " not in said, term
        assert NAMED.search(where), term


def test_the_words_of_the_product_are_among_them() -> None:
    words = (ROOT / "docs/product.md").read_text().partition("## Words")[2].partition("\n## ")[0]
    terms = re.findall(r"^\| ([\w ]+) \|", words, re.MULTILINE)
    assert len(terms) > 10
    assert {term for term in terms if term != "word"} <= {row[0] for row in rows("docs/glossary.md")}
