"""Everything can be done by a key (CON-6)."""

import re
from typing import Any

import pytest

from apps.console.shortcuts import SHORTCUTS
from config.local.state import ROOT
from tests.console.pages import browser_of, elements
from tests.support.people import make_agent

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_action_has_an_id_and_a_key_of_its_own() -> None:
    assert len({each.id for each in SHORTCUTS}) == len(SHORTCUTS)
    assert len({each.key for each in SHORTCUTS}) == len(SHORTCUTS)


def test_every_action_has_something_that_does_it_and_nothing_else_has() -> None:
    does: set[str] = set()
    for page in (ROOT / "templates").rglob("*.html"):
        does |= set(re.findall(r'data-does="([^"]+)"', page.read_text()))
    for module in (ROOT / "static/js/console").glob("*.js"):
        does |= set(re.findall(r'\baction\("([^"]+)"', module.read_text()))
    assert does == {each.id for each in SHORTCUTS}


def test_the_help_lists_every_action_with_its_key(acme: Any) -> None:
    answer = browser_of(make_agent().user).get("/console/")
    rows = [(each["data-shortcut"], each["data-key"]) for each in elements(answer, "div") if "data-shortcut" in each]
    assert rows == [(each.id, each.key) for each in SHORTCUTS]
