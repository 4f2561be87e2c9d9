"""What a browser fetches: the loader and the frame."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from apps.chat.colours import ink_on
from apps.chat.frame_policy import allowed_origin, frame_ancestors, frame_policy
from apps.chat.models import Topic, WidgetChannel, WidgetWords
from apps.tenants.actions import tenant_freeze

pytestmark = pytest.mark.django_db

LIMIT = 45 * 1024


@pytest.fixture
def browser() -> Client:
    return Client(headers={"host": "acme.localhost"})


def policy_of(response: Any) -> dict[str, str]:
    parts = response.headers["Content-Security-Policy"].split(";")
    return {name: value for name, _, value in (part.strip().partition(" ") for part in parts)}


def test_the_loader_is_cacheable_and_needs_no_session(acme: Any, browser: Client) -> None:
    """CHAT-1."""
    response = browser.get("/widget.js")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert "public" in response.headers["Cache-Control"]
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert not response.cookies
    again = browser.get("/widget.js", headers={"if-none-match": response.headers["ETag"]})
    assert again.status_code == 304
    assert browser.post("/widget.js").status_code == 405


def test_the_loader_is_no_way_for_markup(acme: Any, browser: Client) -> None:
    """No HTML strings, no inline style attributes, no code from text: it runs under a strict policy of the site's."""
    text = browser.get("/widget.js").content.decode()
    for forbidden in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
        assert forbidden not in text
    assert 'setAttribute("style"' not in text


def test_the_frame_is_for_the_sites_that_are_named(acme: Any, browser: Client) -> None:
    channel = WidgetChannel.objects.get()
    WidgetChannel.objects.update(allowed_sites=["https://shop.example", "https://*.shop.example/"])
    response = browser.get("/widget/frame/", {"channel": channel.key})
    assert response.status_code == 200
    policy = policy_of(response)
    assert policy["frame-ancestors"] == "'self' https://shop.example https://*.shop.example"
    assert (policy["script-src"], policy["style-src"], policy["default-src"]) == ("'self'", "'self'", "'none'")
    assert "X-Frame-Options" not in response.headers
    assert not response.cookies
    assert "unsafe" not in response.headers["Content-Security-Policy"]


def test_a_frame_without_named_sites_may_stand_anywhere(acme: Any, browser: Client) -> None:
    response = browser.get("/widget/frame/", {"channel": WidgetChannel.objects.get().key})
    assert policy_of(response)["frame-ancestors"] == "*"


@pytest.mark.parametrize(
    "site",
    [
        "https://a.example; script-src *",
        "*",
        "javascript:alert(1)",
        "https://a.example b.example",
        "a.example",
        "https://",
    ],
)
def test_a_site_that_is_none_opens_no_hole(site: str) -> None:
    channel = WidgetChannel(allowed_sites=[site])
    assert frame_ancestors(channel) == ["'self'"]
    assert frame_policy(channel, "acme.localhost").count("script-src") == 1


@pytest.mark.parametrize(
    ("site", "origin", "is_allowed"),
    [
        ("https://shop.example", "https://shop.example", True),
        ("https://shop.example/", "https://SHOP.example", True),
        ("https://shop.example", "http://shop.example", False),
        ("http://shop.example", "https://shop.example", True),
        ("https://shop.example", "https://shop.example.evil.example", False),
        ("https://shop.example", "https://shop.example:8443", False),
        ("https://shop.example:443", "https://shop.example", True),
        ("http://shop.example:8000", "http://shop.example:8000", True),
        ("http://shop.example:8000", "http://shop.example:8001", False),
        ("http://shop.example:*", "http://shop.example:8001", True),
        ("https://*.shop.example", "https://www.shop.example", True),
        ("https://*.shop.example", "https://shop.example", False),
        ("https://*.shop.example", "https://evilshop.example", False),
        ("https://shop.example", "null", False),
        ("https://shop.example", "https://[", False),
    ],
)
def test_a_site_is_allowed_as_its_browser_would(site: str, origin: str, is_allowed: bool) -> None:
    assert allowed_origin(WidgetChannel(allowed_sites=[site]), origin) == (origin if is_allowed else None)


def test_the_launcher_is_for_the_sites_that_are_named(acme: Any, browser: Client) -> None:
    """CHAT-1: who may not show the widget is not told how it looks, so it shows nothing."""
    channel = WidgetChannel.objects.get()

    def ask(origin: str) -> Any:
        return browser.get("/widget/launcher/", {"channel": channel.key}, headers={"origin": origin})

    assert ask("null").headers["Access-Control-Allow-Origin"] == "*"
    WidgetChannel.objects.update(allowed_sites=["https://shop.example"])
    told = ask("https://shop.example")
    assert told.headers["Access-Control-Allow-Origin"] == "https://shop.example"
    assert told.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert {"Origin", "Accept-Language"} <= set(told.headers["Vary"].split(", "))
    assert "public" in told.headers["Cache-Control"]
    assert not told.cookies
    refused = ask("https://other.example")
    assert (refused.status_code, refused.content) == (403, b"")
    assert "Access-Control-Allow-Origin" not in refused.headers
    assert "Origin" in refused.headers["Vary"]
    # A page of our own says nothing of itself.
    assert browser.get("/widget/launcher/", {"channel": channel.key}).status_code == 200
    WidgetChannel.objects.update(is_active=False)
    assert ask("https://shop.example").status_code == 404


def test_the_launcher_looks_as_the_widget_is_set(acme: Any, browser: Client) -> None:
    channel = WidgetChannel.objects.get()
    WidgetChannel.objects.update(colour="#1f6f5c", position="left", launcher='"};alert(1);//')
    WidgetWords.objects.create(channel=channel, language="ar", launcher="تحدث معنا")

    def looks(language: str) -> Any:
        text = browser.get("/widget/launcher/", {"channel": channel.key, "language": language}).content.decode()
        return json.loads(text.removeprefix("export default ").removesuffix(";"))

    english, arabic = looks("en"), looks("ar")
    assert (english["colour"], english["side"], english["dir"]) == ("#1f6f5c", "left", "ltr")
    assert english["launcher"] == '"};alert(1);//'
    assert (arabic["dir"], arabic["launcher"]) == ("rtl", "تحدث معنا")


def test_a_frame_of_no_widget(acme: Any, browser: Client) -> None:
    channel = WidgetChannel.objects.get()
    WidgetChannel.objects.update(is_active=False)
    for key in ("", "nonsense", channel.key, "x" * 5000):
        response = browser.get("/widget/frame/", {"channel": key})
        assert response.status_code == 404
        assert policy_of(response)["frame-ancestors"] == "'self'"


def test_another_tenants_key(acme: Any, globex: Any) -> None:
    key = WidgetChannel.objects.get().key
    response = Client(headers={"host": "globex.localhost"}).get("/widget/frame/", {"channel": key})
    assert response.status_code == 404


def test_words_of_a_tenant_are_text(acme: Any, browser: Client) -> None:
    channel = WidgetChannel.objects.get()
    WidgetChannel.objects.update(title='"><script>alert(1)</script>', greeting="<img src=x onerror=alert(1)>")
    text = browser.get("/widget/frame/", {"channel": channel.key}).content.decode()
    assert "<script>alert" not in text
    assert "<img src=x" not in text


def test_a_frame_has_no_inline_script_or_style(acme: Any, browser: Client) -> None:
    text = browser.get("/widget/frame/", {"channel": WidgetChannel.objects.get().key}).content.decode()
    assert re.findall(r"<script(?![^>]*src=)", text) == []
    assert re.findall(r"<style|\sstyle=|\son\w+=", text) == []


def test_a_frozen_tenant_has_no_frame(acme: Any, browser: Client) -> None:
    key = WidgetChannel.objects.get().key
    tenant_freeze(tenant=acme, frozen=True)
    assert browser.get("/widget/frame/", {"channel": key}).status_code == 503


def test_the_widget_stays_small(acme: Any, browser: Client) -> None:
    """All that a customer's browser fetches from a server, as it is built, compressed one by one."""
    page = browser.get("/widget/frame/", {"channel": WidgetChannel.objects.get().key}).content
    names = set(re.findall(rf'"{settings.STATIC_URL}([^"]+)"', page.decode()))
    assert names == {"js/widget/frame.js", "css/pages/widget.css"}
    built = {name: Path(settings.BASE_DIR, "build", name).read_bytes() for name in (*names, "js/widget/loader.js")}
    parts = {"frame": page, **built}
    sizes = {name: len(gzip.compress(part, 6)) for name, part in parts.items()}
    total = sum(sizes.values())
    print(f"The widget: {total / 1024:.1f} KiB compressed in {len(sizes)} parts")
    assert total < LIMIT, sizes


def test_words_are_those_of_the_language(acme: Any, browser: Client) -> None:
    """The browser's, or the one that the site has named; what is missing is said in the widget's own."""
    channel = WidgetChannel.objects.get()
    WidgetWords.objects.create(channel=channel, language="ar", title="تحدث معنا")
    WidgetWords.objects.create(channel=channel, language="pt", title="Fale connosco")

    def frame(header: str = "", language: str = "") -> str:
        query = {"channel": channel.key, **({"language": language} if language else {})}
        answer = browser.get("/widget/frame/", query, headers={"accept-language": header})
        return answer.content.decode()

    arabic = frame("ar-EG,ar;q=0.9")
    assert '<html lang="ar" dir="rtl">' in arabic
    assert "تحدث معنا" in arabic
    assert channel.greeting in arabic
    assert "Fale connosco" in frame("ar", "pt-BR")
    assert f">{channel.title}<" in frame("ar", "de")
    assert "تحدث معنا" in frame("ar", "xx-nonsense")


def test_topics_are_those_of_the_language_too(acme: Any, browser: Client) -> None:
    channel = WidgetChannel.objects.get()
    WidgetChannel.objects.update(ask_topic=True)
    Topic.objects.create(channel=channel, name="My order", names={"pt": "O meu pedido", "es": "Mi pedido"})

    def offered(language: str) -> list[str]:
        text = browser.get("/widget/frame/", {"channel": channel.key, "language": language}).content.decode()
        return re.findall(r'<option value="[^"]+">([^<]+)<', text)

    assert [offered(language) for language in ("en", "es", "pt-BR", "de")] == [
        ["My order"],
        ["Mi pedido"],
        ["O meu pedido"],
        ["My order"],
    ]


def test_only_what_is_asked_stands_in_the_form(acme: Any, browser: Client) -> None:
    channel = WidgetChannel.objects.get()

    def asked() -> list[tuple[str, bool]]:
        text = browser.get("/widget/frame/", {"channel": channel.key}).content.decode()
        form = text[text.index('id="about"') : text.index('id="emoji"')]
        fields = re.findall(r'<(?:input|select)\s+id="(\w+)"([^>]*)>', form)
        return [(name, "required" in attributes) for name, attributes in fields]

    assert asked() == [("name", True), ("email", True)]
    WidgetChannel.objects.update(need_name=False, ask_phone=True, ask_topic=True, need_topic=True)
    # Without a topic to choose there is no such question.
    assert asked() == [("name", False), ("email", True), ("phone", False)]
    Topic.objects.create(channel=channel, name="<b>Bills</b>")
    assert asked()[-1] == ("topic", True)
    assert "<b>Bills" not in browser.get("/widget/frame/", {"channel": channel.key}).content.decode()
    WidgetChannel.objects.update(asks_first=False)
    assert asked() == []


def test_emoji_have_names_in_the_customers_language(acme: Any, browser: Client) -> None:
    response = browser.get("/widget/emoji/")
    every = response.json()
    assert len({emoji for emoji, _names in every}) == len(every) > 100
    assert all(names for _emoji, names in every)
    assert "public" in response.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("colour", "ink"),
    [
        ("#000000", "#ffffff"),
        ("#ffffff", "#10141a"),
        ("#2f5bd7", "#ffffff"),
        ("#ffd400", "#10141a"),
        ("#1f6f5c", "#ffffff"),
    ],
)
def test_words_on_the_tenants_colour_can_be_read(colour: str, ink: str) -> None:
    assert ink_on(colour) == ink
