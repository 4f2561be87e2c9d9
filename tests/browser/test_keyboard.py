"""The keyboard alone (CON-6): parts of a day without a pointer, which no page of the agent's ever hears of."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import SEEN, assert_accessible
from tests.browser.files import PHOTO
from tests.browser.people import has_focus, wait_for, walk_to
from tests.support import desk as office
from tests.support import transfers as transfers

POINTED = """addEventListener("pointerdown", (event) => { window.pointed = String(event.target.outerHTML); }, true)"""


class Typist:
    """An agent, and a customer with each of some names, all without a pointer on the agent's side."""

    def __init__(self, stack, stage, desk, person):
        self.agent = stage.agent(**SEEN)
        self.page, self.keys = self.agent.page, self.agent.page.keyboard
        self.page.add_init_script(POINTED)
        # Chromium hears of who waits for a file dialog beside its keys: one who only then began would often be late.
        self.page.on("filechooser", lambda _: None)
        self.page.goto(f"http://acme.localhost:{stack.port}/console/")
        expect(self.page.get_by_label("Email")).to_be_focused()
        self.keys.type(person.email)
        self.keys.press("Tab")
        self.keys.type(person.password)
        self.keys.press("Enter")
        expect(self.page.get_by_role("button", name="Mark as Available")).to_be_focused()
        self.keys.press("Enter")
        expect(self.agent.status).to_have_text("Available")
        expect(self.page.get_by_role("dialog")).to_have_count(0)
        expect(self.page.locator("body")).to_have_attribute("data-connection", "open")
        self.agent.person = person

    def accept(self, name):
        """Take who rings."""
        expect(self.agent.offers.filter(has_text=name)).to_be_visible()
        # While one writes it is the same key with Alt.
        self.keys.press("Alt+a" if has_focus(self.agent.text) else "a")
        expect(self.heading(name)).to_be_visible()
        expect(self.agent.text).to_be_focused()

    def heading(self, name):
        """The head of the open conversation."""
        return self.page.get_by_role("heading", level=1, name=name)

    def dialog(self, name):
        """A dialog."""
        return self.page.get_by_role("dialog", name=re.compile(name))

    def to(self, role, name):
        """Go on to something by Tab."""
        walk_to(self.page, self.page.get_by_role(role, name=name, exact=True))

    def has_not_pointed(self):
        """No pointer was used on this page."""
        assert self.page.evaluate("window.pointed ?? ''") == ""


def customer_of(stack, stage, desk, name):
    email = f"{name.split()[0].lower()}-{desk.key}@keys.example"
    return stage.customer().visit(desk, stack.port).open().begin(f"I am {name}", name=name, email=email)


def test_writing(stack, stage):
    """CHAT-2, CHAT-3, CHAT-9, CON-1: responses, emoji, files and drafts."""
    desk = stack.desk()
    ana = customer_of(stack, stage, desk, "Ana Ruiz")
    typist = Typist(stack, stage, desk, desk.agent)
    agent, page, keys = typist.agent, typist.page, typist.keys
    typist.accept("Ana Ruiz")
    keys.type("/hello")
    expect(page.get_by_role("option", selected=True)).to_contain_text("/hello")
    keys.press("Enter")
    expect(agent.text).to_have_value(re.compile("^Hello Ana, this is"))
    keys.press("Alt+Period")
    expect(page.get_by_role("combobox", name="Search emoji")).to_be_focused()
    expect(page.get_by_role("option", name="grinning face", exact=True).first).to_be_visible()
    keys.type("thumbs up")
    keys.press("Enter")
    expect(agent.text).to_have_value(re.compile("today\\?.*👍️$"))
    attach_and_take_back(typist)
    keys.press("Enter")
    expect(ana.said("this is")).to_contain_text("👍️")
    expect(ana.said("this is").get_by_role("link", name="receipt.png")).to_be_visible()
    bo = customer_of(stack, stage, desk, "Bo Lind")
    drafts(typist, bo)
    look_at_the_file(typist)
    typist.has_not_pointed()


def attach_and_take_back(typist):
    """The file dialog is the system's own; what it hands over is taken back and sent by keys."""
    page, keys, agent = typist.page, typist.keys, typist.agent
    typist.to("button", "Attach files")
    for times in range(2):
        with page.expect_file_chooser() as chosen:
            keys.press("Enter")
        chosen.value.set_files([PHOTO])
        chips = page.get_by_role("list", name="Files to be sent").get_by_role("listitem")
        expect(chips).to_have_count(1)
        expect(chips.locator("img")).to_be_visible()
        if times == 0:
            typist.to("button", "Remove receipt.png")
            keys.press("Enter")
            expect(chips).to_have_count(0)
            typist.to("button", "Attach files")
    walk_to(page, agent.text, "Shift+Tab")


def drafts(typist, bo):
    """What is begun stays with its conversation, through another one and a reload."""
    page, keys, agent = typist.page, typist.keys, typist.agent
    keys.type("To Ana, half")
    typist.accept("Bo Lind")
    expect(agent.text).to_have_value("")
    keys.type("To Bo")
    keys.press("Alt+j" if agent.cards.first.filter(has_text="Bo Lind").count() else "Alt+k")
    expect(typist.heading("Ana Ruiz")).to_be_visible()
    expect(page.get_by_role("textbox", name="Message to Ana Ruiz")).to_have_value("To Ana, half")
    expect(agent.cards.filter(has_text="Bo Lind")).to_contain_text("Draft: To Bo")
    page.reload()
    expect(agent.text).to_have_value("To Ana, half")
    page.locator("body[data-connection=open]").wait_for()
    keys.press("Alt+j" if agent.cards.first.filter(has_text="Ana Ruiz").count() else "Alt+k")
    expect(typist.heading("Bo Lind")).to_be_visible()
    walk_to(page, agent.text)
    keys.press("End")
    keys.type(", whole")
    keys.press("Enter")
    expect(bo.said("To Bo, whole")).to_be_visible()


def look_at_the_file(typist):
    """From the text back to the messages, and into the picture."""
    page, keys = typist.page, typist.keys
    keys.press("Alt+j" if typist.agent.cards.first.filter(has_text="Bo Lind").count() else "Alt+k")
    expect(typist.heading("Ana Ruiz")).to_be_visible()
    photo = typist.agent.thread.get_by_role("link", name="receipt.png")
    walk_to(page, photo, "Shift+Tab")
    keys.press("Enter")
    lightbox = page.get_by_role("dialog", name="Picture")
    expect(lightbox.get_by_role("img", name="receipt.png")).to_be_visible()
    keys.press("Escape")
    expect(lightbox).to_be_hidden()
    expect(photo).to_be_focused()


@pytest.fixture
def skills(stack):
    """Switches of transfers, all off again afterwards."""
    yield f"Returns {uuid4().hex[:6]}"
    stack.office("acme", transfers.office_restore)


def test_skills_and_transfers(stack, stage, skills):
    """XFR-1, XFR-2, XFR-4: a skill is added and removed; a colleague declines, and then accepts."""
    desk = stack.desk(agents=2)
    stage.expect("status of 404")  # what has gone to a colleague is asked for once more
    stack.office("acme", transfers.office_prepare, skills, desk.agents[1].id, "Refunds", "Parcels")
    ana = customer_of(stack, stage, desk, "Ana Ruiz")
    sender = Typist(stack, stage, desk, desk.agents[0])
    sender.accept("Ana Ruiz")
    receiver = Typist(stack, stage, desk, desk.agents[1])
    change_skills(sender, skills)
    for answer in ("x", "a"):
        hand_over(sender, desk.agents[1].name, f"Paid twice ({answer})")
        ringing = receiver.page.locator("#offer-list > .offer")
        expect(ringing).to_contain_text(f"Paid twice ({answer})")
        assert_accessible(receiver.page, "a transfer rings, with skills")
        receiver.keys.press(answer)
        expect(sender.page.get_by_text(re.compile("Waiting for .* to accept"))).to_be_hidden()
        if answer == "x":
            expect(sender.agent.said("declined the transfer")).to_be_visible()
    expect(receiver.agent.text).to_be_focused()
    expect(sender.agent.cards).to_have_count(0)
    receiver.keys.type("I have it now")
    receiver.keys.press("Enter")
    expect(ana.said("I have it now")).to_be_visible()
    for each in (sender, receiver):
        each.has_not_pointed()


def change_skills(sender, group):
    """Two are added, by the search and from the list; one of them is removed."""
    page, keys = sender.page, sender.keys
    bar = page.locator(".skill")
    for number, name in enumerate(("Parcels", "Refunds"), 1):
        add = page.locator("#skills-add > summary")
        walk_to(page, add, "Shift+Tab")
        keys.press("Enter")
        expect(page.get_by_role("searchbox", name="Search skills")).to_be_focused()
        keys.type(group)
        found = page.locator("#skills-found").get_by_role("button", name=f"{name} {group}")
        expect(found).to_be_visible()
        expect(page.locator("#skills-found").get_by_role("button")).to_have_count(3 - number)
        if number == 1:
            assert_accessible(page, "skills to add")
        walk_to(page, found)
        keys.press("Enter")
        expect(bar).to_have_count(number)
    walk_to(page, page.get_by_role("button", name="Remove Refunds"), "Shift+Tab")
    keys.press("Enter")
    expect(bar).to_have_text(["Parcels"])


def hand_over(sender, name, note):
    """T, the name, Down, the note, Transfer."""
    page, keys = sender.page, sender.keys
    keys.press("Alt+t")
    dialog = sender.dialog("Transfer Ana Ruiz")
    expect(dialog.get_by_role("searchbox")).to_be_focused()
    keys.type(name)
    expect(dialog.locator(".transfer-row")).to_have_count(1)
    keys.press("ArrowDown")
    expect(dialog.get_by_role("radio", name=re.compile(name))).to_be_checked()
    walk_to(page, dialog.get_by_role("textbox", name=re.compile("Note")))
    keys.type(note)
    walk_to(page, dialog.get_by_role("button", name="Transfer", exact=True))
    keys.press("Enter")
    expect(page.get_by_text(re.compile("Waiting for .* to accept"))).to_be_visible()


def test_the_end_the_wrap_up_and_spam(stack, stage):
    """WRP-1, WRP-2, CON-10: asked first, an outcome and words about it, closed by its key; spam goes at once."""
    desk = stack.desk()
    ana = customer_of(stack, stage, desk, "Ana Ruiz")
    typist = Typist(stack, stage, desk, desk.agent)
    agent, page, keys = typist.agent, typist.page, typist.keys
    typist.accept("Ana Ruiz")
    keys.press("Alt+e")
    expect(page.get_by_role("button", name="End conversation")).to_be_focused()
    assert_accessible(page, "is it to end")
    keys.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    keys.press("Alt+e")
    expect(page.get_by_role("button", name="End conversation")).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Wrap-up")).to_be_focused()
    expect(ana.widget.get_by_text("This chat has ended.")).to_be_visible()
    conversation = agent.conversation
    walk_to(page, page.get_by_role("radio"))
    keys.press("ArrowRight")
    keys.press("ArrowLeft")
    expect(page.get_by_role("radio", name="Resolved")).to_be_checked()
    walk_to(page, page.get_by_label("Description"))
    keys.type("Parcel found")
    keys.press("Alt+c")
    expect(page.get_by_role("heading", name="Wrap-up")).to_be_hidden()
    look = stack.office("acme", office.look, conversation)
    assert (look["state"], look["dispositions"]) == ("closed", [("Resolution", "Resolved")])
    bo = customer_of(stack, stage, desk, "Bo Lind")
    typist.accept("Bo Lind")
    spam(typist)
    expect(bo.widget.get_by_text("has ended the chat")).to_be_visible()
    typist.has_not_pointed()


def spam(typist):
    """From the menu of rarer actions."""
    page, keys = typist.page, typist.keys
    conversation = typist.agent.conversation
    walk_to(page, page.locator(".pane-more > summary"), "Shift+Tab")
    keys.press("Enter")
    assert_accessible(page, "more actions")
    walk_to(page, page.get_by_role("button", name="Mark as spam…"))
    keys.press("Enter")
    dialog = typist.dialog("Mark as spam")
    expect(dialog.get_by_role("button", name="Mark as spam")).to_be_focused()
    assert_accessible(page, "is it spam")
    keys.press("Escape")
    expect(page.locator(".pane-more > summary")).to_be_focused()
    keys.press("Enter")
    walk_to(page, page.get_by_role("button", name="Mark as spam…"))
    keys.press("Enter")
    keys.press("Enter")
    expect(typist.agent.cards).to_have_count(0)
    wait_for(page, lambda: conversation not in page.url)
    # It stays for as long as it has the focus.
    walk_to(page, page.get_by_role("button", name="Undo"), "Shift+Tab")
    assert_accessible(page, "marked as spam")
    keys.press("Enter")
    expect(typist.agent.said("took back that it is spam")).to_be_visible()
    assert_accessible(page, "taken back")
