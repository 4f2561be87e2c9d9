"""TEN-10 in a browser: an administrator's first hour, from an empty tenant to the first chat that is answered."""

import re

from playwright.sync_api import expect

from tests.browser.accessibility import SEEN, assert_accessible
from tests.browser.people import picture
from tests.support import new_tenant_office as office
from tests.support.desk import Desk, Person

MOST_CLICKS = 40
PASSWORD = "a long and private sentence"


class Hour:
    """What an administrator does with the mouse, counted; what they type is not."""

    def __init__(self, person):
        self.person, self.page, self.clicks = person, person.page, 0

    def click(self, place):
        place.click()
        self.clicks += 1

    def choose(self, place, label):
        """Choose in a list: it is opened and left by a click."""
        place.select_option(label=label)
        self.clicks += 2

    def go(self, name):
        """Follow the menu."""
        self.click(self.page.locator("#nav-sidebar").get_by_role("link", name=re.compile(f"{name}$")))

    def make(self, what, within=None):
        """Open the dialog in which something new is made; its page."""
        self.click((within or self.page).get_by_role("button", name=re.compile(f"New {what}…$")).first)
        dialog = self.page.get_by_role("dialog", name=f"New {what}")
        expect(dialog).to_be_visible()
        frame = dialog.frame_locator("iframe")
        expect(frame.get_by_role("button", name="Save", exact=True)).to_be_visible()
        return frame

    def save(self, frame, button="Save"):
        """Save what a dialog is about: it is gone then."""
        self.click(frame.get_by_role("button", name=button, exact=True))
        expect(self.page.get_by_role("dialog")).to_have_count(0)

    def see(self, where):
        assert_accessible(self.page, f"first hour: {where}")
        picture(self.person, "first-hour-" + where.replace(" ", "-"))


def test_ten_10_an_administrators_first_hour(stack, stage):
    """A queue with hours, skill, timed wrap-up, outcomes, form and survey; a new agent, who gets the first chat."""
    owner = stack.office("acme", office.make, "firsthour")
    person = stage.agent(**SEEN, viewport={"width": 1280, "height": 900})
    page, hour = person.page, Hour(person)
    page.goto(f"http://firsthour.localhost:{stack.port}/admin/")
    page.get_by_label("Email").fill(owner.email)
    page.get_by_label("Password").fill(owner.password)
    hour.click(page.get_by_role("button", name="Sign in"))

    hour.go("Queues")
    hour.click(page.get_by_role("link", name=re.compile("Add queue$")))
    page.get_by_label("Name", exact=False).first.fill("Repairs")
    hour.click(page.get_by_role("button", name="Save and continue editing"))
    hour.see("a new queue")
    serve_queue(hour)
    hour.click(page.get_by_role("button", name="Save and continue editing"))
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    hour.see("the queue is set up")
    give_skill(hour)
    key = make_widget(hour)
    assert hour.clicks <= MOST_CLICKS, hour.clicks

    desk = Desk("firsthour", "", "Repairs", key, ())
    agent = stage.agent().sign_in(desk, Person("", "bo@firsthour.test", "Bo Lund", PASSWORD), stack.port).available()
    customer = stage.customer().visit(desk, stack.port).open().begin("My chain is broken")
    agent.accept()
    agent.say("We mend it today")
    expect(customer.said("We mend it today")).to_be_visible()


def line_of(page, name):
    """The line of a table in which a field stands."""
    return page.get_by_role("row").filter(has=page.locator(f"[name='{name}']"))


def serve_queue(hour):
    """All that serves the queue, on its own page."""
    page = hour.page
    frame = hour.make("hours")
    frame.get_by_label("Name").first.fill("Workshop hours")
    frame.get_by_label("Saturday").fill("10:00–14:00")
    hour.see("new hours")
    hour.save(frame)
    hour.choose(page.get_by_label("After-call work", exact=False).first, "Timed release")
    page.get_by_label("Timed release after").fill("45 s")

    frame = hour.make("disposition set")
    frame.get_by_label("Name").first.fill("Repair outcome")
    hour.click(frame.get_by_role("link", name=re.compile("Add another Code")))
    hour.choose(frame.locator("select[name='entries-0-code']"), "Resolved")
    hour.save(frame)
    frame = hour.make("survey")
    frame.get_by_label("Name").first.fill("After a repair")
    hour.save(frame)
    frame = hour.make("form")
    frame.get_by_label("Name").first.fill("Frame number")
    frame.get_by_label("Display name").fill("Your bicycle")
    hour.click(frame.get_by_role("link", name=re.compile("Add another Field")))
    frame.locator("[name='fields-0-label']").fill("Frame number")
    hour.save(frame, "Save and publish")

    hour.click(page.get_by_role("link", name=re.compile("Add another Member")))
    frame = hour.make("user", line_of(page, "memberships-0-agent"))
    frame.get_by_label("First name").fill("Bo")
    frame.get_by_label("Last name").fill("Lund")
    frame.get_by_label("Email").fill("bo@firsthour.test")
    frame.get_by_label("New password").fill(PASSWORD)
    hour.choose(frame.get_by_label("Role"), "Agent")
    hour.save(frame)
    hour.click(page.get_by_role("link", name=re.compile("Add another Required skill")))
    frame = hour.make("skill", line_of(page, "skills-0-skill"))
    frame.get_by_label("Name").first.fill("Bicycles")
    hour.choose(frame.get_by_label("Group"), "Default SkillGroup")
    hour.save(frame)


def give_skill(hour):
    """The queue says who lacks what, and leads to where it is given."""
    page = hour.page
    expect(page.get_by_text("doesn’t hold “Bicycles”")).to_be_visible()
    hour.click(page.locator(".parley-coverage").get_by_role("link", name="Bo Lund"))
    hour.click(page.get_by_role("link", name=re.compile("Add another Skill")))
    hour.choose(page.locator("select[name='agent-0-skills-0-skill'], select[name='skills-0-skill']"), "Bicycles")
    hour.click(page.get_by_role("button", name="Save", exact=True))
    expect(page.get_by_text("was changed successfully")).to_be_visible()


def make_widget(hour):
    """The chat for the company's site; its key."""
    page = hour.page
    hour.go("Chat widgets")
    hour.click(page.get_by_role("link", name=re.compile("Add (chat )?widget$")).first)
    page.get_by_label("Name", exact=False).first.fill("Shop")
    hour.choose(page.get_by_label("Queue", exact=False).first, "Repairs")
    hour.click(page.get_by_role("button", name="Save and continue editing"))
    found = re.search(r'data-channel=(?:"|&quot;)([^"&]+)', page.content())
    assert found
    return found[1]
