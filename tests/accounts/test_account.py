"""TEN-6: where somebody is signed in, how they did of late, and the mail of a browser that is new."""

import re
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts import actions, session_use
from apps.accounts.actions.sessions import NEW_BROWSER_MAIL
from apps.accounts.browsers import browser_name
from apps.accounts.models import User, UserSession
from apps.audit.models import AuditEntry
from apps.timers.actions import wakeup_fire
from apps.timers.models import Wakeup
from tests.support.browser import Browser, signed_in, user_as

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.5 Safari/605.1.15"
)


def enter(user: User, agent: str = FIREFOX) -> Browser:
    """A browser that nobody knows yet, signed in."""
    browser = Browser("acme.localhost", HTTP_USER_AGENT=agent)
    assert browser.sign_in(user).status_code == 302
    return browser


def is_in(browser: Browser) -> bool:
    return browser.get("/account/").status_code == 200


def page(browser: Browser) -> str:
    return re.sub(r"\s+", " ", browser.get("/account/").content.decode())


def fire() -> None:
    for row in Wakeup.objects.filter(kind=NEW_BROWSER_MAIL):
        wakeup_fire(schema=row.schema, kind=row.kind, object_id=row.object_id, due_at=row.due_at)


def test_browsers_are_called_by_their_names() -> None:
    assert browser_name(FIREFOX) == "Firefox on Windows"
    assert browser_name(SAFARI) == "Safari on Mac OS X"
    assert browser_name("") == browser_name("\x00<script>") == "An unknown browser"


def test_one_sees_where_one_is_signed_in(acme: Any) -> None:
    user = user_as("agent")
    here = enter(user)
    enter(user, SAFARI)
    seen = page(here)
    assert seen.index("Firefox on Windows") < seen.index("this browser")
    assert "Safari on Mac OS X" in seen
    assert seen.count("last used") == 1


def test_another_session_is_ended_at_once_and_this_one_stays(acme: Any) -> None:
    user = user_as("agent")
    here, there = enter(user), enter(user, SAFARI)
    row = UserSession.objects.get(user=user, user_agent=SAFARI)
    assert here.post(f"/account/sessions/{row.pk}/end/").status_code == 302
    assert (is_in(here), is_in(there)) == (True, False)
    assert "Safari" not in page(here)
    assert here.post(f"/account/sessions/{row.pk}/end/").status_code == 302  # Twice is no error.
    assert AuditEntry.objects.filter(verb="user.end_session", target_id=str(user.pk)).count() == 1


def test_all_others_are_ended(acme: Any) -> None:
    user = user_as("agent")
    here, *others = [enter(user) for _ in range(3)]
    assert here.post("/account/sessions/end-others/").status_code == 302
    assert [is_in(each) for each in (here, *others)] == [True, False, False]


def test_nobody_ends_a_strangers_session(acme: Any) -> None:
    stranger, here = enter(user_as("agent")), enter(user_as("administrator"))
    row = UserSession.objects.exclude(user_agent="").latest("began_at")
    theirs = UserSession.objects.exclude(pk=row.pk).get()
    here.post(f"/account/sessions/{theirs.pk}/end/")
    assert is_in(stranger)


def test_this_session_is_not_ended_here(acme: Any) -> None:
    here = enter(user_as("agent"))
    assert here.post(f"/account/sessions/{UserSession.objects.get().pk}/end/").status_code == 404
    assert is_in(here)


def test_what_a_new_password_ended_is_not_listed(acme: Any) -> None:
    user = user_as("agent")
    enter(user, SAFARI)
    actions.user_set_password(user=user, password="seven-mauve-otters-knit", actor=None)
    browser = Browser("acme.localhost")
    assert browser.sign_in(user, "seven-mauve-otters-knit").status_code == 302
    assert "Safari" not in page(browser)
    assert UserSession.objects.filter(user=user).count() == 1


def test_of_who_was_deleted_no_session_is_kept(acme: Any) -> None:
    user = user_as("agent")
    theirs = enter(user)
    actions.user_delete(user=user, actor=None)
    assert not is_in(theirs)
    assert not UserSession.objects.exists()


def test_a_mail_tells_of_a_new_browser_and_of_no_other(acme: Any) -> None:
    user = user_as("agent", first_name="Ana")
    here = enter(user)
    fire()
    assert mail.outbox == []  # The first sign-in of all.
    here.post("/signout/")
    assert here.sign_in(user).status_code == 302
    fire()
    assert mail.outbox == []
    enter(user, SAFARI)
    fire()
    fire()
    (sent,) = mail.outbox
    assert sent.to == [user.email]
    assert "Safari on Mac OS X" in str(sent.body)
    assert "/account/" in str(sent.body)


def test_who_signs_in_and_out_at_once_is_told_of_all_the_same(acme: Any) -> None:
    user = user_as("agent")
    here = enter(user)
    stranger = enter(user, SAFARI)
    for _ in range(2):
        stranger.post("/signout/")
        assert stranger.sign_in(user).status_code == 302
    assert is_in(here)
    fire()
    assert ["Safari on Mac OS X" in str(sent.body) for sent in mail.outbox] == [True]


def test_a_session_that_was_ended_sends_no_mail(acme: Any) -> None:
    user = user_as("agent")
    here = enter(user)
    enter(user, SAFARI)
    here.post("/account/sessions/end-others/")
    fire()
    assert mail.outbox == []


def test_the_journal_has_what_was_tried_in_vain(acme: Any) -> None:
    user = user_as("agent")
    Browser("acme.localhost").sign_in(user, "wrong")
    Browser("acme.localhost").sign_in(user_as("agent"), "wrong")
    seen = page(enter(user))
    assert seen.count("Sign-in failed") == 1
    assert "Signed in" in seen


def test_use_is_noted_once_in_a_while(acme: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    here = enter(user_as("agent"))
    row = UserSession.objects.get()

    def statements() -> list[str]:
        with CaptureQueriesContext(connection) as caught:
            here.get("/account/factors/")
        return [each["sql"] for each in caught if "accounts_usersession" in each["sql"]]

    assert statements() == []
    monkeypatch.setattr(session_use, "NOTE_SECONDS", 0)
    assert len(statements()) == 1
    assert UserSession.objects.get().seen_at > row.seen_at


class TestAdministrators:
    def test_end_all_sessions_of_somebody(self, acme: Any) -> None:
        user = user_as("agent")
        theirs, admin = enter(user), signed_in(user_as("administrator"))
        address = f"/admin/accounts/user/{user.pk}/end-sessions/"
        assert "signed out in every browser" in admin.get(address).content.decode()
        assert admin.post(address).status_code == 302
        assert not is_in(theirs)

    def test_not_of_who_may_do_more(self, acme: Any) -> None:
        owner = user_as("owner")
        theirs, admin = enter(owner), signed_in(user_as("administrator"))
        assert admin.post(f"/admin/accounts/user/{owner.pk}/end-sessions/").status_code in {403, 404}
        assert is_in(theirs)

    @pytest.mark.parametrize(("role", "told"), [("owner", True), ("supervisor", False)])
    def test_who_reads_the_log_sees_sign_ins(self, acme: Any, role: str, told: bool) -> None:
        user = user_as("agent")
        enter(user, SAFARI)
        seen = signed_in(user_as(role)).get(f"/admin/accounts/user/{user.pk}/change/").content.decode()
        assert ("Safari on Mac OS X" in seen) is told
