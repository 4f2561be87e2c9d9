"""Asks every address in everybody's name, and says in a word what came of it."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from django.db import connection, transaction

from config import urls_tenant
from tests.access.world import STRANGERS, UNLIMITED, World, shared_row
from tests.support import addresses
from tests.support.addresses import Address
from tests.support.browser import Browser

METHODS = ("GET", "POST")
NO_ID = "00000000-0000-7000-8000-000000000000"
SETTINGS_PAGE = "routing"
"""One for all: each asks the same of who opens it."""
STEP = "hours"
"""Of the home's checklist."""

Answers = dict[str, str]
"""What each line of the table says in one column, by the line's name."""


def tenant_addresses() -> list[Address]:
    """Those of a tenant's host; what stands in the local mode alone is nobody's door."""
    return sorted((each for each in addresses.every(urls_tenant) if each.area != "demo"), key=lambda each: each.route)


def lines(where: list[Address]) -> Iterator[tuple[str, Address, str]]:
    """Each line of the table: its name, the address, the method."""
    for address in where:
        for method in METHODS:
            yield f"{method} /{address.route}", address, method


def answers_in(world: World, browser: Browser, who: str) -> Answers:
    """A column of the table: where an answer depends on whose row it is, both are told.

    Args:
        world: whose rows.
        browser: who asks.
        who: whose name stands above the column. Nothing can be a stranger's, and whose role reaches everything has all
            that is set up: those are asked about one row.
    """
    column = {}
    for name, address, method in lines(tenant_addresses()):
        own = ask(browser, method, path_of(address, world.own))
        both = address.arguments and who not in STRANGERS and (who not in UNLIMITED or address.area == "console")
        foreign = ask(browser, method, path_of(address, world.foreign)) if both else own
        column[name] = own if own == foreign else f"{own} own, {foreign} foreign"
    return column


def path_of(address: Address, ids: dict[str, str]) -> str:
    """The address of a row: of the model that an admin page is about, or of what its arguments name."""
    parts = address.route.split("/")
    ids = {"uuid": NO_ID, "code": SETTINGS_PAGE, "step": STEP, **ids}
    if address.area == "admin" and len(parts) > 3:
        label = f"{parts[1]}.{parts[2]}"
        ids["object_id"] = ids.get(label) or shared_row(label) or NO_ID
    return address.path(ids)


def ask(browser: Browser, method: str, path: str) -> str:
    """What an answer is in a word; whatever it changed is undone."""
    schema, cookies = connection.schema_name, deepcopy(browser.client.cookies)
    with transaction.atomic():
        answer = browser.get(path) if method == "GET" else browser.post(path)
        said = in_a_word(answer)
        transaction.set_rollback(True)
    connection.set_schema(schema)
    browser.client.cookies = cookies
    return said


def in_a_word(answer: Any) -> str:
    """The status; of a redirection, where it leads."""
    answer.close()
    if answer.status_code not in {301, 302}:
        return str(answer.status_code)
    to = answer.headers["Location"].split("?")[0]
    # "gone" is what the admin does where there is no such row.
    return {"/signin/": "sign-in", "/admin/login/": "sign-in", "/admin/": "gone"}.get(to, "on")
