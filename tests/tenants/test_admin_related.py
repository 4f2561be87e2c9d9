"""“New …” beside fields: to whom it is offered, what the dialog's page answers, and who may frame it."""

import re
from typing import Any

import pytest

from apps.accounts.models import Role
from apps.queues.models import HoursProfile
from tests.support.admin_pages import fields
from tests.support.browser import signed_in, user_as
from tests.support.people import default_queue, make_agent

pytestmark = pytest.mark.django_db


def page_of_queue(browser: Any) -> str:
    return str(browser.get(f"/admin/queues/queue/{default_queue().pk}/change/").content.decode())


def offered(page: str) -> set[str]:
    return {address.split("?")[0] for address in re.findall(r'data-new-row="([^"]+)"', page)}


def test_administrators_make_what_they_choose_from(acme: Any) -> None:
    addresses = offered(page_of_queue(signed_in(user_as("administrator"))))
    assert {
        "/admin/queues/hoursprofile/add/",
        "/admin/queues/skill/add/",
        "/admin/accounts/user/add/",  # An agent is a user's other half.
        "/admin/surveys/survey/add/",
        "/admin/dispositions/codeset/add/",
    } <= addresses


def test_supervisors_are_offered_what_they_may_make_alone(acme: Any) -> None:
    supervisor = make_agent(role=Role.objects.get(code="supervisor"), available=False).user
    browser = signed_in(supervisor)
    for address in offered(page_of_queue(browser)):
        assert browser.get(address).status_code == 200
    assert "/admin/queues/hoursprofile/add/" not in offered(page_of_queue(browser))


def test_a_dialog_opens_no_other(acme: Any) -> None:
    page = signed_in(user_as("owner")).get("/admin/queues/queue/add/?_popup=1").content.decode()
    assert offered(page) == set()


def test_a_row_that_was_made_is_answered_by_its_key_and_name(acme: Any) -> None:
    owner = signed_in(user_as("owner"))
    address = "/admin/queues/hoursprofile/add/?_popup=1"
    answer = owner.post(address, fields(owner.get(address)) | {"name": "Ä “Nights”", "_popup": "1"})
    made = HoursProfile.objects.get(name="Ä “Nights”")
    assert answer.status_code == 200
    assert f"&quot;value&quot;: &quot;{made.pk}&quot;" in answer.content.decode()
    assert "<script" not in answer.content.decode()


def test_only_this_admin_frames_a_dialog_and_nobody_any_other_page(acme: Any) -> None:
    owner = signed_in(user_as("owner"))
    dialog, page = owner.get("/admin/queues/hoursprofile/add/?_popup=1"), owner.get("/admin/queues/hoursprofile/add/")
    assert (dialog["X-Frame-Options"], page["X-Frame-Options"]) == ("SAMEORIGIN", "DENY")
    assert "frame-ancestors 'self'" in dialog["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
