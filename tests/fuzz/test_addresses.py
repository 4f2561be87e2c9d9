"""Every address of both hosts, with whatever may stand in a path, a query, a form, asked by everybody: no 5xx.

Addresses are found by walking the resolvers, names of fields in the code and in the pages themselves: a new one is
tried without being named here. What is sent is drawn from a table, the same each time.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils.datastructures import MultiValueDict
from django_tenants.utils import schema_context

from apps.accounts.actions import user_create
from config import urls_public, urls_tenant
from tests.fuzz.values import EVERY, FORM, HEADS, KINDS, MEGABYTE, TEXTS, UNFIT, as_part, quoted, some
from tests.support import addresses
from tests.support.browser import Browser, user_as
from tests.support.media import PDF
from tests.support.people import PASSWORD, arrive, make_agent, ringing, talk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

SEED = 1
QUERY_LENGTH = 30_000
"""Servers take no longer an address."""
LAST = ("signout", "delete", "password")
"""What ends the session, or makes what others are about."""

_READ = re.compile(r"""(?:GET|POST|FILES)(?:\.get|\.getlist)?[(\[]["'](\w+)["']""")
_FIELD = re.compile(r'name="([^"]{1,100})"')
_INVALID = ["%F0%9F%98%80", "%E2%80%AE", "%ED%A0%80", "%FF", "..", "%2e%2e%2f", "x" * 3000, "%0a", "-1", "None"]


def names_read() -> list[str]:
    """The names of all that any view reads, and those that the admin reads."""
    found: set[str] = set()
    for path in sorted(Path(settings.BASE_DIR, "apps").rglob("*.py")):
        found.update(_READ.findall(path.read_text()))
    return sorted(
        found | {"q", "o", "p", "e", "all", "action", "_selected_action", "select_across", "_to_field", "_save"}
    )


NAMES = names_read()


class Asking:
    """Somebody who asks for everything, and is signed in again when it was ended."""

    def __init__(self, host: str, user: Any, ids: dict[str, str]) -> None:
        self.browser = Browser(host)
        self.browser.client.raise_request_exception = False
        self.user = user
        self.ids = ids
        self.random = Random(SEED)
        self.failed: list[str] = []
        self.asked = 0

    def everything(self, every: list[addresses.Address]) -> None:
        """Try all of them."""
        for address in sorted(every, key=lambda each: any(word in each.route for word in LAST)):
            for path in self._paths(address):
                self._enter()
                self._try(path)

    def _enter(self) -> None:
        if self.user is not None and "_auth_user_id" not in self.browser.client.session:
            assert self.browser.sign_in(self.user).status_code == 302

    def _paths(self, address: addresses.Address) -> Iterator[str]:
        ids = {**self.ids, **_row_of(address)}
        yield address.path(ids)
        for name, _converter in address.arguments:
            yield address.path(ids | {name: self.random.choice(_INVALID)})

    def _try(self, path: str) -> None:
        query = "&".join(f"{name}={quoted(value)}" for name, value in some(self.random, NAMES, QUERY_LENGTH))
        page = self._ask("get", f"{path}?{query}")
        self._ask("get", f"{path}?q=%00&{query}")
        shown = _FIELD.findall(page.content.decode(errors="replace")) if hasattr(page, "content") else []
        self._post(path, list(dict.fromkeys(shown)))
        self._post_odd(path, self.random.choice(shown or NAMES))

    def _post(self, path: str, shown: list[str]) -> None:
        """A form with all that any view reads; now and then one of its fields is as long as a form may be."""
        is_long = self.random.random() < 0.1
        fields: MultiValueDict[str, Any] = MultiValueDict()
        for name, value in some(self.random, [*NAMES, *shown], MEGABYTE // (16 if is_long else 2)):
            fields.appendlist(name, value)
        if is_long:
            fields[self.random.choice(shown or NAMES)] = "x" * (MEGABYTE * 7 // 8)
        if self.random.random() < 0.3:
            fields.setlist("file", [SimpleUploadedFile(self.random.choice(TEXTS)[:100] or "x", PDF)])
            fields.setlist("picture", [SimpleUploadedFile("a.png", PDF)])
        self._ask("post", path, data=dict(fields.lists()), headers=self._headers())

    def _post_odd(self, path: str, name: str) -> None:
        """A form that no browser sends: with what is text nowhere, or said to be what it is not."""
        if self.random.random() < 0.3:
            body, kind = f"{quoted(name)}={quoted(self.random.choice(UNFIT))}".encode(), FORM
        else:
            value = self.random.choice([*UNFIT, *EVERY])
            body, kind = as_part(self.random.choice(HEADS), name, value), self.random.choice(KINDS)
        self._ask("send", path, body=body, kind=kind)

    def _headers(self) -> dict[str, str]:
        """Of htmx, and of a tray; as the browser writes them, so in ASCII."""
        value = quoted(self.random.choice(TEXTS))[:2000]
        said = {
            "hx-request": "true",
            "hx-target": value,
            "hx-current-url": f"http://x/{value}",
            "parley-tray": f"q={value}",
        }
        return said if self.random.random() < 0.5 else {}

    def _ask(self, method: str, path: str, **options: Any) -> Any:
        self.asked += 1
        answer = getattr(self.browser, method)(path, **options)
        if answer.status_code >= 500:
            error = getattr(answer, "exc_info", None)
            self.failed.append(
                f"{method} {path.partition('?')[0][:120]}: {answer.status_code} {error and error[1]!r}"[:400]
            )
        return answer


def _row_of(address: addresses.Address) -> dict[str, str]:
    """A row for a page of the admin that is about one."""
    parts = address.route.split("/")
    if parts[0] == "admin" and parts[1] != "r" and "object_id" in dict(address.arguments):
        row = apps.get_model(parts[1], parts[2])._default_manager.order_by("pk").first()
        return {"object_id": str(row.pk)} if row else {}
    return {}


@pytest.fixture
def world(acme: Any) -> dict[str, Any]:
    """An agent with a conversation, and another that rings."""
    agent = make_agent()
    conversation, offer = talk(agent), ringing(arrive())
    ids = {"uuid": str(uuid4()), "conversation_id": str(conversation.pk), "offer_id": str(offer.pk)}
    return {"agent": agent.user, "ids": ids | {"contact_id": str(conversation.contact_id)}}


@pytest.mark.parametrize("who", ["nobody", "agent", "administrator"])
def test_no_address_of_a_tenant_falls_over(world: dict[str, Any], who: str) -> None:
    user = {"nobody": lambda: None, "agent": lambda: world["agent"], "administrator": lambda: user_as("owner")}[who]()
    every = addresses.every(urls_tenant)
    asking = Asking("acme.localhost", user, world["ids"])
    # Of the admin an agent sees nothing, as the tests of isolation say.
    asking.everything([each for each in every if who != "agent" or each.area != "admin"])
    assert asking.failed == []
    assert asking.asked > 300


@pytest.mark.parametrize("who", ["nobody", "operator"])
def test_no_address_of_the_operators_falls_over(acme: Any, who: str) -> None:
    user = None
    with schema_context("public"):
        if who == "operator":
            person = {"email": "op@parley.test", "first_name": "Op", "password": PASSWORD}
            user = user_create(**person, role=None, is_operator=True, actor=None)
        assert connection.schema_name == "public"
    asking = Asking("localhost", user, {"uuid": str(uuid4())})
    asking.everything(addresses.every(urls_public))
    assert asking.failed == []
    assert asking.asked > 60
