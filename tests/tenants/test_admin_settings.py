"""Settings pages: what several apps contribute to a subject, saved all or nothing."""

from typing import Any

import pytest
from django_tenants.utils import tenant_context

from apps.agents.models import AgentSettings
from apps.audit.models import AuditEntry
from apps.core.errors import DomainError
from apps.forms.models import FormSettings
from apps.snooze import actions
from apps.snooze.models import SnoozeSettings
from apps.transfers.models import TransferSettings
from tests.support.admin_pages import part_errors, settings_fields
from tests.support.browser import signed_in, user_as

pytestmark = pytest.mark.django_db

ROUTING = "/admin/settings/routing/"
SNOOZE, LOGIN = "snooze-snoozesettings-1", "agents-agentsettings-1"


def test_a_page_saves_what_was_changed_in_several_parts_and_notes_each(acme: Any) -> None:
    browser = signed_in(user_as("administrator"))
    form = settings_fields(browser.get(ROUTING))
    answer = browser.post(ROUTING, form | {f"{SNOOZE}-is_on": "on", f"{LOGIN}-login_prep_seconds": "1 min"})
    assert answer.status_code == 302, part_errors(answer)
    assert SnoozeSettings.load().is_on
    assert AgentSettings.load().login_prep_seconds == 60
    said = {entry.verb: entry.changes for entry in AuditEntry.objects.filter(verb__endswith=".change")}
    assert said == {
        "snooze_settings.change": {"is_on": [False, True]},
        "agent_settings.change": {"login_prep_seconds": [30, 60]},
    }
    page = browser.get(ROUTING).content.decode()
    assert "Saved: Login preparation and Snooze." in page
    assert 'href="/admin/agents/agentsettings/1/history/"' in page


def test_nothing_is_saved_where_one_part_is_wrong_and_its_field_says_so(acme: Any) -> None:
    browser = signed_in(user_as("administrator"))
    form = settings_fields(browser.get(ROUTING)) | {f"{SNOOZE}-is_on": "on", f"{LOGIN}-login_prep_seconds": "2 h"}
    answer = browser.post(ROUTING, form)
    assert answer.status_code == 200
    assert part_errors(answer) == {LOGIN: {"login_prep_seconds": ["It has to be 5 s to 1 h."]}}
    assert not SnoozeSettings.load().is_on
    assert not AuditEntry.objects.filter(verb__endswith=".change").exists()
    assert 'value="2 h"' in answer.content.decode()


def test_nothing_is_saved_where_an_action_refuses(acme: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*, settings: SnoozeSettings) -> None:
        raise DomainError("full", "Not today.")

    monkeypatch.setattr(actions, "snooze_settings_save", refuse)
    browser = signed_in(user_as("administrator"))
    form = settings_fields(browser.get(ROUTING)) | {f"{SNOOZE}-is_on": "on", f"{LOGIN}-login_prep_seconds": "1 min"}
    answer = browser.post(ROUTING, form)
    assert part_errors(answer) == {SNOOZE: {"__all__": ["Not today."]}}
    assert AgentSettings.load().login_prep_seconds == 30
    assert not AuditEntry.objects.filter(verb__endswith=".change").exists()


def test_nothing_is_written_where_nothing_was_changed(acme: Any) -> None:
    browser = signed_in(user_as("administrator"))
    for page in ("routing", "replies", "forms", "channels"):
        address = f"/admin/settings/{page}/"
        assert browser.post(address, settings_fields(browser.get(address))).status_code == 302
    assert [entry.changes for entry in AuditEntry.objects.filter(verb__endswith=".change")] == []


def test_the_list_of_a_setting_leads_to_its_page(acme: Any) -> None:
    browser = signed_in(user_as("owner"))
    assert browser.get("/admin/snooze/snoozesettings/")["Location"] == f"{ROUTING}#snooze-snoozesettings"
    assert browser.get("/admin/clocks/replyrules/")["Location"] == "/admin/settings/replies/#clocks-replyrules"


@pytest.mark.parametrize("role", ["supervisor", "agent"])
def test_who_may_not_set_up_neither_sees_nor_saves(acme: Any, role: str) -> None:
    browser = signed_in(user_as(role))
    for page in ("routing", "replies", "forms", "channels"):
        assert browser.get(f"/admin/settings/{page}/").status_code in {302, 403}
        assert browser.post(f"/admin/settings/{page}/", {f"{SNOOZE}-is_on": "on"}).status_code in {302, 403}
    assert not SnoozeSettings.load().is_on
    assert browser.get("/admin/snooze/snoozesettings/").status_code in {302, 403}


def test_a_page_that_is_not_there_is_not_found(acme: Any) -> None:
    assert signed_in(user_as("owner")).get("/admin/settings/nothing/").status_code == 404


def test_ten_1_a_tenants_settings_are_its_own(acme: Any, globex: Any) -> None:
    browser = signed_in(user_as("owner"))
    form = settings_fields(browser.get("/admin/settings/forms/")) | {"forms-formsettings-1-hide_seconds": "45 s"}
    assert browser.post("/admin/settings/forms/", form).status_code == 302
    assert FormSettings.load().hide_seconds == 45
    with tenant_context(globex):
        assert FormSettings.load().hide_seconds == 30
        assert TransferSettings.load() is not None
