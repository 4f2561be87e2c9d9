"""The widget complete: questions, emoji, saving, identity on two devices, the API, phones, right to left."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import SEEN, assert_accessible
from tests.browser.files import PHOTO, pictures_loaded
from tests.browser.people import BODY, SHOP, picture, wait_for, walk_to
from tests.support import desk as office
from tests.support import stack_mail
from tests.support.mail_server import mail_server

ASKED = {f"{verb}_{name}": True for verb in ("ask", "need") for name in ("name", "email", "phone", "topic")}
ARABIC = {"title": "تحدث معنا", "greeting": "مرحبا! كيف يمكننا مساعدتك؟", "form_title": "قبل أن نبدأ"}
EVENTS = ("open", "close", "unread", "message", "conversation.started", "conversation.ended", "identity")
LISTENS = f"""window.heard = [];
window.Parley = {{queue: []}};
for (const name of {list(EVENTS)})
  window.Parley.queue.push(["on", name, (detail) => window.heard.push([name, detail])]);"""


def seen(customer, where):
    """Axe finds nothing in the frame at this step; and a picture of it."""
    assert_accessible(customer.page, where, customer.frame)
    picture(customer, re.sub(r"\W+", "-", where))


def heard(customer, name):
    """What the site was told under one name, in order."""
    return [detail for each, detail in customer.page.evaluate("window.heard") if each == name]


def call(customer, script):
    """Something that the site's own script does; the name of the error that it gets."""
    return customer.page.evaluate(f"() => {{ try {{ {script} }} catch (error) {{ return error.name }} }}")


@pytest.fixture
def server():
    """The customer's mail server."""
    with mail_server() as found:
        yield found


def test_all_of_it_by_the_keyboard_alone(stack, stage, server):
    """CHAT-1, CHAT-2, CHAT-9, WCAG 2.2 AA: no pointer; the topic leads to its queue; file and mail hold the lines."""
    returns = stack.desk()
    desk = stack.desk(**{**ASKED, "need_phone": False, "form_title": "Before we start", "mails_transcripts": True})
    stack.office("acme", stack_mail.channel_make, f"returns-{desk.key}@acme.test", returns.queue, server.port)
    stack.office("acme", office.widget_dress, desk.key, topics={"My order": "", "A return": returns.queue})
    customer = stage.customer(**SEEN).visit(desk, stack.port)
    keys, launcher = customer.page.keyboard, customer.page.get_by_role("button", name="Open chat")
    launcher.wait_for()
    walk_to(customer.page, launcher)
    keys.press("Enter")
    answer_questions(customer)
    write_with_emoji(customer)
    seen(customer, "widget, waiting")
    agent = stage.agent().sign_in(returns, returns.agent, stack.port).available().accept("Ana Ruiz")
    agent.say("Then send it back")
    expect(customer.said("Then send it back")).to_be_visible()
    told = stack.office("acme", office.contact_look, agent.conversation)
    assert (told["intent"], told["queue"], told["name"]) == ("A return", returns.queue_name, "Ana Ruiz")
    seen(customer, "widget, talking")
    save(customer)
    end(customer)
    have_it_mailed(customer, server)
    walk_to(customer.page, customer.widget.get_by_role("button", name="Start a new chat"), "Shift+Tab")
    keys.press("Enter")
    expect(customer.widget.get_by_label("What is it about?")).to_be_focused()
    keys.press("Escape")
    expect(launcher).to_be_focused()


def answer_questions(customer):
    """Enter leads on, a mistake is said where it is, the topic is chosen by its letters."""
    keys, widget = customer.page.keyboard, customer.widget
    expect(widget.get_by_label("Your name")).to_be_focused()
    expect(widget.get_by_text("Nobody is here at the moment")).to_be_visible()
    seen(customer, "widget, questions")
    keys.press("Enter")
    expect(widget.get_by_text("Please tell us your name.")).to_be_visible()
    seen(customer, "widget, a mistake")
    keys.type("Ana Ruiz")
    keys.press("Enter")
    keys.type("ana-returns@widget.example")
    keys.press("Enter")
    expect(widget.get_by_label("Your phone number")).to_be_focused()
    keys.press("Enter")
    expect(widget.get_by_label("What is it about?")).to_be_focused()
    keys.type("A ret")
    keys.press("Tab")
    expect(customer.text).to_be_focused()


def write_with_emoji(customer):
    """Send stands next to the text for the Tab key; the panel is searched, left by Escape, and used."""
    keys, widget = customer.page.keyboard, customer.widget
    keys.type("It does not fit ")
    keys.press("Tab")
    expect(widget.get_by_role("button", name="Send", exact=True)).to_be_focused()
    walk_to(customer.page, widget.get_by_role("button", name="Emoji"))
    keys.press("Enter")
    expect(widget.get_by_label("Search emoji")).to_be_focused()
    expect(widget.get_by_role("button", name="grinning")).to_be_visible()
    seen(customer, "widget, emoji")
    keys.type("crying")
    keys.press("ArrowDown")
    expect(widget.get_by_role("button", name="crying")).to_be_focused()
    keys.press("Escape")
    expect(widget.get_by_role("button", name="Emoji")).to_be_focused()
    keys.press("Enter")
    keys.type("crying")
    keys.press("Enter")
    expect(customer.text).to_have_value("It does not fit 😢")
    keys.press("Enter")
    expect(customer.said("It does not fit 😢")).to_be_visible()


def save(customer):
    """A file of the lines, which can be read by itself."""
    walk_to(customer.page, customer.widget.get_by_role("button", name="Save this conversation").first, "Shift+Tab")
    with customer.page.expect_download() as saved:
        customer.page.keyboard.press("Enter")
    assert re.fullmatch(r"conversation-[\d-]{10}\.html", saved.value.suggested_filename)
    expect(customer.widget.locator("#save-announcement")).to_have_text("The conversation is saved.")
    site, page = customer.page, customer.context.new_page()
    page.set_content(saved.value.path().read_text(encoding="utf-8"))
    lines = page.get_by_role("listitem")
    expect(lines).to_have_count(3)
    expect(lines.first).to_contain_text("It does not fit 😢")
    expect(lines.last).to_contain_text("Then send it back")
    assert_accessible(page, "the saved conversation")
    customer.page = page
    picture(customer, "saved")
    customer.page = site
    page.close()


def end(customer):
    """The dialog asks; Escape goes on; the end says how to begin anew."""
    keys, widget = customer.page.keyboard, customer.widget
    walk_to(customer.page, widget.locator("#end"))
    keys.press("Enter")
    dialog = widget.get_by_role("dialog", name="End this chat?")
    expect(dialog).to_be_visible()
    seen(customer, "widget, is it to end")
    keys.press("Escape")
    expect(dialog).to_be_hidden()
    expect(widget.locator("#end")).to_be_focused()
    keys.press("Enter")
    walk_to(customer.page, widget.locator("#confirm-end"))
    keys.press("Enter")
    expect(widget.get_by_role("button", name="Start a new chat")).to_be_focused()
    seen(customer, "widget, ended")


def have_it_mailed(customer, server):
    """To the address that is known, or to another one; a line says where it went."""
    keys, widget = customer.page.keyboard, customer.widget
    walk_to(customer.page, widget.get_by_role("button", name="Send it by email"))
    keys.press("Enter")
    address = widget.get_by_role("dialog").get_by_label("Your email")
    expect(address).to_be_focused()
    expect(address).to_have_value("ana-returns@widget.example")
    keys.type("ana-at-home")
    keys.press("Enter")
    expect(widget.get_by_text("Please enter a whole email address")).to_be_visible()
    expect(address).to_have_attribute("aria-invalid", "true")
    expect(address).to_be_focused()
    seen(customer, "widget, by email")
    keys.press("End")
    keys.type("@widget.example")
    keys.press("Enter")
    expect(widget.get_by_role("dialog")).to_be_hidden()
    expect(widget.get_by_text("This conversation goes to ana-at-home@widget.example by email.")).to_be_visible()
    wait_for(customer.page, lambda: len(server.mails) == 1)
    assert server.mails[0].recipients == ["ana-at-home@widget.example"]
    assert "Then send it back" in server.mails[0].mail.get_body(("plain",)).get_content()
    seen(customer, "widget, mailed")


def test_identity_brings_the_conversation_to_another_device(stack, stage):
    """CHAT-12, CHAT-14, CON-10: calls before the script is there, and a customer who is shut out."""
    desk = stack.desk()
    who = {"sub": f"c-{desk.key}", "name": "Ana Ruiz", "email": f"ana-{desk.key}@widget.example"}
    token = stack.office("acme", office.identity_token, desk.key, **who)
    home = stage.customer()
    home.page.add_init_script(LISTENS)
    home.page.add_init_script(f'Parley.queue.push(["identify", {{token: "{token}"}}], ["open"])')
    home.page.add_init_script('Parley.queue.push(["setAttributes", {plan: "Pro"}])')
    home.visit(desk, stack.port)
    expect(home.text).to_be_visible()
    wait_for(home.page, lambda: heard(home, "identity") == [{"proven": True}])
    expect(home.widget.get_by_label("Your name")).to_be_hidden()
    home.say("Where is my parcel?")
    expect(home.said("Where is my parcel?")).to_be_visible()
    agent = stage.agent().sign_in(desk, desk.agent, stack.port).available().accept("Ana Ruiz")
    told = stack.office("acme", office.contact_look, agent.conversation)
    assert (told["external_id"], told["proven"], told["attributes"]) == (who["sub"], True, {"plan": "Pro"})
    phone = stage.customer(viewport={"width": 390, "height": 780}).visit(desk, stack.port)
    phone.page.get_by_role("button", name="Open chat").wait_for()
    phone.page.evaluate("(token) => { Parley.identify({token}); Parley.open(); }", token)
    expect(phone.said("Where is my parcel?")).to_be_visible()
    agent.say("It is on its way")
    expect(phone.said("It is on its way")).to_be_visible()
    phone.say("Thank you")
    for person in (home, agent):
        expect(person.said("Thank you")).to_be_visible()
    assert home.transcript() == phone.transcript() == agent.transcript()
    phone.page.evaluate("Parley.forget()")
    expect(phone.said("Where is my parcel?")).to_have_count(0)
    expect(phone.widget.get_by_label("Your name")).to_be_visible()
    mark_as_spam(agent)
    expect(home.widget.get_by_text("has ended the chat")).to_be_visible()
    wait_for(home.page, lambda: heard(home, "conversation.ended") == [{}])
    home.widget.get_by_role("button", name="Start a new chat").click()
    home.say("Let me in again")
    expect(home.widget.get_by_text("This message could not be delivered.")).to_be_visible()
    # Nothing of what the site hears says what was said.
    assert heard(home, "conversation.started") == [{}]
    assert heard(home, "message") == [{"from": "customer"}, {"from": "agent"}, {"from": "customer"}]


def mark_as_spam(agent):
    agent.page.get_by_label("More actions").click()
    agent.page.get_by_role("button", name="Mark as spam…").click()
    agent.page.get_by_role("checkbox", name="Also block").check()
    agent.page.get_by_role("dialog").get_by_role("button", name="Mark as spam").click()
    expect(agent.cards).to_have_count(0)


def test_what_a_site_does_with_it(stack, stage):
    """CHAT-1, CHAT-14: docs/widget-api.md, call by call."""
    desk = stack.desk()
    customer = stage.customer()
    customer.page.add_init_script(LISTENS)
    customer.visit(desk, stack.port)
    launcher = customer.page.get_by_role("button", name="Open chat")
    launcher.wait_for()
    assert customer.page.evaluate("Parley.version") == 1
    for bad in ('identify({token: "x"})', "identify()", "setAttributes({a: []})", 'setAttributes({"1": 1})'):
        assert call(customer, f"Parley.{bad}") == "TypeError", bad
    for bad in ('on("nothing", () => {})', 'on("open")', "setAttributes([])", 'setAttributes({a: "x".repeat(201)})'):
        assert call(customer, f"Parley.{bad}") == "TypeError", bad
    call(customer, "Parley.off('close', 1); Parley.open(); Parley.close(); Parley.toggle()")
    expect(customer.text).to_be_visible()
    assert [name for name, _ in customer.page.evaluate("window.heard")] == ["open", "close", "open"]
    # Its frame shows before its scripts say that they are there.
    late = "let ready = 0; Parley.on('ready', () => ready++); return ready"
    wait_for(customer.page, lambda: call(customer, late) == 1)
    call(customer, "Parley.setAttributes({plan: 'Pro', seats: 12, trial: false})")
    customer.begin("Hello", email=f"ana-{desk.key}@widget.example")
    wait_for(customer.page, lambda: heard(customer, "conversation.started") == [{}])
    agent = stage.agent().sign_in(desk, desk.agent, stack.port).available().accept("Ana Ruiz")

    def told():
        return stack.office("acme", office.contact_look, agent.conversation)

    assert told()["attributes"] == {"plan": "Pro", "seats": 12, "trial": False}
    call(customer, "Parley.setAttributes({seats: null, plan: 'Team'})")
    wait_for(customer.page, lambda: told()["attributes"] == {"plan": "Team", "trial": False})
    customer.page.evaluate("history.pushState({}, '', '/basket?secret=1#card')")
    wait_for(customer.page, lambda: told()["pages"][-1] == "basket", what="the new page is not told")
    call(customer, "Parley.close()")
    agent.say("One moment")
    expect(customer.page.get_by_role("button", name="Open chat, 1 unread")).to_be_visible()
    wait_for(customer.page, lambda: heard(customer, "unread") == [{"count": 1}])
    call(customer, "Parley.open()")
    wait_for(customer.page, lambda: heard(customer, "unread") == [{"count": 1}, {"count": 0}])
    call(customer, "Parley.shutdown()")
    expect(customer.page.locator("parley-chat")).to_have_count(0)
    call(customer, "Parley.start(); Parley.open()")
    expect(customer.said("One moment")).to_be_visible()
    call(customer, "Parley.identify({token: 'e30.e30.e30'})")
    wait_for(customer.page, lambda: [each["proven"] for each in heard(customer, "identity")] == [False])
    assert heard(customer, "message") == [{"from": "customer"}, {"from": "agent"}]


def test_what_a_site_says_while_the_chat_connects_is_told(stack, stage):
    """CHAT-14: after the hello was sent, and before it is answered."""
    desk = stack.desk()
    customer, held = stage.customer(), []

    def hold_back(page_side):
        server_side = page_side.connect_to_server()

        def pass_on(text):
            if held:
                page_side.send(text)
            else:
                held.append((page_side, text))

        server_side.on_message(pass_on)

    customer.context.route_web_socket(re.compile("/ws/widget/"), hold_back)
    customer.visit(desk, stack.port)
    customer.page.get_by_role("button", name="Open chat").click()
    wait_for(customer.page, lambda: held, what="there is no welcome")
    call(customer, "Parley.setAttributes({plan: 'Pro'})")
    customer.page.evaluate("history.pushState({}, '', '/basket')")
    customer.page.wait_for_timeout(300)
    page_side, welcome = held[0]
    page_side.send(welcome)
    customer.begin("Hello", email=f"ana-{desk.key}@widget.example")
    agent = stage.agent().sign_in(desk, desk.agent, stack.port).available().accept("Ana Ruiz")

    def told():
        look = stack.office("acme", office.contact_look, agent.conversation)
        return look["attributes"], look["pages"][-1]

    wait_for(customer.page, lambda: told() == ({"plan": "Pro"}, "basket"), what="it is not told")


def other_site(customer, desk, port):
    """A page of another origin than the widget's, of the next port, with its launcher's button."""
    site = f"http://{desk.schema}.localhost:{port + 1}/shop-page/"
    script = f'<script src="http://{desk.schema}.localhost:{port}/widget.js" data-channel="{desk.key}" async></script>'
    page = SHOP.format(script=script, body=BODY)
    customer.page.route("**/shop-page/", lambda route: route.fulfill(body=page, content_type="text/html"))
    # What is fulfilled here is of no network: Chromium would keep it from the loopback.
    customer.context.grant_permissions(["local-network-access"])
    customer.page.goto(site)
    return customer.page.locator("parley-chat button")


def frames(customer):
    """The chats that the page has fetched."""
    return [each for each in customer.page.frames if "/widget/frame/" in each.url]


def test_the_chat_is_fetched_when_it_is_wanted(stack, stage):
    """CHAT-1, CHAT-12: a page without a conversation has the launcher alone; one with it hears of answers at once."""
    desk = stack.desk(allowed_sites=[f"http://acme.localhost:{stack.port + 1}"])
    customer = stage.customer()
    customer.page.add_init_script(LISTENS)
    launcher = other_site(customer, desk, stack.port)
    expect(launcher).to_be_visible()
    assert frames(customer) == []
    customer.open().begin("Hello", email=f"ana-{desk.key}@widget.example")
    agent = stage.agent().sign_in(desk, desk.agent, stack.port).available().accept("Ana Ruiz")
    customer.page.get_by_role("button", name="Close chat", exact=True).first.click()
    customer.page.reload()
    wait_for(customer.page, lambda: len(frames(customer)) == 1)
    agent.say("One moment")
    expect(customer.page.get_by_role("button", name="Open chat, 1 unread")).to_be_visible()
    customer.open().end()
    expect(customer.widget.get_by_text("You ended the chat")).to_be_visible()
    customer.page.reload()
    expect(launcher).to_be_visible()
    assert frames(customer) == []
    # What was over is found again by whoever looks.
    customer.page.get_by_role("button", name="Open chat").click()
    expect(customer.said("One moment")).to_be_visible()


def test_a_site_that_is_not_named_shows_nothing(stack, stage):
    """CHAT-1: nor does it by a call."""
    desk = stack.desk(allowed_sites=["https://shop.example"])
    stage.expect("widget/launcher", "frame-ancestors", "net::ERR_(FAILED|BLOCKED_BY_RESPONSE)")
    customer = stage.customer()
    with customer.page.expect_event("requestfailed", lambda request: "widget/launcher" in request.url):
        launcher = other_site(customer, desk, stack.port)
    call(customer, "Parley.open()")
    expect(launcher).to_be_hidden()
    expect(customer.page.locator("iframe")).to_be_hidden()


def test_on_a_phone_with_a_photo_and_away_and_back(stack, stage):
    """CHAT-1, CHAT-9, CHAT-12, EDG-2: the whole screen, no more; the agent is told of a closed page."""
    desk = stack.desk()
    mobile = {**SEEN, "viewport": {"width": 360, "height": 700}, "has_touch": True, "is_mobile": True}
    customer = stage.customer(**mobile).visit(desk, stack.port)
    customer.page.get_by_role("button", name=re.compile("Open chat")).tap()
    expect(customer.text).to_be_visible()
    # The cursor would bring the keyboard up.
    expect(customer.widget.locator("#title")).to_be_focused()
    customer.begin("My bicycle came like this", email=f"ana-{desk.key}@widget.example")
    agent = stage.agent().sign_in(desk, desk.agent, stack.port).available().accept("Ana Ruiz")
    customer.widget.locator("#picker").set_input_files([PHOTO])
    expect(customer.widget.get_by_role("list", name="Files to be sent").locator("img")).to_be_visible()
    assert_fits(customer, 360)
    seen(customer, "phone, a photo to be sent")
    customer.widget.get_by_role("button", name="Send", exact=True).tap()
    photo = customer.widget.get_by_role("link", name="receipt.png")
    expect(photo).to_be_visible()
    expect(agent.thread.get_by_role("link", name="receipt.png")).to_be_visible()
    wait_for(customer.page, lambda: pictures_loaded(customer.widget.locator("#messages")) == [480])
    agent.say("Oh dear. https://shop.example/returns/a-very-long-address-that-does-not-end-before-the-screen-does")
    expect(customer.said("Oh dear.")).to_be_visible()
    assert_fits(customer, 360)
    seen(customer, "phone, talking")
    photo.tap()
    lightbox = customer.widget.get_by_role("dialog", name="Picture")
    expect(lightbox.get_by_role("img", name="receipt.png")).to_be_visible()
    seen(customer, "phone, the photo")
    lightbox.get_by_role("button", name="Close").tap()
    customer.widget.get_by_role("button", name="Close chat").tap()
    expect(customer.page.locator("iframe")).to_be_hidden()
    presence = agent.page.locator("#presence")
    expect(presence).to_have_text("")
    customer.page.goto("about:blank")
    expect(presence).to_have_text("The customer’s page is closed")
    picture(agent, "page-closed")
    customer.page.goto(customer.site)
    customer.page.get_by_role("button", name=re.compile("Open chat")).tap()
    expect(customer.said("Oh dear.")).to_be_visible()
    expect(presence).to_have_text("The customer is back")


def assert_fits(customer, width):
    """The card covers the screen, and nothing reaches beyond it."""
    box = customer.page.locator("iframe").bounding_box()
    assert (box["x"], box["y"], box["width"]) == (0, 0, width)
    assert customer.frame.evaluate("document.documentElement.scrollWidth") == width


def test_from_right_to_left(stack, stage):
    """CHAT-1, WCAG 2.2 AA: in the words of the customer's language, mirrored, nothing cut off."""
    desk = stack.desk(**{**ASKED, "need_phone": False, "position": "left"})
    stack.office("acme", office.widget_dress, desk.key, topics={"طلبي": ""}, words={"ar": ARABIC})
    customer = stage.customer(**SEEN, viewport={"width": 360, "height": 700}, locale="ar").visit(desk, stack.port)
    customer.page.locator("parley-chat button").click()
    widget = customer.widget
    expect(widget.get_by_role("heading", name=ARABIC["form_title"])).to_be_visible()
    assert customer.frame.evaluate("document.documentElement.dir") == "rtl"
    assert_fits(customer, 360)
    seen(customer, "right to left, questions")
    widget.locator("#emoji-button").click()
    expect(widget.locator("#emoji-grid button").first).to_be_visible()
    seen(customer, "right to left, emoji")
    widget.locator("#emoji-search").press("Escape")
    widget.locator("#name").fill("ليلى حداد")
    widget.locator("#email").fill(f"layla-{desk.key}@widget.example")
    widget.locator("#topic").select_option(index=1)
    text = widget.locator("#text")
    text.fill("أين طلبي رقم 4711؟")
    text.press("Enter")
    expect(customer.said("أين طلبي")).to_be_visible()
    agent = stage.agent().sign_in(desk, desk.agent, stack.port).available().accept("ليلى حداد")
    agent.say("It left the depot, thank you for waiting.")
    said = customer.said("It left the depot")
    expect(said).to_be_visible()
    # Each line reads in its own direction; whose it is, its side shows: the customer's own at the left.
    own = customer.said("أين طلبي").locator("[data-part=body]").bounding_box()
    theirs = said.locator("[data-part=body]").bounding_box()
    assert own["x"] < 30 < 330 < theirs["x"] + theirs["width"]
    assert_fits(customer, 360)
    seen(customer, "right to left, talking")
    picture(agent, "right-to-left-at-the-agent")
