"""The page of roles: what each allows, side by side, and copies of them (TEN-5)."""

from typing import Any

from apps.accounts.models import Role
from apps.accounts.permissions import Permission
from tests.support.admin_pages import errors, fields
from tests.support.browser import signed_in, user_as

ROLES = "/admin/accounts/role/"


def test_all_roles_stand_side_by_side_with_how_many_have_them(acme: Any) -> None:
    user_as("agent")
    browser = signed_in(user_as("owner"))
    answer: Any = browser.get(ROLES)
    page = answer.content.decode()
    assert "All roles side by side" in page
    assert {role.code: role.number for role in answer.context["roles"]}["agent"] == 1
    roles = [role.code for role in answer.context["roles"]]
    assert set(roles) == set(Role.objects.values_list("code", flat=True))
    matrix = {str(label): dict(zip(roles, cells, strict=True)) for label, _meaning, cells in answer.context["matrix"]}
    assert len(matrix) == len(Permission)
    settings = matrix[str(Permission.SETTINGS.label)]
    assert (settings["owner"], settings["supervisor"]) == (True, False)


def test_a_copy_of_a_built_in_role_is_the_tenants_own(acme: Any) -> None:
    browser = signed_in(user_as("administrator"))
    supervisor = Role.objects.get(code="supervisor")
    copy = browser.get(f"{ROLES}{supervisor.pk}/duplicate/")["Location"]
    data = fields(browser.get(copy)) | {"code": "lead"}
    answer = browser.post(copy, data)
    assert answer.status_code == 302, errors(answer)
    made = Role.objects.get(code="lead")
    assert (made.name, made.is_stock) == ("Copy of Supervisor", False)
    assert (made.scope, set(made.permissions)) == (supervisor.scope, set(supervisor.permissions))


def test_nobody_makes_a_role_that_may_do_more_by_copying_it(acme: Any) -> None:
    maker = user_as("agent")
    maker.role = Role.objects.create(code="maker", name="Maker", scope="all", permissions=["settings", "console"])
    browser = signed_in(maker)
    maker.save(update_fields=["role"])
    copy = f"{ROLES}add/?like=owner"
    answer = browser.post(copy, fields(browser.get(copy)) | {"code": "mine"})
    assert "may do more than yours" in errors(answer)
    assert not Role.objects.filter(code="mine").exists()
