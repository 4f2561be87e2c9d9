"""What administrators write on the page of a chat widget (CHAT-1, CHAT-12)."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from apps.chat.models import IdentityKey, Topic, WidgetChannel, WidgetWords
from tests.support.admin_pages import errors, fields
from tests.support.browser import signed_in, user_as
from tests.support.people import default_queue

pytestmark = pytest.mark.django_db

LIST = "/admin/chat/widgetchannel/"


def page() -> str:
    return f"{LIST}{WidgetChannel.objects.get().pk}/change/"


def picture() -> SimpleUploadedFile:
    stream = BytesIO()
    Image.new("RGB", (40, 40), "#2f5bd7").save(stream, "PNG")
    return SimpleUploadedFile("logo.png", stream.getvalue(), content_type="image/png")


def test_questions_words_and_topics(acme: Any) -> None:
    browser = signed_in(user_as("administrator"))
    data = fields(browser.get(page())) | {
        "asks_name": "off",
        "asks_email": "optional",
        "asks_phone": "required",
        "asks_topic": "required",
        "position": "left",
        "starts_per_hour": "7",
        "topics-TOTAL_FORMS": "1",
        "topics-0-name": "Returns",
        "topics-0-queue": str(default_queue().pk),
        "topics-0-position": "1",
        "topics-0-names": "es: Devoluciones\n\n pt-BR : Devoluções: todas ",
        "words-TOTAL_FORMS": "1",
        "words-0-language": "ar",
        "words-0-title": "مرحبا",
    }
    answer = browser.post(page(), data)
    assert answer.status_code == 302, errors(answer)
    widget = WidgetChannel.objects.get()
    asked = [(widget.asks(name), widget.needs(name)) for name in ("name", "email", "phone", "topic")]
    assert asked == [(False, False), (True, False), (True, True), (True, True)]
    assert (widget.position, widget.starts_per_hour) == ("left", 7)
    topic = Topic.objects.get()
    assert (topic.name, topic.queue) == ("Returns", default_queue())
    assert topic.names == {"es": "Devoluciones", "pt-br": "Devoluções: todas"}
    assert "es: Devoluciones\npt-br: Devoluções: todas" in browser.get(page()).content.decode()
    for wrong in ("Devoluciones", "xx: What", "es:", f"es: {'x' * 81}"):
        refused = browser.post(page(), fields(browser.get(page())) | {"topics-0-names": wrong})
        assert "Write a language and a name on each line" in refused.content.decode()
    assert list(WidgetWords.objects.values_list("language", "title")) == [("ar", "مرحبا")]
    assert browser.post(page(), data | {"starts_per_hour": "0"}).status_code == 200


def test_a_logo_is_encoded_anew_and_served(acme: Any) -> None:
    browser = signed_in(user_as("administrator"))
    assert browser.post(page(), fields(browser.get(page())) | {"logo": picture()}).status_code == 302
    name = WidgetChannel.objects.get().logo.name
    assert re.fullmatch(r"logos/[\w-]{32}\.webp", name)
    served = browser.get(f"/widget/{name}")
    assert (served.status_code, served.headers["Content-Type"]) == (200, "image/webp")
    assert browser.get("/widget/logos/none.webp").status_code == 404
    bad = SimpleUploadedFile("logo.svg", b"<svg onload='alert(1)'/>", content_type="image/svg+xml")
    assert browser.post(page(), fields(browser.get(page())) | {"logo": bad}).status_code == 200
    assert WidgetChannel.objects.get().logo.name == name
    data = {key: value for key, value in fields(browser.get(page())).items() if key != "logo"}
    answer = browser.post(page(), data | {"logo-clear": "on"})
    assert answer.status_code == 302, errors(answer)
    assert WidgetChannel.objects.get().logo.name == ""


def test_a_secret_is_shown_once(acme: Any) -> None:
    """CHAT-12: on the page that makes it, and on no other."""
    browser = signed_in(user_as("administrator"))
    path = f"{LIST}{WidgetChannel.objects.get().pk}/identity-secret/"
    assert 'id="secret"' not in browser.get(path).content.decode()
    assert not IdentityKey.objects.exists()
    made = browser.post(path)
    assert "no-store" in made.headers["Cache-Control"]
    found = re.search(r'id="secret"[^>]*>([\w-]{43})<', made.content.decode())
    assert found
    for other in (path, page(), LIST):
        assert found[1] not in browser.get(other).content.decode()
    newer = browser.post(path, {"keep_hours": "24"}).content.decode()
    assert found[1] not in newer
    old = IdentityKey.objects.exclude(ends_at=None).get()
    assert timedelta(hours=23) < old.ends_at - timezone.now() <= timedelta(hours=24)  # type: ignore[operator]
    assert browser.post(path, {"keep_hours": "5"}).status_code == 200
    assert IdentityKey.objects.count() == 2
    revoke = f"{LIST}{WidgetChannel.objects.get().pk}/identity-revoke/"
    assert browser.post(revoke, {"post": "yes"}).status_code == 302
    assert not IdentityKey.objects.filter(ends_at=None).exists()


@pytest.mark.parametrize("role", ["supervisor", "agent"])
def test_secrets_are_for_those_who_set_up_channels(acme: Any, role: str) -> None:
    browser = signed_in(user_as(role))
    path = f"{LIST}{WidgetChannel.objects.get().pk}/identity-secret/"
    assert browser.post(path).status_code in {302, 403, 404}
    assert not IdentityKey.objects.exists()
