"""CHAT-9: files both ways: picked, pasted, dragged; seen, opened by the keyboard, refused with a word; sent again."""

import re

from playwright.sync_api import expect

from tests.browser.accessibility import assert_accessible
from tests.browser.files import PHOTO, bring, chips, given, pictures_loaded
from tests.browser.people import LINE_DOWN
from tests.support import desk as office
from tests.support.media import PDF, SVG, packed

INVOICE = given("invoice.pdf", PDF, "application/pdf")


def frame_of(customer):
    return next(each for each in customer.page.frames if "/widget/frame/" in each.url)


def why(place, name):
    return chips(place).filter(has_text=name).get_by_role("alert")


def test_files_go_both_ways_by_every_way_in(stack, stage):
    """CHAT-9, CHAT-10; the same list on both sides, also when the pages are opened anew."""
    stage.expect(r"status of 422")
    desk = stack.desk()
    agent = stage.agent(bypass_csp=True, reduced_motion="reduce").sign_in(desk, desk.agent, stack.port).available()
    customer = stage.customer(bypass_csp=True, reduced_motion="reduce").visit(desk, stack.port).open()
    customer.widget.get_by_role("textbox", name="Your name").fill("Ana Ruiz")
    customer.widget.get_by_role("textbox", name="Your email").fill("ana@example.com")
    # A first message may be files alone.
    customer.widget.locator("#picker").set_input_files([PHOTO, INVOICE])
    expect(customer.widget.get_by_text("is attached")).to_have_count(1)
    expect(chips(customer.widget).filter(has_text="receipt.png").locator("img")).to_be_visible()
    expect(chips(customer.widget)).to_have_count(2)
    assert_accessible(customer.page, "widget, chips", frame_of(customer))
    customer.widget.get_by_role("button", name="Send", exact=True).click()
    expect(chips(customer.widget)).to_have_count(0)
    expect(agent.offers).to_contain_text("📎 receipt.png +1")
    agent.accept()
    expect(agent.cards).to_contain_text("📎 receipt.png +1")
    expect(agent.thread.get_by_role("link", name="receipt.png")).to_be_visible()
    expect(agent.thread.get_by_role("link", name="invoice.pdf")).to_contain_text(f"{len(PDF)} B")

    from_the_agent(agent)
    agent.text.fill("Here you are")
    agent.text.press("Enter")
    last = customer.said("Here you are")
    expect(last.get_by_role("link", name="pasted.png")).to_be_visible()
    expect(last.get_by_role("link", name="terms.zip")).to_be_visible()
    by_keyboard(agent)
    in_the_widget(customer)
    stored = stack.office("acme", office.transcript, agent.conversation)
    assert [line.body for line in stored if line.kind == "text"] == ["", "Here you are"]
    before = [names_in(agent.thread), names_in(customer.widget.locator("#messages"))]
    agent.page.reload()
    expect(agent.said("Here you are")).to_be_visible()
    assert names_in(agent.thread) == before[0] == before[1]
    assert pictures_loaded(agent.thread) == [480, 480]


def names_in(list_):
    return list_.evaluate("(list) => [...list.querySelectorAll('a[data-file]')].map((link) => link.dataset.name)")


def from_the_agent(agent):
    """Paste, drag, a refusal at its chip, and one that is taken back."""
    page = agent.page
    bring(page, "#compose-text", "paste", {**PHOTO, "name": "pasted.png"})
    bring(page, "#pane", "dragenter dragover", INVOICE)
    expect(page.get_by_text("Drop files here to attach them")).to_be_visible()
    bring(page, "#pane", "drop", given("terms.zip", packed({"terms.txt": "All of them."}), "application/zip"))
    expect(page.get_by_text("Drop files here to attach them")).to_be_hidden()
    page.locator("#compose [data-part=picker]").set_input_files(
        [given("logo.svg", SVG, "image/svg+xml"), given("scan.pdf", SVG, "application/pdf"), INVOICE]
    )
    expect(chips(page)).to_have_count(5)
    expect(why(page, "logo.svg")).to_have_text("Files of type .svg can't be sent here.")
    expect(why(page, "scan.pdf")).to_have_text("This file is not what its name says it is.")
    expect(chips(page).filter(has_text="pasted.png").locator("img")).to_be_visible()
    assert_accessible(page, "console, chips")
    for name in ("logo.svg", "scan.pdf", "invoice.pdf"):
        page.get_by_role("button", name=f"Remove {name}").press("Enter")
    expect(chips(page)).to_have_count(2)


def by_keyboard(agent):
    """The lightbox, by the keyboard alone."""
    page = agent.page
    first, second = (agent.thread.get_by_role("link", name=name) for name in ("receipt.png", "pasted.png"))
    first.focus()
    page.keyboard.press("Enter")
    lightbox = page.get_by_role("dialog", name="Picture")
    expect(lightbox).to_be_visible()
    expect(lightbox.get_by_role("img", name="receipt.png")).to_be_visible()
    expect(lightbox.get_by_role("link", name="Save")).to_have_attribute("href", re.compile(r"\?download$"))
    assert_accessible(page, "lightbox")
    page.keyboard.press("ArrowRight")
    expect(lightbox.get_by_role("img", name="pasted.png")).to_be_visible()
    page.keyboard.press("Escape")
    expect(lightbox).to_be_hidden()
    expect(second).to_be_focused()


def in_the_widget(customer):
    """A click opens it there, too."""
    link = customer.widget.get_by_role("link", name="pasted.png")
    link.click()
    lightbox = customer.widget.get_by_role("dialog", name="Picture")
    expect(lightbox.get_by_role("img", name="pasted.png")).to_be_visible()
    lightbox.get_by_role("button", name="Close").click()
    expect(lightbox).to_be_hidden()
    assert pictures_loaded(customer.widget.locator("#messages")) == [480, 480]


def test_what_was_not_delivered_goes_with_its_files(stack, stage, cable):
    """CHAT-4: Not Delivered and Resend, with what was attached."""
    stage.expect(*LINE_DOWN)
    desk = stack.desk()
    agent = stage.agent().sign_in(desk, desk.agent, stack.port).available()
    customer = stage.customer().visit(desk, cable.port).open().begin("Hello")
    agent.accept()
    bring(frame_of(customer), "#widget", "dragenter drop", PHOTO)
    expect(chips(customer.widget).locator("img")).to_be_visible()
    cable.cut()
    customer.say("My receipt")
    expect(customer.said("My receipt").get_by_role("link", name="receipt.png")).to_be_visible()
    expect(customer.said("My receipt")).to_contain_text("Not delivered", timeout=30_000)
    # One more, while the line is down: it goes by itself when it is back.
    bring(frame_of(customer), "#widget", "dragenter drop", {**PHOTO, "name": "later.png"})
    expect(why(customer.widget, "later.png")).to_have_text("Goes when the connection is back.")
    cable.heal()
    expect(chips(customer.widget).filter(has_text="later.png").locator("img")).to_be_visible(timeout=30_000)
    resend = customer.widget.get_by_role("button", name="Resend")
    expect(resend).to_be_enabled(timeout=30_000)
    resend.click()
    expect(agent.said("My receipt").get_by_role("link", name="receipt.png")).to_be_visible(timeout=30_000)
    expect(agent.said("My receipt")).to_have_count(1)
