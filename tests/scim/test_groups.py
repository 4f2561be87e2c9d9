"""TEN-6: a directory's groups say who is in them, an administrator says which role they have."""

from typing import Any

import pytest

from apps.accounts.models import Role, User
from apps.accounts.permissions import Permission
from apps.audit.models import AuditEntry
from apps.core.errors import DomainError
from apps.scim.actions import directory_group_delete, directory_group_save
from apps.scim.models import DirectoryGroup
from tests.scim.conftest import GROUP, Directory, refused
from tests.support.browser import signed_in
from tests.support.people import UserFactory

MISSING = "01000000-0000-7000-8000-000000000000"


def role(code: str) -> Role:
    return Role.objects.get(code=code)


def has_role(user: User) -> str | None:
    now = User.objects.get(pk=user.pk).role
    return now.code if now is not None else None


@pytest.fixture
def people(acme: Any) -> list[User]:
    return UserFactory.create_batch(3, role=None)


def make_group(directory: Directory, name: str, *members: User, **fields: Any) -> DirectoryGroup:
    ids = [{"value": str(user.pk)} for user in members]
    made = directory.post("Groups", {"schemas": [GROUP], "displayName": name, "members": ids})
    DirectoryGroup.objects.filter(pk=made["id"]).update(**fields)
    return DirectoryGroup.objects.get(pk=made["id"])


def add(*users: User) -> dict[str, Any]:
    """As Entra ID writes it."""
    return {"op": "Add", "path": "members", "value": [{"value": str(user.pk)} for user in users]}


def test_entra_makes_a_group_and_finds_it_without_its_members(directory: Directory, people: list[User]) -> None:
    body = {"schemas": [GROUP], "externalId": "8aa1a0c0", "displayName": "Support", "meta": {"resourceType": "Group"}}
    made = directory.post("Groups", body)
    assert (made["displayName"], made["externalId"], made.get("members")) == ("Support", "8aa1a0c0", None)
    assert directory.patch(f"Groups/{made['id']}", add(*people)).status_code == 204
    found = directory.find("Groups", 'displayName eq "support"', excludedAttributes="members")
    assert [each["id"] for each in found] == [made["id"]]
    assert "members" not in found[0]
    members = directory.get(f"Groups/{made['id']}")["members"]
    assert {each["value"] for each in members} == {str(user.pk) for user in people}
    first = people[0]
    assert members[0]["$ref"].endswith(f"/scim/v2/Users/{members[0]['value']}")
    asked = f'id eq "{made["id"]}" and members eq "{first.pk}"'
    assert len(directory.find("Groups", asked, attributes="id")) == 1
    assert directory.find("Groups", f'members[value eq "{MISSING}"]') == []
    assert directory.get(f"Users/{first.pk}")["groups"] == [{"value": made["id"], "display": "Support"}]
    assert len(directory.find("Users", f'groups.value eq "{made["id"]}"')) == 3


def test_members_have_the_role_of_their_group_as_long_as_they_are_in_it(
    directory: Directory, people: list[User]
) -> None:
    one, two, _three = people
    group = make_group(directory, "Support", one, role=role("agent"))
    where = f"Groups/{group.pk}"
    assert has_role(one) is None  # the role came later than they did, behind the actions' back
    directory.patch(where, add(one, two))
    assert (has_role(one), has_role(two)) == (None, "agent")
    directory.patch(where, {"op": "Remove", "path": "members", "value": [{"value": str(two.pk)}]})
    assert has_role(two) is None
    directory.patch(where, add(two))
    directory.patch(where, {"op": "remove", "path": f'members[value eq "{two.pk}"]'})
    assert has_role(two) is None
    entry = AuditEntry.objects.filter(verb="user.change", target_id=str(two.pk)).latest("pk")
    assert (entry.actor_kind, entry.actor_name) == ("integration", "Entra ID")


def test_okta_replaces_all_members(directory: Directory, people: list[User]) -> None:
    one, two, three = people
    group = make_group(directory, "Support", one, role=role("agent"))
    where = f"Groups/{group.pk}"
    replace = {"op": "replace", "path": "members", "value": [{"value": str(user.pk)} for user in (two, three)]}
    assert directory.patch(where, replace).status_code == 204
    assert [has_role(user) for user in people] == [None, "agent", "agent"]
    directory.patch(where, {"op": "replace", "value": {"id": str(group.pk), "displayName": "Care"}})
    body = {"schemas": [GROUP], "displayName": "Care", "members": [{"value": str(one.pk), "display": "x"}]}
    assert len(directory.put(where, body)["members"]) == 1
    assert [has_role(user) for user in people] == ["agent", None, None]
    assert len(directory.put(where, {"schemas": [GROUP], "displayName": "Care 2"})["members"]) == 1
    assert "members" not in directory.put(where, {"schemas": [GROUP], "displayName": "Care", "members": []})
    assert has_role(one) is None


def test_of_several_groups_the_first_in_order_counts(directory: Directory, people: list[User]) -> None:
    one = people[0]
    agents = make_group(directory, "Agents", role=role("agent"), position=2)
    leads = make_group(directory, "Leads", role=role("supervisor"), position=1)
    everybody = make_group(directory, "Everybody", position=0)
    directory.patch(f"Groups/{agents.pk}", add(one))
    directory.patch(f"Groups/{leads.pk}", add(one))
    directory.patch(f"Groups/{everybody.pk}", add(one))
    assert has_role(one) == "supervisor"
    assert directory.ask("DELETE", f"Groups/{leads.pk}").status_code == 204
    assert has_role(one) == "agent"
    refused(directory.ask("GET", f"Groups/{leads.pk}"), 404)
    refused(directory.ask("DELETE", f"Groups/{leads.pk}"), 404)


def test_a_group_without_a_role_changes_nothing(directory: Directory) -> None:
    administrator = UserFactory(role=role("administrator"))
    group = make_group(directory, "Everybody", administrator)
    directory.ask("DELETE", f"Groups/{group.pk}")
    assert has_role(administrator) == "administrator"


def test_the_owner_keeps_their_role_in_any_group(directory: Directory) -> None:
    owner = UserFactory(role=role("owner"))
    group = make_group(directory, "Agents", role=role("agent"))
    assert directory.patch(f"Groups/{group.pk}", add(owner)).status_code == 204
    assert has_role(owner) == "owner"


def test_a_role_given_to_a_group_is_its_members_at_once(
    directory: Directory, people: list[User], administrator: User
) -> None:
    group = make_group(directory, "Support", people[0])
    group.role = role("agent")
    directory_group_save(group=group, actor=administrator)
    assert has_role(people[0]) == "agent"
    other = make_group(directory, "Leads", people[0], role=role("supervisor"))
    other.role, other.position = role("supervisor"), 1
    directory_group_save(group=other, actor=administrator)
    assert has_role(people[0]) == "supervisor"
    other.role = None
    directory_group_save(group=other, actor=administrator)
    assert has_role(people[0]) == "agent"
    directory_group_delete(group=group, actor=administrator)
    assert has_role(people[0]) is None


@pytest.mark.parametrize("code", ["owner", "operator"])
def test_nobody_becomes_the_owner_by_a_group(administrator: User, code: str) -> None:
    owner = UserFactory(role=role("owner"))
    for actor in (administrator, owner):
        with pytest.raises(DomainError):
            directory_group_save(group=DirectoryGroup(display_name="x", role=role(code)), actor=actor)


def test_nobody_has_a_group_give_or_take_what_they_may_not_give(acme: Any, administrator: User) -> None:
    lesser = Role.objects.create(code="s", name="S", scope="all", permissions=[Permission.SETTINGS])
    actor = UserFactory(role=lesser)
    group = DirectoryGroup(display_name="Support", role=role("agent"))
    with pytest.raises(DomainError):
        directory_group_save(group=group, actor=actor)
    directory_group_save(group=group, actor=administrator)
    group.role = None
    with pytest.raises(DomainError):
        directory_group_save(group=group, actor=actor)
    with pytest.raises(DomainError):
        directory_group_delete(group=group, actor=actor)


def test_a_name_is_given_once_and_members_are_users(directory: Directory, people: list[User]) -> None:
    group = make_group(directory, "Support")
    body = {"schemas": [GROUP], "displayName": "SUPPORT"}
    refused(directory.ask("POST", "Groups", body), 409, "uniqueness")
    other = make_group(directory, "Other")
    taken = {"op": "replace", "path": "displayName", "value": "support"}
    refused(directory.patch(f"Groups/{other.pk}", taken), 409, "uniqueness")
    for stranger in (MISSING, str(group.pk), "x", ""):
        members = [{"value": str(people[0].pk)}, {"value": stranger}]
        sent = {"schemas": [GROUP], "displayName": "New", "members": members}
        refused(directory.ask("POST", "Groups", sent), 400, "invalidValue")
        operation = {"op": "add", "path": "members", "value": members}
        refused(directory.patch(f"Groups/{other.pk}", operation), 400, "invalidValue")
    refused(directory.ask("POST", "Groups", {"schemas": [GROUP], "displayName": "x" * 201}), 400, "invalidValue")
    refused(directory.ask("POST", "Groups", {"schemas": [GROUP]}), 400, "invalidValue")
    assert DirectoryGroup.objects.count() == 2
    assert not DirectoryGroup.members.through.objects.exists()


def test_adding_twice_and_removing_who_is_not_in_it_changes_nothing(directory: Directory, people: list[User]) -> None:
    group = make_group(directory, "Support", people[0])
    remove = {"op": "Remove", "path": "members", "value": [{"value": str(people[1].pk)}]}
    for operation in (add(people[0]), remove, {"op": "remove", "path": f'members[value eq "{people[1].pk}"]'}):
        assert directory.patch(f"Groups/{group.pk}", operation).status_code == 204
    assert list(group.members.all()) == [people[0]]
    assert directory.patch(f"Groups/{group.pk}", {"op": "remove", "path": "members"}).status_code == 204
    assert not group.members.exists()


def test_a_deleted_user_is_in_no_group(directory: Directory, people: list[User]) -> None:
    group = make_group(directory, "Support", *people)
    assert directory.ask("DELETE", f"Users/{people[0].pk}").status_code == 204
    assert len(directory.get(f"Groups/{group.pk}")["members"]) == 2
    assert group.members.count() == 2


def test_an_administrator_maps_groups_on_their_page(directory: Directory, people: list[User]) -> None:
    browser = signed_in(UserFactory(role=role("administrator")), "acme.localhost")
    add_page = "/admin/scim/directorygroup/add/"
    sent = {"display_name": "Support", "role": str(role("agent").pk), "position": "100"}
    assert browser.post(add_page, sent).status_code == 302
    assert "exists already" in browser.post(add_page, sent).content.decode()
    group = DirectoryGroup.objects.get()
    directory.patch(f"Groups/{group.pk}", add(people[0]))
    assert has_role(people[0]) == "agent"
    page = browser.get(f"/admin/scim/directorygroup/{group.pk}/change/").content.decode()
    assert people[0].full_name in page
    assert ">Owner<" not in page
    assert "Support" in browser.get("/admin/scim/directorygroup/").content.decode()
    owner = {**sent, "role": str(role("owner").pk)}
    browser.post(f"/admin/scim/directorygroup/{group.pk}/change/", owner)
    assert DirectoryGroup.objects.get().role == role("agent")
    browser.post(f"/admin/scim/directorygroup/{group.pk}/delete/", {"post": "yes"})
    assert has_role(people[0]) is None
    assert not DirectoryGroup.objects.exists()
