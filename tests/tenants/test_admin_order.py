"""What has an order is put in order in its list: by dragging, or by its number."""

from typing import Any

import pytest

from apps.accounts.models import Role
from apps.audit.models import AuditEntry
from apps.dispositions.actions import code_set_save
from apps.dispositions.models import CodeSet
from apps.responses.models import ResponseGroup
from tests.support.browser import Browser, signed_in, user_as
from tests.support.people import default_queue, make_agent

pytestmark = pytest.mark.django_db
LIST = "/admin/responses/responsegroup/"


def put_in_order(browser: Browser, address: str, rows: list[Any]) -> Any:
    """Send the list as it stands once its rows were dragged into this order."""
    data: dict[str, Any] = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": len(rows), "_save": "Save"}
    for place, row in enumerate(rows):
        data |= {f"form-{place}-id": str(row.pk), f"form-{place}-position": place}
    return browser.post(address, data)


@pytest.fixture
def groups(acme: Any) -> list[ResponseGroup]:
    """Some that there are, the last first."""
    for place, name in enumerate(("One", "Two", "Three")):
        ResponseGroup.objects.create(name=name, position=place)
    return list(ResponseGroup.objects.order_by("-position", "-name"))


def test_rows_are_put_in_order_and_it_is_written_down(groups: list[ResponseGroup]) -> None:
    owner = signed_in(user_as("owner"))
    assert 'data-ordering-field="position"' in owner.get(LIST).content.decode()
    assert put_in_order(owner, LIST, groups).status_code == 302
    assert list(ResponseGroup.objects.order_by("position")) == groups
    assert AuditEntry.objects.filter(target_id=str(groups[0].pk), verb__endswith=".change").exists()


def test_a_sets_place_changes_and_nothing_else_of_it(acme: Any) -> None:
    queue = default_queue()
    sets = [code_set_save(code_set=CodeSet(name=name), queues=[queue]) for name in ("First", "Second")]
    rows = [*reversed(sets), *CodeSet.objects.exclude(pk__in=[each.pk for each in sets])]
    assert put_in_order(signed_in(user_as("owner")), "/admin/dispositions/codeset/", rows).status_code == 302
    assert list(CodeSet.objects.order_by("position")) == rows
    assert all(list(each.queues.all()) == [queue] for each in sets)


def test_whose_role_reaches_only_their_queues_puts_nothing_in_order(groups: list[ResponseGroup]) -> None:
    supervisor = signed_in(make_agent(role=Role.objects.get(code="supervisor"), available=False).user)
    assert put_in_order(supervisor, LIST, groups).status_code == 403
    assert list(ResponseGroup.objects.order_by("-position", "-name")) == groups
