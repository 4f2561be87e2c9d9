"""A browser without a screen: one host, its cookies, and the schema of the test afterwards as before."""

from copy import deepcopy
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client

from apps.accounts.models import Role, User
from tests.support.people import PASSWORD, UserFactory


class Browser:
    """Asks one host, and leaves the connection in the schema that it found it in."""

    def __init__(self, host: str, **options: Any) -> None:
        self.host = host
        self.client = Client(headers={"host": host}, **options)

    def get(self, path: str, **options: Any) -> HttpResponse:
        """GET a page."""
        return self._ask("get", path, **options)

    def post(self, path: str, data: Any = None, **options: Any) -> HttpResponse:
        """POST a form."""
        return self._ask("post", path, data=data or {}, **options)

    def send(self, path: str, *, body: bytes, kind: str) -> HttpResponse:
        """POST a body as it is, and say that it is of this type."""
        return self._ask("generic", "POST", path, data=body, content_type=kind)

    def steal_cookies(self, other: "Browser") -> None:
        """Send the cookies that another browser was given."""
        self.client.cookies = deepcopy(other.client.cookies)

    def sign_in(self, user: User, password: str = PASSWORD, **data: Any) -> HttpResponse:
        """Use the sign-in page."""
        return self.post("/signin/", {"username": user.email, "password": password, **data})

    def _ask(self, method: str, *where: str, **options: Any) -> HttpResponse:
        schema = connection.schema_name
        try:
            return getattr(self.client, method)(*where, **options)
        finally:
            connection.set_schema(schema)


def user_as(role: str, **fields: Any) -> User:
    """A user with a stock role, and an agent as everybody with the console is."""
    from apps.agents.actions import agent_create

    user = UserFactory(role=Role.objects.get(code=role), **fields)
    agent_create(user=user)
    return user


def signed_in(user: User, host: str = "acme.localhost") -> Browser:
    """A browser that somebody has just signed in with."""
    browser = Browser(host)
    assert browser.sign_in(user).status_code == 302
    return browser
