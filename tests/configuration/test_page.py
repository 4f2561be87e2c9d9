"""The page of the configuration: who gets there, what it compares and carries (TEN-9)."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.accounts.models import Role
from apps.queues.models import Queue
from tests.support.people import make_agent

PAGE = "/admin/configuration/configuration/"
SignIn = Callable[[str], Client]


@pytest.fixture
def sign_in(acme: Any) -> SignIn:
    def make(role: str) -> Client:
        client = Client(SERVER_NAME="acme.localhost")
        client.force_login(make_agent(role=Role.objects.get(code=role)).user)
        return client

    return make


def sent(content: bytes) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("configuration.json", content, "application/json")}


def changed(text: str) -> str:
    whole = json.loads(text)
    (name,) = [name for name, values in whole["sections"]["queues"].items() if values["is_default"]]
    whole["sections"]["queues"][name]["priority"] = 1
    whole["sections"]["skill_groups"]["<b>New"] = {"name": "<b>New", "description": "", "colour": "#000000"}
    return json.dumps(whole)


def test_a_file_is_compared_and_chosen_sections_are_carried(sign_in: SignIn) -> None:
    browser = sign_in("administrator")
    text = browser.get(PAGE + "export/").content.decode()
    assert "Nothing: all that is in the file" in browser.post(PAGE, sent(text.encode())).content.decode()
    text = changed(text)
    page = browser.post(PAGE, sent(text.encode())).content.decode()
    assert "<del>5</del>" in page
    assert "&lt;b&gt;New" in page
    assert Queue.objects.get(is_default=True).priority == 5
    answer = browser.post(PAGE, {"text": text, "section": ["queues"], "carry": "yes"}, follow=True)
    assert "1 row was written." in answer.content.decode()
    assert Queue.objects.get(is_default=True).priority == 1


def test_what_is_refused_is_said_before_anything_is_carried(sign_in: SignIn) -> None:
    browser = sign_in("administrator")
    text = browser.get(PAGE + "export/").content.decode().replace('"priority": 5', '"priority": 11')
    page = browser.post(PAGE, sent(text.encode())).content.decode()
    assert "Nothing was changed" in page
    assert "not JSON" in browser.post(PAGE, sent(b"no")).content.decode()
    assert browser.post(PAGE, {"text": "no", "carry": "yes"}).status_code == 200
    assert "larger than 700 KB" in browser.post(PAGE, sent(b" " * 800_000)).content.decode()


@pytest.mark.parametrize("role", ["supervisor", "agent"])
def test_others_dont_get_there(sign_in: SignIn, role: str) -> None:
    browser = sign_in(role)
    answers = (browser.get(PAGE), browser.post(PAGE, {"text": "{}", "carry": "yes"}), browser.get(PAGE + "export/"))
    assert {answer.status_code for answer in answers} <= {302, 403}
