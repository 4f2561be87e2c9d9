"""TEN-6: second factors at sign-in, who must have one, and who takes them away."""

import re
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core import checks
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django_tenants.utils import tenant_context

from apps.accounts import actions, factor_forms, throttle
from apps.accounts.models import Role, SignInSettings, User
from apps.core.errors import DomainError
from tests.support.browser import Browser, signed_in, user_as
from tests.support.factors import SECRET, code_now, give_app, set_up_app
from tests.support.people import PASSWORD

FACTOR = "/signin/factor/"
MINE = "/account/factors/"


def second_step(browser: Browser, code: str, **data: str) -> Any:
    return browser.post(FACTOR, {"code": code, **data})


def is_in(browser: Browser) -> bool:
    return "_auth_user_id" in browser.client.session


def test_ten_6_a_right_password_is_not_enough(acme: Any) -> None:
    user = user_as("agent")
    give_app(user)
    browser = Browser("acme.localhost")
    assert browser.sign_in(user)["Location"] == FACTOR
    assert not is_in(browser)
    assert browser.get("/console/")["Location"].startswith("/signin/")
    assert second_step(browser, "000000").status_code == 200
    assert not is_in(browser)
    assert second_step(browser, code_now())["Location"] == "/console/"
    assert is_in(browser)


def test_ten_6_the_second_step_leads_to_where_one_wanted_to_go(acme: Any) -> None:
    user = user_as("owner")
    give_app(user)
    for wanted, got in {"/admin/queues/queue/": "/admin/queues/queue/", "//evil.example/": "/console/"}.items():
        browser = Browser("acme.localhost")
        browser.sign_in(user, next=wanted)
        assert second_step(browser, code_now())["Location"] == got
        cache.clear()


def test_ten_6_a_code_works_once(acme: Any) -> None:
    user = user_as("agent")
    give_app(user)
    code = code_now()
    for worked in (True, False):
        browser = Browser("acme.localhost")
        browser.sign_in(user)
        second_step(browser, code)
        assert is_in(browser) is worked


def test_ten_6_a_recovery_code_works_once_and_no_other_for_it(acme: Any) -> None:
    user = user_as("agent")
    give_app(user)
    code = RecoveryCodes.activate(user).get_unused_codes()[3]
    for worked in (True, False):
        browser = Browser("acme.localhost")
        browser.sign_in(user)
        second_step(browser, code)
        assert is_in(browser) is worked
    assert len(RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()) == 9


def test_ten_6_secrets_are_sealed(acme: Any) -> None:
    user = user_as("agent")
    give_app(user)
    RecoveryCodes.activate(user)
    stored = {row.type: row.data for row in Authenticator.objects.all()}
    assert SECRET not in str(stored["totp"])
    assert not re.fullmatch(r"[0-9a-f]{80}", stored["recovery_codes"]["seed"])


def test_ten_6_a_remembered_browser_is_asked_no_more_until_something_changes(acme: Any) -> None:
    user = user_as("agent")
    give_app(user)
    browser = Browser("acme.localhost")
    browser.sign_in(user)
    second_step(browser, code_now(), remember="1")
    browser.post("/signout/")
    assert browser.sign_in(user)["Location"] == "/console/"
    browser.post("/signout/")
    other = user_as("agent")
    give_app(other)
    assert browser.sign_in(other)["Location"] == FACTOR
    actions.user_set_password(user=user, password="quite-another-phrase", actor=None)
    assert browser.sign_in(user, "quite-another-phrase")["Location"] == FACTOR


def test_ten_6_what_another_tenant_has_remembered_counts_for_nothing(acme: Any, globex: Any) -> None:
    """TEN-1: nor does a first step there, for a user of the same id, password and secret."""
    user = user_as("agent")
    give_app(user)
    thief = Browser("acme.localhost")
    with tenant_context(globex):
        twin = user_as("agent", id=user.pk, email=user.email)
        give_app(twin)
        there = Browser("globex.localhost")
        there.sign_in(twin)
    thief.steal_cookies(there)
    assert second_step(thief, code_now())["Location"] == "/signin/"
    with tenant_context(globex):
        second_step(there, code_now(), remember="1")
        assert is_in(there)
    thief.client.cookies["parley_trusted"] = there.client.cookies["parley_trusted"].value
    assert thief.sign_in(user)["Location"] == FACTOR


@pytest.mark.parametrize("change", ["deactivated", "new password", "signed out everywhere"])
def test_ten_6_between_the_two_steps_the_account_is_looked_at_again(acme: Any, change: str) -> None:
    user = user_as("agent")
    give_app(user)
    browser = Browser("acme.localhost")
    browser.sign_in(user)
    if change == "deactivated":
        actions.user_deactivate(user=user, actor=None)
    elif change == "new password":
        actions.user_set_password(user=user, password="quite-another-phrase", actor=None)
    else:
        User.objects.filter(pk=user.pk).update(session_generation=7)
    assert second_step(browser, code_now())["Location"] == "/signin/"
    assert not is_in(browser)


# --- Guessing


def test_ten_6_guessing_codes_is_stopped_and_stops_no_known_browser(acme: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, count in {"BY_FACTOR": 4, "BY_FACTOR_DEVICE": 6}.items():
        limit = replace(getattr(throttle, name), name=uuid4().hex, count=count, seconds=10**9)
        monkeypatch.setattr(throttle, name, limit)
    user = user_as("agent")
    known = Browser("acme.localhost")
    known.sign_in(user)
    known.post("/signout/")
    give_app(user)
    stranger = Browser("acme.localhost")
    stranger.sign_in(user)
    said = [second_step(stranger, f"{n:06}").content.decode() for n in range(1, 6)]
    assert ["Too much at once" in page for page in said] == [False] * 4 + [True]
    assert "Too much at once" in second_step(stranger, code_now()).content.decode()
    assert not is_in(stranger)
    known.sign_in(user)
    assert second_step(known, code_now())["Location"] == "/console/"


def test_ten_6_right_passwords_before_a_second_factor_are_no_guesses(acme: Any, settings: Any) -> None:
    """An office behind one address, whose people all have second factors."""
    settings.AXES_ENABLED = True
    user = user_as("agent")
    give_app(user)
    for _ in range(throttle.BY_NETWORK.count + 2):
        answer = Browser("acme.localhost").post(
            "/signin/", {"username": user.email, "password": PASSWORD}, REMOTE_ADDR="198.51.100.77"
        )
        assert answer.status_code == 302


# --- Setting one up


def test_ten_6_an_app_is_set_up_with_its_own_code_and_brings_recovery_codes_once(acme: Any) -> None:
    user = user_as("agent")
    browser = signed_in(user)
    page = browser.get(f"{MINE}app/").content.decode()
    assert "<svg" in page
    assert browser.post(f"{MINE}app/", {"code": "000000"}).status_code == 200
    assert not Authenticator.objects.exists()
    set_up_app(browser)
    assert set(Authenticator.objects.values_list("type", flat=True)) == {"totp", "recovery_codes"}
    first, second = (browser.get(f"{MINE}codes/").content.decode() for _ in range(2))
    assert len(re.findall(r"<li>\d{8}</li>", first)) == 10
    assert re.findall(r"<li>\d{8}</li>", second) == []


def test_ten_6_factors_are_changed_only_after_a_confirmation(acme: Any) -> None:
    """By the password of who has no factor, by a factor of who has: a password alone takes none away."""
    user = user_as("agent")
    browser = signed_in(user)
    age_records(browser)
    assert browser.get(f"{MINE}app/")["Location"] == "/account/confirm/?next=%2Faccount%2Ffactors%2Fapp%2F"
    assert browser.post("/account/confirm/", {"password": "wrong"}).status_code == 200
    assert browser.get(f"{MINE}app/").status_code == 302
    where = browser.post("/account/confirm/?next=/account/factors/app/", {"password": PASSWORD})["Location"]
    assert where == "/account/factors/app/"
    set_up_app(browser)
    age_records(browser)
    for path in ("app/remove/", "codes/new/", "keys/add/"):
        assert browser.post(MINE + path)["Location"].startswith("/account/confirm/code/"), path
    assert browser.post("/account/confirm/", {"password": PASSWORD})["Location"].startswith("/account/confirm/code/")
    assert Authenticator.objects.filter(type="totp").exists()
    cache.clear()
    secret = totp.decrypt(Authenticator.objects.get(type="totp").data["secret"])
    browser.post("/account/confirm/code/", {"code": code_now(secret)})
    assert browser.post(f"{MINE}app/remove/")["Location"] == MINE
    assert not Authenticator.objects.exists()


def test_ten_6_the_password_is_not_guessed_at_an_open_page(acme: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    limit = replace(throttle.BY_OLD_PASSWORD, name=uuid4().hex, seconds=10**9)
    monkeypatch.setattr(factor_forms, "BY_OLD_PASSWORD", limit)
    browser = signed_in(user_as("agent"))
    for _ in range(limit.count):
        assert "not your password" in browser.post("/account/confirm/", {"password": "x"}).content.decode()
    assert "Too much at once" in browser.post("/account/confirm/", {"password": PASSWORD}).content.decode()


def age_records(browser: Browser) -> None:
    """Have the sign-in been an hour ago."""
    session = browser.client.session
    session["account_authentication_methods"] = [
        record | {"at": record["at"] - 3600} for record in session["account_authentication_methods"]
    ]
    session.save()


# --- Who must have one


def force(*codes: str) -> None:
    roles = Role.objects.filter(code__in=codes)
    actions.signin_settings_save(settings=SignInSettings.load(), roles=roles, actor=None)


def test_ten_6_who_must_have_one_sets_it_up_before_anything_else(acme: Any) -> None:
    force("administrator")
    assert signed_in(user_as("agent")).get("/console/").status_code == 200
    browser = signed_in(user_as("administrator"))
    for path in ("/console/", "/admin/", "/password/", "/", "/admin/accounts/user/"):
        assert browser.get(path)["Location"] == MINE, path
        assert browser.post(path)["Location"] == MINE, path
    assert browser.get("/console/", headers={"hx-request": "true"})["HX-Redirect"] == MINE
    assert "Set one up" in browser.get(MINE).content.decode()
    set_up_app(browser)
    assert browser.get("/admin/").status_code == 200


def test_ten_6_the_last_one_of_who_must_have_one_stays(acme: Any) -> None:
    force("owner")
    browser = signed_in(user_as("owner"))
    set_up_app(browser)
    browser.post(f"{MINE}app/remove/")
    assert Authenticator.objects.filter(type="totp").exists()
    force()
    browser.post(f"{MINE}app/remove/")
    assert not Authenticator.objects.exists()


def test_ten_6_only_who_may_set_the_tenant_up_forces_factors(acme: Any) -> None:
    settings = SignInSettings.load()
    with pytest.raises(DomainError):
        actions.signin_settings_save(settings=settings, roles=Role.objects.all(), actor=user_as("supervisor"))
    assert not settings.second_factor_roles.exists()
    actions.signin_settings_save(settings=settings, roles=Role.objects.all(), actor=user_as("administrator"))
    assert settings.second_factor_roles.count() == Role.objects.count()


def test_ten_6_operators_must_have_one_wherever_it_is_no_laptop(db: Any, settings: Any) -> None:
    user = User.objects.create(email="op@parley.test", first_name="Op", is_operator=True)
    user.set_password(PASSWORD)
    user.save()
    browser = Browser("localhost")
    assert browser.sign_in(user)["Location"] == "/admin/"
    assert browser.get("/admin/").status_code == 200
    settings.OPERATORS_NEED_SECOND_FACTOR = True
    forced = Browser("localhost")
    forced.sign_in(user)
    assert forced.get("/admin/")["Location"] == MINE
    set_up_app(forced)
    assert forced.get("/admin/").status_code == 200


def test_ten_6_a_server_that_lets_operators_in_without_one_does_not_start(settings: Any) -> None:
    def found() -> set[str]:
        return {each.id for each in checks.run_checks() if each.id == "parley.E001"}

    settings.OPERATORS_NEED_SECOND_FACTOR = False
    assert found() == set()
    settings.LOCAL_MODE = False
    assert found() == {"parley.E001"}


# --- Taken away


def test_ten_6_an_administrator_takes_lost_ones_away_and_sessions_end(acme: Any) -> None:
    user, administrator = user_as("agent"), user_as("administrator")
    give_app(user)
    RecoveryCodes.activate(user)
    browser = Browser("acme.localhost")
    browser.sign_in(user)
    second_step(browser, code_now())
    page = f"/admin/accounts/user/{user.pk}"
    at_desk = signed_in(administrator)
    shown = at_desk.get(f"{page}/change/").content.decode()
    assert "Remove second factors" in shown
    assert SECRET not in shown
    assert at_desk.post(f"{page}/remove-factors/", {"sure": "1"})["Location"] == f"{page}/change/"
    assert not Authenticator.objects.exists()
    assert browser.get("/console/").status_code == 302
    assert Browser("acme.localhost").sign_in(user)["Location"] == "/console/"
    assert "Remove second factors" not in at_desk.get(f"{page}/change/").content.decode()


@pytest.mark.parametrize(("whose", "by"), [("owner", "administrator"), ("administrator", "supervisor")])
def test_ten_6_nobody_takes_away_those_of_who_may_do_more(acme: Any, whose: str, by: str) -> None:
    user, actor = user_as(whose), user_as(by)
    give_app(user)
    with pytest.raises(DomainError) as refused:
        actions.user_remove_factors(user=user, actor=actor)
    assert refused.value.code == "not_allowed"
    with pytest.raises(DomainError) as refused:
        actions.user_remove_factors(user=user, actor=user)
    assert refused.value.code == "not_yourself"
    assert Authenticator.objects.exists()


def test_no_page_of_allauths_own_is_there(acme: Any) -> None:
    browser = signed_in(user_as("owner"))
    for path in ("accounts/signup/", "signup/", "account/signup/", "accounts/login/"):
        assert browser.get(f"/{path}").status_code == 404, path


def test_ten_6_the_installation_helps_an_owner_who_has_lost_theirs(acme: Any, capsys: Any) -> None:
    user = user_as("owner")
    give_app(user)
    with pytest.raises(CommandError):
        call_command("factors_remove", user.email)
    with pytest.raises(CommandError):
        call_command("factors_remove", user.email, schema="nowhere")
    assert Authenticator.objects.exists()
    call_command("factors_remove", user.email.upper(), schema="acme")
    assert not Authenticator.objects.exists()
    assert "password alone" in capsys.readouterr().out
