"""Everything can be done by a key, and every key can be changed (CON-6, WCAG 2.1.4)."""

import re
from typing import Any

import pytest

from apps.console.keyboard.shortcuts import SHORTCUTS, check_key, shortcuts_with
from apps.console.models import Preferences
from apps.console.settings.actions import shortcut_choose, shortcuts_reset
from apps.core.errors import DomainError
from config.local.state import ROOT
from tests.support.pages import HTMX, browser_of, elements
from tests.support.people import UserFactory, make_agent

DEFAULTS = shortcuts_with({})


def keys(chosen: dict[str, str]) -> dict[str, str]:
    return {each.id: each.key for each in shortcuts_with(chosen)}


# --- The table


def test_an_action_has_an_id_and_a_key_of_its_own() -> None:
    assert len({each.id for each in SHORTCUTS}) == len(SHORTCUTS)
    assert len({each.key for each in SHORTCUTS}) == len(SHORTCUTS)
    for each in SHORTCUTS:
        assert check_key(each.id, each.key, DEFAULTS) == each.key


def test_every_action_has_something_that_does_it_and_nothing_else_has() -> None:
    does: set[str] = set()
    for page in (ROOT / "templates").rglob("*.html"):
        does |= set(re.findall(r'data-action="([^"]+)"', page.read_text()))
    for module in (ROOT / "static/js/console").rglob("*.js"):
        does |= set(re.findall(r'\bregisterAction\("([^"]+)"', module.read_text()))
    assert does == {each.id for each in SHORTCUTS}


# --- What may be chosen


@pytest.mark.parametrize(
    ("name", "key", "code", "words"),
    [
        ("end", "J", "key_taken", "J is taken by “Next conversation”."),
        ("end", "Mod+T", "key_reserved", "Ctrl+T belongs to the browser."),
        ("end", "ENTER", "key_unknown", "Choose a letter, a digit, or one of ? / . ,"),
        ("end", "j", "key_unknown", "Choose a letter, a digit, or one of ? / . ,"),
        ("end", "Mod+Mod+B", "key_unknown", "Choose a letter, a digit, or one of ? / . ,"),
        ("explode", "B", "shortcut_unknown", "There is no such action."),
    ],
)
def test_what_is_refused_is_refused_with_its_reason(name: str, key: str, code: str, words: str) -> None:
    with pytest.raises(DomainError) as refused:
        check_key(name, key, DEFAULTS)
    assert (refused.value.code, refused.value.message) == (code, words)


def test_a_chosen_key_wins_over_the_default_of_another_action() -> None:
    found = keys({"end": "J", "gone_feature": "K"})
    assert (found["end"], found["next"], found["previous"]) == ("J", "", "K")


# --- The actions


@pytest.mark.django_db(transaction=True)
class TestChoosing:
    """One row for each agent, one key for each action."""

    def test_a_key_is_kept_and_the_default_leaves_nothing_behind(self, acme: Any) -> None:
        user = UserFactory()
        shortcut_choose(name="end", key="Q", actor=user)
        shortcut_choose(name="reply", key="", actor=user)
        assert Preferences.objects.get(user=user).keys == {"end": "Q", "reply": ""}
        shortcut_choose(name="end", key="E", actor=user)
        assert Preferences.objects.get(user=user).keys == {"reply": ""}
        shortcuts_reset(actor=user)
        assert Preferences.objects.get(user=user).keys == {}

    def test_the_key_of_an_action_that_is_off_is_free_until_it_is_wanted_back(self, acme: Any) -> None:
        user = UserFactory()
        shortcut_choose(name="next", key="", actor=user)
        shortcut_choose(name="end", key="J", actor=user)
        with pytest.raises(DomainError) as refused:
            shortcut_choose(name="next", key="J", actor=user)
        assert refused.value.code == "key_taken"
        assert Preferences.objects.get(user=user).keys == {"next": "", "end": "J"}

    def test_the_help_lists_every_action_with_its_key(self, acme: Any) -> None:
        agent = make_agent()
        browser = browser_of(agent.user)
        assert helped(browser.get("/console/")) == keys({})
        answer = browser.post("/console/settings/key/", {"name": "end", "key": "Q"}, headers=HTMX)
        assert helped(answer) == keys({"end": "Q"})
        assert helped(browser.get("/console/")) == keys({"end": "Q"})
        assert helped(browser_of(make_agent().user).get("/console/")) == keys({})
        assert helped(browser.post("/console/settings/keys/", headers=HTMX)) == keys({})

    def test_a_conflict_is_said_beside_the_action_and_changes_nothing(self, acme: Any) -> None:
        agent = make_agent()
        answer = browser_of(agent.user).post("/console/settings/key/", {"name": "end", "key": "J"}, headers=HTMX)
        assert answer.status_code == 409
        assert [each["id"] for each in elements(answer, "p", role="alert")] == ["key-why-end"]
        assert "J is taken by “Next conversation”." in answer.content.decode()
        assert not Preferences.objects.filter(user=agent.user).exists()

    def test_the_settings_are_a_dialog_and_without_scripts_the_console(self, acme: Any) -> None:
        browser = browser_of(make_agent().user)
        answer = browser.get("/console/settings/", headers=HTMX)
        assert [each["id"] for each in elements(answer, "dialog")] == ["preferences"]
        assert len(elements(answer, "form", data_default="J")) == 1
        assert browser.get("/console/settings/").headers["Location"] == "/console/"


def helped(answer: Any) -> dict[Any, Any]:
    return {each["data-shortcut"]: each["data-key"] for each in elements(answer, "div") if "data-shortcut" in each}
