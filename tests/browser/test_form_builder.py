"""A form from its builder to its customer, by mail (FRM-1 to FRM-3)."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import SEEN, assert_accessible
from tests.browser.people import picture, wait_for
from tests.support import desk as office
from tests.support import stack_mail
from tests.support.mail_server import mail_server

LINK = re.compile(r"https?://\S+/form/\S+")


@pytest.fixture
def server():
    """Somebody else's mail server, which takes what is sent."""
    with mail_server() as found:
        yield found


def add(page, place, label, kind="", **fields):
    """One more field; the builder opens it."""
    page.get_by_role("link", name="Add another Field").click()
    label_of = page.locator(f'[name="fields-{place}-label"]')
    expect(label_of).to_be_focused()
    label_of.fill(label)
    if kind:
        page.locator(f'[name="fields-{place}-kind"]').select_option(kind)
    for name, value in fields.items():
        field = page.locator(f'[name="fields-{place}-{name}"]')
        if name in {"secure", "shown_test"}:
            field.select_option(value)
        elif value is True:
            field.check()
        else:
            field.fill(value)


def test_it_is_built_published_and_filled_in_by_mail(stack, stage, server):
    """An administrator sees what customers will; an agent picks it; its link goes out, and only its customer has it."""
    desk = stack.desk(agents=2)
    first, builder = desk.agents
    address, ana = f"forms-{desk.key}@acme.test", f"ana-{desk.key}@customers.example"
    stack.office("acme", stack_mail.channel_make, address, desk.queue, server.port)
    stack.office("acme", office.role_give, builder.id, "administrator")
    admin = stage.agent(**SEEN).enter(desk, builder, stack.port)
    page, name = admin.page, f"Returns {desk.key}"
    page.wait_for_url(re.compile("console|/$|admin"))
    page.goto(f"http://acme.localhost:{stack.port}/admin/forms/form/add/")
    page.locator('[name="name"]').fill(name)
    page.locator('[name="title"]').fill("Send it back")
    add(page, 0, "Order", is_required=True, pattern="[A-Z][0-9]{4}", pattern_says="Such as A1234.")
    add(page, 1, "Why", kind="radio", options="Too large\nBroken")
    add(page, 2, "What is broken", kind="area", shown_by="why", shown_value="Broken")
    add(page, 3, "Account number", secure="mask", keep="4")
    seen = page.frame_locator(".builder-preview iframe")
    expect(seen.get_by_role("heading", name="Send it back")).to_be_visible()
    expect(seen.get_by_label("Account number")).to_be_visible()
    expect(seen.get_by_label("What is broken")).to_be_hidden()
    seen.get_by_label("Broken", exact=True).check()
    expect(seen.get_by_label("What is broken")).to_be_visible()
    assert_accessible(page, "the builder")
    picture(admin, "builder")
    page.get_by_role("button", name="Save and publish").click()
    expect(page.get_by_text("Published as version 1.")).to_be_visible()

    agent = stage.agent(**SEEN).sign_in(desk, first, stack.port).available()
    stack_mail.deliver(
        stack, stack_mail.mail_from(f"Ana Ruiz <{ana}>", address, "It does not fit", "Can I return it?"), address
    )
    agent.offers.first.get_by_role("button", name="Accept").click()
    agent.page.get_by_role("button", name="Send a form").click()
    agent.page.get_by_role("dialog").get_by_role("button", name=re.compile(name)).click()
    card = agent.page.get_by_role("region", name="Send it back")
    expect(card).to_contain_text("Sent")
    wait_for(agent.page, lambda: server.mails, what="the mail with the form")
    plain = server.mails[0].mail.get_body(("plain",)).get_content()
    (link,) = LINK.findall(plain)
    assert server.mails[0].recipients == [ana]
    assert link.split("/form/")[1][:32] not in agent.page.content()
    picture(agent, "form-by-mail-sent")

    customer = stage.customer(**SEEN)
    customer.page.goto(link)
    customer.page.get_by_label("Order").fill("A1234")
    customer.page.get_by_label("Too large").check()
    customer.page.get_by_label("Account number").fill("5550001234")
    customer.page.get_by_role("button", name="Send").click()
    expect(customer.page.get_by_text("Thank you")).to_be_visible()
    expect(card).to_contain_text("Filled")
    expect(card).to_contain_text("******1234")
    assert_accessible(agent.page, "a form by mail, filled in")
    picture(agent, "form-by-mail-filled")
    stack.office("acme", office.check)
