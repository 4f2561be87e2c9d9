"""TEN-6 in a browser: an administrator sets a sign-in provider up, and a member of a group signs in there."""

import re

from playwright.sync_api import expect

from tests.browser.accessibility import SEEN, assert_accessible
from tests.browser.people import picture
from tests.support import new_tenant_office as office
from tests.support.openid_provider import CLIENT, SECRET, openid_provider_running

MEMBER = {"sub": "nina", "email": "nina@new.test", "email_verified": True, "name": "Nina New", "groups": ["Support"]}


def seen(person, where):
    assert_accessible(person.page, where)
    picture(person, "provider-" + re.sub(r"\W+", "-", where))


def test_ten_6_a_provider_is_set_up_and_a_member_of_a_group_signs_in_by_it(stack, stage):
    owner = stack.office("acme", office.make, "newprovider")
    home = f"http://newprovider.localhost:{stack.port}"
    with openid_provider_running() as provider:
        provider.claims = MEMBER
        administrator = stage.agent(**SEEN, viewport={"width": 1280, "height": 900})
        page = administrator.page
        page.goto(f"{home}/admin/settings/people/")
        page.get_by_label("Email").fill(owner.email)
        page.get_by_label("Password").fill(owner.password)
        page.get_by_role("button", name="Sign in").click()

        expect(page.get_by_text(f"{home}/signin/openid/callback/")).to_be_visible()
        page.get_by_label("Text of the button").fill("Sign in with Newco")
        page.get_by_label("Issuer").fill(provider.issuer)
        page.get_by_label("Client id").fill(CLIENT)
        page.get_by_label("Client secret").fill(SECRET)
        page.get_by_label("Groups claim").fill("groups")
        page.get_by_label("Create users at their first sign-in").check()
        page.get_by_label("No passwords").check()
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("Passwords can be closed only while people can sign in")).to_be_visible()
        seen(administrator, "refused")
        page.get_by_label("Client secret").fill(SECRET)
        page.get_by_label("Sign in by OpenID Connect").check()
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("Saved: OpenID Connect.")).to_be_visible()
        page.get_by_role("button", name="Check the provider").click()
        expect(page.get_by_text("It publishes 1 key.")).to_be_visible()
        seen(administrator, "set up")

        page.goto(f"{home}/admin/scim/directorygroup/add/")
        page.get_by_role("textbox", name="Name").fill("support")
        page.get_by_label("Role").select_option(label="Agent")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("was added successfully")).to_be_visible()

        member = stage.agent(**SEEN)
        member.page.goto(f"{home}/signin/")
        seen(member, "sign in")
        member.page.get_by_text("Sign in with a password (owner)").click()
        expect(member.page.get_by_label("Password")).to_be_visible()
        seen(member, "owner")
        member.page.get_by_role("link", name="Sign in with Newco").click()
        member.page.wait_for_url(re.compile("/console/"))

    page.goto(f"{home}/admin/accounts/user/?q=nina")
    page.get_by_role("link", name="nina@new.test").click()
    expect(page.get_by_label("Role", exact=True)).to_have_value(re.compile(".+"))
    expect(page.get_by_role("heading", name="Sign in with Newco")).to_be_visible()
    expect(page.get_by_label("New password")).to_have_count(0)
    page.get_by_role("heading", name="Sign in with Newco").scroll_into_view_if_needed()
    seen(administrator, "the member")
    page.get_by_role("link", name="Unlink from the sign-in provider").click()
    page.get_by_role("button", name="Unlink").click()
    expect(page.get_by_text("Nina New is unlinked.")).to_be_visible()
    expect(page.get_by_role("heading", name="Sign in with Newco")).to_have_count(0)
