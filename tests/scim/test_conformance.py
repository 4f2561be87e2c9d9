"""TEN-6: what is served is what RFC 7643 and RFC 7644 say, read by a client that knows nothing but the schemas."""

import threading
from typing import Any

import pytest
from django.db import connection, connections
from django_tenants.utils import tenant_context
from scim2_models import (
    Context,
    Error,
    Extension,
    ListResponse,
    Resource,
    ResourceType,
    Schema,
    ServiceProviderConfig,
)

from apps.accounts.models import Role, User
from apps.scim.actions import directory_group_create, directory_group_save
from apps.scim.models import DirectoryGroup
from apps.scim.resources import Group
from tests.scim.conftest import ENTERPRISE, ENTRA, GROUP, OKTA, PATCH, USER, Directory, refused, told
from tests.support.people import UserFactory

READ = Context.RESOURCE_QUERY_RESPONSE


def served_models(directory: Directory) -> dict[str, type[Any]]:
    """Models made of `/Schemas` alone; strict about all that they don't declare."""
    schemas = ListResponse[Schema].model_validate(directory.get("Schemas"), scim_ctx=READ).resources or []
    known = {schema.id: schema for schema in schemas}
    assert set(known) == {USER, GROUP, ENTERPRISE}
    company = Extension.from_schema(known[ENTERPRISE])
    return {USER: Resource.from_schema(known[USER])[company], GROUP: Resource.from_schema(known[GROUP])}


def test_a_client_that_reads_the_schemas_reads_everything(directory: Directory) -> None:
    models = served_models(directory)
    types = ListResponse[ResourceType].model_validate(directory.get("ResourceTypes"), scim_ctx=READ).resources or []
    assert {(each.name, each.endpoint, each.schema_) for each in types} == {
        ("User", "/Users", USER),
        ("Group", "/Groups", GROUP),
    }
    made = directory.post("Users", ENTRA)
    members = [{"value": made["id"]}]
    group = directory.post("Groups", {"schemas": [GROUP], "displayName": "Support", "members": members})
    for kind, schema, key in (("Users", USER, made["id"]), ("Groups", GROUP, group["id"])):
        model = models[schema]
        one = model.model_validate(directory.get(f"{kind}/{key}"), scim_ctx=READ)
        assert one.meta.location.endswith(f"/scim/v2/{kind}/{key}")
        everything = ListResponse[model].model_validate(directory.get(kind), scim_ctx=READ)
        assert everything.total_results == len(everything.resources or [])
        for name in ("id", "userName", "displayName", "externalId", "members", "groups", "meta.location"):
            for asked in (f"attributes={name}", f"excludedAttributes={name}"):
                model.model_validate(directory.get(f"{kind}/{key}?{asked}"))
    written = models[USER].model_validate(made, scim_ctx=Context.RESOURCE_CREATION_RESPONSE)
    sent_back = written.model_dump(scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST)
    assert directory.put(f"Users/{made['id']}", sent_back) == directory.get(f"Users/{made['id']}")


def test_every_attribute_that_the_schema_lets_be_written_can_be_sent_back(directory: Directory) -> None:
    made = directory.post("Users", ENTRA | {"nickName": "Nick", "timezone": "Europe/Madrid"})
    schema = next(each for each in directory.get("Schemas")["Resources"] if each["id"] == USER)
    where = f"Users/{made['id']}"
    for attribute in schema["attributes"]:
        name = attribute["name"]
        operation = {"op": "replace", "path": name, "value": made.get(name, [])}
        answer = directory.patch(where, operation)
        if attribute["mutability"] == "readOnly":
            refused(answer, 400, "mutability")
        else:
            assert told(answer, 200) == directory.get(where)
    assert directory.get(where) == directory.get(where) | {key: made[key] for key in made if key != "groups"}


def test_what_can_be_done_here_is_told(directory: Directory) -> None:
    config = ServiceProviderConfig.model_validate(directory.get("ServiceProviderConfig"), scim_ctx=READ)
    assert config.patch is not None
    assert config.patch.supported
    assert config.filter is not None
    assert config.filter.supported
    for path in (f"Schemas/{USER}", "ResourceTypes/User", f"Schemas/{ENTERPRISE}"):
        assert directory.get(path)["meta"]["location"].endswith(f"/scim/v2/{path}")
    for path in ("Schemas/x", "ResourceTypes/x", "Me", "Bulk", "", "Users/x/y", "Users/"):
        refused(directory.ask("GET", path), 404)
    refused(directory.ask("GET", "Schemas?filter=id%20pr"), 403)


def test_what_is_not_possible_says_so(directory: Directory) -> None:
    made = directory.post("Users", OKTA)
    for method, path in (("PUT", "Users"), ("DELETE", "Groups"), ("POST", f"Users/{made['id']}"), ("POST", "Schemas")):
        answer = directory.ask(method, path, {})
        refused(answer, 405)
        assert "GET" in answer["Allow"]
    for key in ("x", "01000000-0000-7000-8000-000000000000", "..", "1"):
        error = Error.model_validate(told(directory.ask("GET", f"Users/{key}"), 404))
        assert error.status == 404
    refused(directory.ask("PATCH", f"Users/{made['id']}", {"schemas": [PATCH], "Operations": []}), 400, "invalidValue")
    refused(directory.ask("PATCH", f"Users/{made['id']}", {"schemas": [PATCH]}), 400, "invalidValue")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_make_the_same_user_at_once_one_is_told_so(acme: Any, directory: Directory) -> None:
    begin = threading.Barrier(4)
    answers: list[int] = []

    def make(number: int) -> None:
        try:
            connection.set_tenant(acme)
            begin.wait()
            body = OKTA | {"userName": ("a@okta.local", "A@OKTA.local")[number % 2]}
            answers.append(Directory(directory.secret).ask("POST", "Users", body).status_code)
        finally:
            connections.close_all()

    run(make, 4)
    assert sorted(answers) == [201, 409, 409, 409]
    assert User.objects.filter(email__iexact="a@okta.local").count() == 1


@pytest.mark.django_db(transaction=True)
def test_groups_that_change_at_once_leave_their_members_the_role_of_the_first(acme: Any, directory: Directory) -> None:
    user = UserFactory(role=None)
    administrator = User.objects.get(pk=UserFactory(role=Role.objects.get(code="administrator")).pk)
    groups = []
    for position, code in enumerate(("supervisor", "agent")):
        group = DirectoryGroup(display_name=code, role=Role.objects.get(code=code), position=position)
        groups.append(directory_group_save(group=group, actor=administrator))
    begin = threading.Barrier(2)

    def join(number: int) -> None:
        try:
            connection.set_tenant(acme)
            begin.wait()
            operation = {"op": "add", "path": "members", "value": [{"value": str(user.pk)}]}
            Directory(directory.secret).patch(f"Groups/{groups[number].pk}", operation)
        finally:
            connections.close_all()

    run(join, 2)
    now = User.objects.get(pk=user.pk)
    assert now.role is not None
    assert now.role.code == "supervisor"
    assert now.directory_groups.count() == 2


def run(work: Any, number: int) -> None:
    """Do it so many times at once."""
    threads = [threading.Thread(target=work, args=(each,)) for each in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_tenants_have_groups_of_their_own(acme: Any, globex: Any, directory: Directory) -> None:
    directory.post("Groups", {"schemas": [GROUP], "displayName": "Support"})
    with tenant_context(globex):
        assert not DirectoryGroup.objects.exists()
        directory_group_create(document=Group(display_name="Support"))
    assert DirectoryGroup.objects.count() == 1
