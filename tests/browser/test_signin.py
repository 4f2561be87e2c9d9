"""TEN-6 in a browser: passkeys and security keys by a virtual one, an authenticator app, and who must have a factor."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import SEEN, assert_accessible
from tests.browser.contrast import assert_readable
from tests.browser.people import picture
from tests.support import sign_in_office as office
from tests.support.factors import code_now

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def administrators_forced(stack):
    """Who administers acme must have a second factor."""
    stack.office("acme", office.force, "administrator")
    yield
    stack.office("acme", office.force)


def plug_in(person):
    """A security key in this browser, of somebody who touches it at once."""
    devtools = person.context.new_cdp_session(person.page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    return devtools


def seen(person, where):
    assert_accessible(person.page, where)
    assert_readable(person.page, where)
    picture(person, "signin-" + re.sub(r"\W+", "-", where))


def by_password(page, home, who):
    page.goto(f"{home}/signin/")
    page.get_by_label("Email").fill(who.email)
    page.get_by_label("Password").fill(who.password)
    page.get_by_role("button", name="Sign in").click()


def out(page):
    """Sign out, as a form that the page sends."""
    page.evaluate(
        """async () => {
            const token = document.cookie.match(/parley_csrf=([^;]+)/)[1];
            await fetch("/signout/", {method: "POST", headers: {"X-CSRFToken": token}});
        }"""
    )


def test_ten_6_a_passkey_signs_in_alone_and_on_no_other_host(stack, stage):
    stage.expect("status of 404")
    who = stack.office("acme", office.person, "administrator")
    home, other = (f"http://{name}.localhost:{stack.port}" for name in ("acme", "globex"))
    person = stage.agent(**SEEN)
    page = person.page
    plug_in(person)
    by_password(page, home, who)
    page.wait_for_url(re.compile("/console/"))
    page.goto(f"{home}/account/factors/")
    seen(person, "no factor yet")
    page.get_by_role("link", name="Add a passkey or key").click()
    page.get_by_label("Name").fill("Desk")
    seen(person, "new key")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    expect(page.locator(".account-codes li")).to_have_count(10)
    seen(person, "recovery codes")
    page.get_by_role("link", name="I have them").click()
    expect(page.get_by_text("Desk")).to_be_visible()
    seen(person, "factors")
    out(page)
    page.goto(f"{home}/signin/?next=/admin/")
    seen(person, "sign-in")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{home}/admin/")
    page.goto(f"{other}/signin/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("The passkey was not used")).to_be_visible()


def test_ten_6_a_key_is_the_second_step_and_confirms_what_comes_next(stack, stage):
    who = stack.office("acme", office.person, "agent")
    home = f"http://acme.localhost:{stack.port}"
    person = stage.agent(**SEEN)
    page = person.page
    plug_in(person)
    by_password(page, home, who)
    page.wait_for_url(re.compile("/console/"))
    page.goto(f"{home}/account/factors/keys/add/")
    page.get_by_label("Sign in with it alone").uncheck()
    page.get_by_role("button", name="Add").click()
    expect(page.locator(".account-codes li")).to_have_count(10)
    out(page)
    by_password(page, home, who)
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    seen(person, "second step")
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("That didn't work")).to_be_visible()
    page.get_by_role("button", name="Use a security key").click()
    page.wait_for_url(re.compile("/console/"))
    stack.office("acme", office.age_sessions, who.id)
    page.goto(f"{home}/account/factors/")
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("link", name="Use a security key").click()
    seen(person, "confirmation")
    page.get_by_role("button", name="Use a security key").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("None yet.")).to_be_visible()


def test_ten_6_who_must_have_a_factor_sets_an_app_up_first(stack, stage, administrators_forced):
    who = stack.office("acme", office.person, "administrator")
    home = f"http://acme.localhost:{stack.port}"
    person = stage.agent(**SEEN)
    page = person.page
    by_password(page, home, who)
    page.wait_for_url(f"{home}/account/factors/")
    page.goto(f"{home}/console/")
    expect(page.get_by_text("Your role needs a second factor")).to_be_visible()
    seen(person, "forced")
    page.get_by_role("link", name="Set up an authenticator app").click()
    secret = page.locator(".account-secret").inner_text().replace(" ", "")
    seen(person, "new app")
    page.get_by_label("Authenticator code").fill(code_now(secret))
    page.get_by_role("button", name="Set it up").click()
    expect(page.locator(".account-codes li")).to_have_count(10)
    page.goto(f"{home}/console/")
    expect(page.locator("#workspace")).to_be_visible()
    out(page)
    by_password(page, home, who)
    page.get_by_label("Code").fill(code_now(secret, steps=1))
    page.get_by_label("Don't ask again").check()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(f"{home}/console/")
