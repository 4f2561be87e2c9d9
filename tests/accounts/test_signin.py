"""TEN-6: signing in and out, and what ends a session."""

from typing import Any

import pytest
from django.utils import timezone

from apps.accounts import actions
from apps.accounts.models import Role, User
from apps.agents.choices import Base
from apps.agents.models import Agent
from apps.realtime.publish import agent_group
from tests.support.browser import Browser, signed_in, user_as
from tests.support.group_listener import GroupListener
from tests.support.people import PASSWORD, UserFactory, make_agent, talk

NEW = "another-long-phrase"


@pytest.mark.parametrize(
    ("role", "home"), [("owner", "/console/"), ("supervisor", "/console/"), ("agent", "/console/")]
)
def test_ten_6_an_agent_lands_in_the_console(acme: Any, role: str, home: str) -> None:
    answer = Browser("acme.localhost").sign_in(user_as(role))
    assert (answer.status_code, answer["Location"]) == (302, home)


def test_ten_6_who_only_sets_things_up_lands_in_the_admin(acme: Any) -> None:
    role = Role.objects.create(code="setter", name="Setter", scope="all", permissions=["setup"])
    assert Browser("acme.localhost").sign_in(UserFactory(role=role))["Location"] == "/admin/"


def test_ten_6_who_has_no_role_is_told_so(acme: Any) -> None:
    answer = Browser("acme.localhost").sign_in(UserFactory(role=None))
    assert answer.status_code == 200
    assert b"no role yet" in answer.content


@pytest.mark.parametrize(
    ("wanted", "got"),
    [
        ("/admin/queues/queue/", "/admin/queues/queue/"),
        ("https://evil.example/", "/console/"),
        ("//evil.example/", "/console/"),
        ("http://globex.localhost/console/", "/console/"),
        ("javascript:alert(1)", "/console/"),
        ("abc", "/console/"),
        ("%00", "/console/"),
    ],
)
def test_ten_6_next_stays_on_this_host(acme: Any, wanted: str, got: str) -> None:
    assert Browser("acme.localhost").sign_in(user_as("owner"), next=wanted)["Location"] == got


def test_ten_6_the_email_is_known_in_any_case_and_the_password_in_one(acme: Any) -> None:
    user_as("agent", email="Lena@acme.test")
    browser = Browser("acme.localhost")
    assert browser.post("/signin/", {"username": "lena@ACME.test", "password": PASSWORD.upper()}).status_code == 200
    assert browser.post("/signin/", {"username": "lena@ACME.test", "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize("state", [{"is_active": False}, {"is_active": False, "deleted_at": timezone.now()}])
def test_ten_6_deactivated_and_deleted_users_stay_outside(acme: Any, state: dict[str, Any]) -> None:
    user = user_as("agent", **state)
    answer = Browser("acme.localhost").sign_in(user)
    assert answer.status_code == 200
    assert b"go together" in answer.content


def test_ten_6_a_form_of_another_site_is_refused(acme: Any) -> None:
    browser = Browser("acme.localhost", enforce_csrf_checks=True)
    assert browser.sign_in(user_as("agent")).status_code == 403


def test_ten_6_who_is_signed_in_is_sent_on(acme: Any) -> None:
    browser = signed_in(user_as("agent"))
    for wanted in ("", "?next=abc", "?next=console:home", "?next=//evil.example/"):
        assert browser.get(f"/signin/{wanted}")["Location"] == "/console/"
    assert browser.get("/signin/?next=/admin/")["Location"] == "/admin/"


def test_ten_6_a_strange_name_is_no_error(acme: Any) -> None:
    browser = Browser("acme.localhost")
    assert browser.post("/signin/", {"username": "a\0b@acme.test", "password": "x"}).status_code == 400
    for name in ("a\x02b@acme.test", "ı@acme.test", "x" * 5000, "", "'; --"):
        assert browser.post("/signin/", {"username": name, "password": "x"}).status_code == 200


# --- What ends a session


def test_ten_6_a_new_password_ends_every_session_and_socket(acme: Any, django_capture_on_commit_callbacks: Any) -> None:
    user = user_as("owner")
    one, two = signed_in(user), signed_in(user)
    with GroupListener(("acme", agent_group(user.pk))) as listener:
        with django_capture_on_commit_callbacks(execute=True):
            actions.user_set_password(user=user, password=NEW, actor=None)
        assert [frame for *_where, frame in listener.heard(1)] == [{"type": "close", "code": 4401}]
    for browser in (one, two):
        assert browser.get("/admin/").status_code == 302


def test_ten_6_deactivating_ends_every_session_and_socket_for_good(
    acme: Any, django_capture_on_commit_callbacks: Any
) -> None:
    user = user_as("administrator")
    browser = signed_in(user)
    assert browser.get("/admin/").status_code == 200
    with GroupListener(("acme", agent_group(user.pk))) as listener:
        with django_capture_on_commit_callbacks(execute=True):
            actions.user_deactivate(user=user, actor=None)
        assert {"type": "close", "code": 4401} in [frame for *_where, frame in listener.heard(1)]
    assert browser.get("/admin/").status_code == 302
    actions.user_activate(user=user, actor=None)
    assert browser.get("/admin/").status_code == 302
    assert signed_in(user).get("/admin/").status_code == 200


def test_ten_6_changing_ones_own_password_keeps_this_session_alone(acme: Any) -> None:
    user = user_as("owner")
    here, there = signed_in(user), signed_in(user)
    form = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert here.post("/password/", form | {"old_password": "wrong"}).status_code == 200
    assert here.post("/password/", form)["Location"] == "/console/"
    assert here.get("/admin/").status_code == 200
    assert there.get("/admin/").status_code == 302
    assert Browser("acme.localhost").sign_in(user, NEW).status_code == 302


def test_ten_6_a_password_can_be_changed_only_by_who_is_signed_in(acme: Any) -> None:
    assert Browser("acme.localhost").get("/password/")["Location"] == "/signin/?next=/password/"


# --- Signing out


def test_agt_8_signing_out_makes_offline(acme: Any) -> None:
    agent = make_agent()
    browser = signed_in(agent.user)
    assert browser.get("/signout/").status_code == 405
    assert browser.post("/signout/")["Location"] == "/signin/"
    assert "_auth_user_id" not in browser.client.session
    assert Agent.objects.get(pk=agent.pk).base == Base.OFFLINE


@pytest.mark.django_db(transaction=True)
def test_agt_8_signing_out_with_a_live_conversation_is_refused(acme: Any) -> None:
    agent = make_agent()
    talk(agent)
    browser = signed_in(agent.user)
    assert browser.post("/signout/")["Location"] == "/console/"
    assert "_auth_user_id" in browser.client.session
    assert Agent.objects.get(pk=agent.pk).base == Base.AVAILABLE


def test_ten_6_passwords_are_kept_as_argon2(settings: Any) -> None:
    from config.settings import base

    assert base.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
    assert User.USERNAME_FIELD == "email"
