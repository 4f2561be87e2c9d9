"""A directory with a token, and what it asks."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from apps.accounts.models import Role, User
from apps.scim.actions import directory_token_create
from apps.scim.models import DirectoryToken
from tests.support.people import UserFactory

PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

ENTRA = {
    "schemas": [USER, ENTERPRISE],
    "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
    "userName": "Test_User_ab6490ee@testuser.com",
    "active": True,
    "addresses": [{"primary": False, "type": "work", "country": "DE", "formatted": "Somewhere"}],
    "displayName": "lennay",
    "emails": [{"primary": True, "type": "work", "value": "Test_User_fd0ea19b@testuser.com"}],
    "meta": {"resourceType": "User"},
    "name": {"formatted": "givenName familyName", "familyName": "familyName", "givenName": "givenName"},
    "phoneNumbers": [{"type": "work", "value": "+49 30 901820"}],
    "preferredLanguage": "de-DE",
    "title": "Agent",
    "roles": [],
    ENTERPRISE: {"employeeNumber": "E-17", "department": "Support"},
}
OKTA = {
    "schemas": [USER],
    "userName": "test.user@okta.local",
    "name": {"givenName": "Test", "familyName": "User"},
    "emails": [{"primary": True, "value": "test.user@okta.local", "type": "work"}],
    "displayName": "Test User",
    "locale": "en-US",
    "externalId": "00ujl29u0le5T6Aj10h7",
    "groups": [],
    "password": "1mz050nq",
    "active": True,
}


class Directory:
    """Asks a tenant's SCIM, and leaves the connection in the schema that it found it in."""

    def __init__(self, secret: str, host: str = "acme.localhost", **options: str) -> None:
        self.secret = secret
        self.client = Client(headers={"host": host}, **options)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        schema = connection.schema_name
        data = body if isinstance(body, bytes | str) else "" if body is None else json.dumps(body)
        kind = headers.pop("content_type", "application/scim+json")
        try:
            return self.client.generic(
                method,
                f"/scim/v2/{path}",
                data,
                content_type=kind,
                headers={"authorization": f"Bearer {self.secret}", **headers},
            )
        finally:
            connection.set_schema(schema)

    def get(self, path: str) -> Any:
        return told(self.ask("GET", path), 200)

    def post(self, path: str, body: Any) -> Any:
        return told(self.ask("POST", path, body), 201)

    def put(self, path: str, body: Any) -> Any:
        return told(self.ask("PUT", path, body), 200)

    def patch(self, path: str, *operations: dict[str, Any]) -> HttpResponse:
        return self.ask("PATCH", path, {"schemas": [PATCH], "Operations": list(operations)})

    def find(self, kind: str, scim_filter: str, **more: str) -> list[Any]:
        found = self.get(f"{kind}?{urlencode({'filter': scim_filter, **more})}")
        assert found["totalResults"] == len(found["Resources"])
        return found["Resources"]


def told(answer: HttpResponse, status: int) -> Any:
    """What an answer holds, if it is the expected one."""
    assert answer.status_code == status, answer.content.decode()
    assert answer["Content-Type"] == "application/scim+json"
    return json.loads(answer.content)


def refused(answer: HttpResponse, status: int, keyword: str | None = None) -> str:
    """The sentence of an error in SCIM's shape."""
    error = told(answer, status)
    assert error["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert error["status"] == str(status)
    assert error.get("scimType") == keyword
    return str(error["detail"])


@pytest.fixture
def administrator(acme: Any) -> User:
    return UserFactory(role=Role.objects.get(code="administrator"))


def make_token(actor: User, name: str = "Entra ID", days: int = 30, **fields: Any) -> tuple[DirectoryToken, str]:
    token = DirectoryToken(name=name, **fields)
    return token, directory_token_create(token=token, days=days, actor=actor)


@pytest.fixture
def directory(administrator: User) -> Directory:
    """A directory whose new users have no role until a group gives one."""
    return Directory(make_token(administrator)[1])
