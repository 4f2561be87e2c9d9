"""TEN-6: a directory's users, by the requests that Entra ID and Okta document."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.models import AccountLink, Role, User
from apps.agents.models import Membership
from apps.audit.models import AuditEntry
from apps.scim.models import DirectoryUser
from tests.scim.conftest import ENTERPRISE, ENTRA, OKTA, USER, Directory, make_token, refused, told
from tests.support.people import UserFactory, default_queue, make_agent, talk

MOBILE, WORK = 'phoneNumbers[type eq "mobile"].value', 'emails[type eq "work"].value'


def test_entra_looks_for_a_user_makes_them_and_finds_them(directory: Directory) -> None:
    assert directory.find("Users", f'userName eq "{ENTRA["userName"]}"') == []
    made = directory.post("Users", ENTRA)
    user = User.objects.get(pk=made["id"])
    assert (user.email, user.full_name, user.phone, user.custom_id) == (
        "Test_User_ab6490ee@testuser.com",
        "givenName familyName",
        "+4930901820",
        "E-17",
    )
    assert made["meta"]["location"].endswith(f"/scim/v2/Users/{user.pk}")
    assert made["externalId"] == ENTRA["externalId"]
    assert (made["displayName"], made["emails"][0]["value"]) == ("givenName familyName", user.email)
    assert made[ENTERPRISE] == {"employeeNumber": "E-17"}
    assert "addresses" not in made
    assert directory.get(f"Users/{made['id']}") == made
    for scim_filter in (
        'userName eq "TEST_user_ab6490ee@testuser.com"',
        f'externalId eq "{ENTRA["externalId"]}"',
        f'id eq "{user.pk}"',
        'emails[type eq "work" and value eq "test_user_ab6490ee@testuser.com"]',
        'emails.value sw "test_user_ab" and not (active eq false)',
        f'({USER}:name.familyName co "lyNa" or nickName pr) and active eq "True"',
        f'{ENTERPRISE}:employeeNumber eq "e-17" and emails.value pr',
        'meta.created gt "2020-01-01T00:00:00Z" and userName ne "x@example.com" and userName ew "testuser.com"',
    ):
        assert [each["id"] for each in directory.find("Users", scim_filter)] == [made["id"]], scim_filter
    assert directory.find("Users", f'externalId eq "{ENTRA["externalId"].upper()}"') == []
    assert directory.find("Users", 'emails[type eq "home"]') == []


def test_a_new_user_has_no_password_no_role_and_no_mail_unless_the_token_says_so(
    directory: Directory, administrator: User
) -> None:
    made = User.objects.get(pk=directory.post("Users", OKTA)["id"])
    assert not made.has_usable_password()
    assert (made.role, made.is_staff, hasattr(made, "agent")) == (None, False, False)
    assert not AccountLink.objects.exists()
    agent = Role.objects.get(code="agent")
    inviting = Directory(make_token(administrator, "Okta", sends_invitations=True, new_user_role=agent)[1])
    invited = User.objects.get(pk=inviting.post("Users", OKTA | {"userName": "b@okta.local"})["id"])
    assert invited.role == agent
    assert hasattr(invited, "agent")
    assert AccountLink.objects.get().user == invited
    late = OKTA | {"userName": "c@okta.local", "active": False}
    assert inviting.post("Users", late)["active"] is False
    assert AccountLink.objects.count() == 1


def test_what_a_directory_does_stands_in_the_audit_log_by_its_name(directory: Directory) -> None:
    made = directory.post("Users", OKTA)
    entry = AuditEntry.objects.get(verb="user.create", target_id=made["id"])
    assert (entry.actor_kind, entry.actor_name) == ("integration", "Entra ID")
    directory.patch(f"Users/{made['id']}", {"op": "replace", "value": {"active": False}})
    entry = AuditEntry.objects.get(verb="user.deactivate")
    assert (entry.actor_kind, entry.actor_name, entry.target_id) == ("integration", "Entra ID", made["id"])


@pytest.mark.parametrize(
    ("operation", "field", "value"),
    [
        ({"op": "Replace", "path": "active", "value": "False"}, "is_active", False),
        ({"op": "replace", "value": {"active": False}}, "is_active", False),
        ({"op": "Replace", "path": "name.givenName", "value": "Ana"}, "first_name", "Ana"),
        ({"op": "Add", "path": "name.familyName", "value": "Pérez"}, "last_name", "Pérez"),
        ({"op": "Remove", "path": "name.familyName"}, "last_name", ""),
        (
            {"op": "Add", "path": 'phoneNumbers[type eq "mobile"].value', "value": "+34 600 123 456"},
            "phone",
            "+34600123456",
        ),
        (
            {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "else@okta.local"},
            "email",
            OKTA["userName"],
        ),
        ({"op": "Replace", "path": "userName", "value": "new@okta.local"}, "email", "new@okta.local"),
        ({"op": "Add", "path": f"{ENTERPRISE}:employeeNumber", "value": "701984"}, "custom_id", "701984"),
        ({"op": "replace", "value": {"nickName": "Babs", "name.familyName": "X"}}, "nick_name", "Babs"),
        ({"op": "Add", "path": "title", "value": "Chief"}, "first_name", "Test"),
        ({"op": "replace", "path": "timezone", "value": "Europe/Madrid"}, "time_zone", "Europe/Madrid"),
        ({"op": "replace", "path": "timezone", "value": "Pacific Standard Time"}, "time_zone", "UTC"),
        ({"op": "Add", "path": 'phoneNumbers[type eq "work"].value', "value": "555-1234"}, "phone", ""),
        ({"op": "Remove", "path": "name.givenName"}, "first_name", "User"),
    ],
)
def test_a_patch_changes_one_thing(directory: Directory, operation: dict[str, Any], field: str, value: Any) -> None:
    made = directory.post("Users", OKTA)
    User.objects.filter(pk=made["id"]).update(time_zone="UTC")
    answer = told(directory.patch(f"Users/{made['id']}", operation), 200)
    assert answer == directory.get(f"Users/{made['id']}")
    assert getattr(User.objects.get(pk=made["id"]), field) == value


@pytest.mark.parametrize(
    ("operation", "keyword"),
    [
        ({"op": "Replace", "path": "active", "value": "maybe"}, "invalidValue"),
        ({"op": "Replace", "path": "userName", "value": "no address"}, "invalidValue"),
        ({"op": "Replace", "path": "userName", "value": "a@b"}, "invalidValue"),
        ({"op": "Remove", "path": "userName"}, "mutability"),
        ({"op": "Replace", "path": "roles", "value": [{"value": "owner"}]}, "mutability"),
        ({"op": "Replace", "path": "id", "value": "x"}, "mutability"),
        ({"op": "Move", "path": "active", "value": True}, "invalidValue"),
        ({"op": "Replace", "path": "emails[type eq", "value": "x"}, "invalidPath"),
        ({"op": "Replace", "path": "name.givenName", "value": "x" * 81}, "invalidValue"),
        ({"op": "Replace", "path": "externalId", "value": "x" * 256}, "invalidValue"),
        ({"op": "Replace", "path": f"{ENTERPRISE}:employeeNumber", "value": "with space"}, "invalidValue"),
        ({"op": "Replace", "path": "name", "value": "text"}, "invalidValue"),
    ],
)
def test_a_patch_that_cannot_be_changes_nothing(directory: Directory, operation: dict[str, Any], keyword: str) -> None:
    made = directory.post("Users", OKTA)
    first = {"op": "replace", "path": "nickName", "value": "Babs"}
    assert refused(directory.patch(f"Users/{made['id']}", first, operation), 400, keyword)
    assert directory.get(f"Users/{made['id']}") == made


def test_okta_replaces_a_user_and_what_it_leaves_out_stays(directory: Directory) -> None:
    made = directory.post("Users", OKTA)
    User.objects.filter(pk=made["id"]).update(nick_name="Tess", phone="+34600123456")
    changed = OKTA | {"id": made["id"], "name": {"givenName": "Another", "familyName": "User"}}
    answer = directory.put(f"Users/{made['id']}", changed)
    assert (answer["name"]["givenName"], answer["nickName"]) == ("Another", "Tess")
    assert answer["phoneNumbers"][0]["value"] == "+34600123456"
    cleared = directory.put(f"Users/{made['id']}", changed | {"nickName": None, "phoneNumbers": [], "active": False})
    assert {"nickName", "phoneNumbers"} & set(cleared) == set()
    assert cleared["active"] is False
    assert refused(directory.ask("PUT", f"Users/{made['id']}", {"schemas": [USER]}), 400, "invalidValue")


def test_a_username_is_given_once(directory: Directory) -> None:
    made = directory.post("Users", OKTA)
    twice = OKTA | {"userName": "TEST.user@okta.local"}
    assert "userName" in refused(directory.ask("POST", "Users", twice), 409, "uniqueness")
    other = directory.post("Users", OKTA | {"userName": "other@okta.local"})
    taken = {"op": "replace", "path": "userName", "value": "test.user@OKTA.local"}
    refused(directory.patch(f"Users/{other['id']}", taken), 409, "uniqueness")
    assert User.objects.filter(email__iexact=made["userName"]).count() == 1


def test_a_deleted_user_is_kept_hidden_and_comes_back_as_the_same(directory: Directory) -> None:
    made = directory.post("Users", OKTA)
    where = f"Users/{made['id']}"
    assert directory.ask("DELETE", where).status_code == 204
    user = User.objects.get(pk=made["id"])
    assert (user.is_active, user.deleted_at, user.email) == (False, None, OKTA["userName"])
    on = {"op": "replace", "path": "active", "value": True}
    for answer in (directory.ask("GET", where), directory.ask("DELETE", where), directory.patch(where, on)):
        refused(answer, 404)
    assert directory.find("Users", f'userName eq "{OKTA["userName"]}"') == []
    User.objects.filter(pk=user.pk).update(role=Role.objects.get(code="administrator"))
    again = directory.post("Users", OKTA | {"externalId": "new"})
    assert (again["id"], again["active"], again["externalId"]) == (made["id"], True, "new")
    assert User.objects.get(pk=made["id"]).role is None


@pytest.mark.django_db(transaction=True)
def test_who_is_in_a_conversation_or_alone_in_a_queue_stays(directory: Directory) -> None:
    agent = make_agent()
    where = f"Users/{agent.pk}"
    talk(agent)
    off = {"op": "Replace", "path": "active", "value": "False"}
    for answer in (directory.ask("DELETE", where), directory.patch(where, off)):
        assert "conversation" in refused(answer, 409)
    alone = make_agent(queues=[], email="alone@acme.test")
    Membership.objects.exclude(agent=alone).delete()
    Membership.objects.create(agent=alone, queue=default_queue())
    assert "only" in refused(directory.ask("DELETE", f"Users/{alone.pk}"), 409)
    assert User.objects.filter(pk__in=[agent.pk, alone.pk], is_active=True).count() == 2
    assert not DirectoryUser.objects.filter(removed_at__isnull=False).exists()


def test_the_owner_is_seen_linked_and_left_alone(directory: Directory) -> None:
    owner = UserFactory(role=Role.objects.get(code="owner"))
    where = f"Users/{owner.pk}"
    seen = directory.get(where)
    assert seen["roles"] == [{"value": "owner", "display": "Owner"}]
    told(directory.patch(where, {"op": "add", "path": "externalId", "value": "boss"}), 200)
    for operation in (
        {"op": "replace", "path": "userName", "value": "mine@evil.test"},
        {"op": "replace", "path": "active", "value": False},
        {"op": "replace", "path": "name.givenName", "value": "X"},
    ):
        assert "owner" in refused(directory.patch(where, operation), 403)
    refused(directory.ask("DELETE", where), 403)
    assert directory.get(where) == seen | {"externalId": "boss"}


def test_operators_by_a_pass_and_the_deleted_are_not_seen(directory: Directory) -> None:
    passing = UserFactory(leaves_at=timezone.now())
    gone = UserFactory(deleted_at=timezone.now())
    for user in (passing, gone):
        refused(directory.ask("GET", f"Users/{user.pk}"), 404)
        refused(directory.ask("DELETE", f"Users/{user.pk}"), 404)
        assert directory.find("Users", f'id eq "{user.pk}"') == []


def test_lists_come_in_pages_of_the_attributes_that_are_asked_for(directory: Directory) -> None:
    UserFactory.create_batch(7)
    everybody = directory.get("Users?count=200")
    assert everybody["totalResults"] == len(everybody["Resources"])
    pages = [directory.get(f"Users?startIndex={start}&count=3") for start in (1, 4, 7)]
    ids = [each["id"] for page in pages for each in page["Resources"]]
    assert ids == [each["id"] for each in everybody["Resources"]][:9]
    assert [page["startIndex"] for page in pages] == [1, 4, 7]
    assert directory.get("Users?count=0")["totalResults"] == everybody["totalResults"]
    assert not directory.get("Users?startIndex=1000").get("Resources")
    assert directory.get("Users?startIndex=-5&count=-1")["startIndex"] == 1
    some = directory.get("Users?attributes=userName,name.familyName&count=1")["Resources"][0]
    assert set(some) == {"schemas", "id", "userName", "name"}
    assert set(some["name"]) == {"familyName"}
    fewer = directory.get("Users?excludedAttributes=emails,roles&count=1")["Resources"][0]
    assert {"emails", "roles"} & set(fewer) == set()
    assert "userName" in fewer


@pytest.mark.parametrize(
    ("query", "keyword"),
    [
        ("filter=userName", "invalidFilter"),
        ("filter=title eq %22x%22", "invalidFilter"),
        ("filter=displayName eq %22x%22", "invalidFilter"),
        ("filter=active gt true", "invalidFilter"),
        ("filter=id co %22x%22", "invalidFilter"),
        ("filter=" + "not (" * 100 + "id pr" + ")" * 100, "invalidFilter"),
        ("filter=userName eq %22" + "x" * 1000 + "%22", "invalidFilter"),
        ("count=many", "invalidValue"),
        ("attributes=id&excludedAttributes=id", "invalidValue"),
    ],
)
def test_a_list_that_cannot_be_is_refused(directory: Directory, query: str, keyword: str) -> None:
    assert refused(directory.ask("GET", f"Users?{query}"), 400, keyword)


@pytest.mark.parametrize(
    "query",
    [
        "startIndex=99999999999999999999&count=5",
        "startIndex=9223372036854775807&count=200",
        "startIndex=-5&count=-1",
        "filter=meta.created gt %229999-12-31T23:59:59-12:00%22",
        "filter=meta.created lt %220001-01-01T00:00:00%2b12:00%22",
        "filter=meta.created eq %222026-01-01T00:00:00%22",
        "filter=meta.created gt %222026-02-30T00:00:00Z%22",
        "filter=" + "(" * 300 + "id pr" + ")" * 300 + " and userName eq %22x%22",
    ],
)
def test_a_list_that_is_far_off_is_empty(directory: Directory, query: str) -> None:
    answer = directory.ask("GET", f"Users?{query}")
    assert answer.status_code in {200, 400}
    assert not json.loads(answer.content).get("Resources")


@pytest.mark.parametrize("value", ["'; DROP TABLE accounts_user; --", "%", "_", "\\\\", "ä\\u0000"])
def test_a_filter_is_a_value_and_nothing_else(directory: Directory, value: str) -> None:
    assert directory.find("Users", f'userName co "{value}" and nickName eq "{value}"') == []


def test_a_thousand_users_are_as_many_queries_as_one(directory: Directory) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            directory.get("Users?count=200")
        return len(captured)

    few = queries()
    User.objects.bulk_create(User(email=f"u{n}@many.test", first_name="U") for n in range(1_000))
    assert queries() == few


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"[]", b"{", b'"text"', b"[" * 100_000, b'{"schemas": 1}', b'{"userName": {"a": 1}}', b"\xff", b"null"),
        b'{"userName": "a@b.test", "nickName": "a\\u0000b"}',
        b'{"userName": "a@b.test", "nickName": "\\ud800"}',
    ],
)
def test_a_body_that_is_none_is_refused(directory: Directory, body: bytes) -> None:
    for method, path in (("POST", "Users"), ("POST", "Groups")):
        assert directory.ask(method, path, body).status_code == 400


def test_a_body_is_json_and_not_too_large(directory: Directory) -> None:
    refused(directory.ask("POST", "Users", OKTA, content_type="text/plain"), 400, "invalidSyntax")
    assert directory.ask("POST", "Users", OKTA, content_type="application/json; charset=utf-8").status_code == 201
    refused(directory.ask("POST", "Users", {**OKTA, "title": "x" * 1_100_000}), 413)
    many = [{"op": "add", "path": "nickName", "value": "x"}] * 1_001
    refused(directory.patch(f"Users/{User.objects.get(email=OKTA['userName']).pk}", *many), 413)
