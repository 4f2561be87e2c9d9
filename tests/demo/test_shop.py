"""The shop of a demo tenant, and the page on which the widget's API can be tried."""

import re
from typing import Any

import pytest
from django.test import Client

from apps.chat.identity import identity_read
from apps.chat.models import WidgetChannel

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return Client(headers={"host": "acme.localhost"})


def test_the_api_can_be_tried_on_the_demo_site(acme: Any, browser: Client, settings: Any) -> None:
    text = browser.get("/demo/api/").content.decode()
    assert re.findall(r"<script(?![^>]*src=)", text) == []
    token = browser.post("/demo/api/token/", {"person": "c-1042"}).json()["token"]
    identity = identity_read(token, channel=WidgetChannel.objects.get().pk)
    assert (identity.external_id, identity.name) == ("c-1042", "Ana Ruiz")
    assert browser.post("/demo/api/token/", {"person": "nobody"}).status_code == 404
    settings.LOCAL_MODE = False
    assert browser.get("/demo/api/").status_code == 404
    assert browser.post("/demo/api/token/", {"person": "c-1042"}).status_code == 404


def test_the_demo_shop_uses_the_widget_as_a_site_would(acme: Any, browser: Client) -> None:
    response = browser.get("/demo/")
    assert response.status_code == 200
    text = response.content.decode()
    key = WidgetChannel.objects.get().key
    assert re.search(rf'<script src="/widget.js" data-channel="{key}" async></script>', text)
    assert re.findall(r"<script(?![^>]*src=)", text) == []


def test_there_is_no_demo_shop_outside_local_mode(acme: Any, browser: Client, settings: Any) -> None:
    settings.LOCAL_MODE = False
    assert browser.get("/demo/").status_code == 404
