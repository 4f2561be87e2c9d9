"""AUD-1: the history of a row, read from the audit log by those who see the row."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django_tenants.utils import tenant_context

from apps.agents.models import AgentSettings, Membership
from apps.audit.actions import audit_record
from apps.audit.choices import AuditVerb
from apps.audit.models import AuditEntry
from apps.audit.selectors import PAGE_ENTRIES
from apps.queues.actions import queue_update
from apps.queues.models import HoursProfile, Queue
from tests.support.admin_pages import errors, fields, settings_fields, user_page
from tests.support.browser import Browser, signed_in, user_as
from tests.support.people import default_queue, make_agent

pytestmark = pytest.mark.django_db


def of_queue(queue: Queue | None = None) -> str:
    return f"/admin/queues/queue/{(queue or default_queue()).pk}/history/"


def text(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return re.sub(r"\s+", " ", answer.content.decode())


def changes(html: str) -> dict[str, tuple[str, str]]:
    """Of the newest entry of a page: before and after by field."""
    table = html[html.index("<tbody>") : html.index("</tbody>")]
    rows = re.findall(r'<th scope="row">(.*?)</th>.*?<del>(.*?)</del>.*?<ins>(.*?)</ins>', table)
    return {label: (before, after) for label, before, after in rows}


def test_a_queues_history_says_of_each_field_what_it_was_and_became(acme: Any) -> None:
    queue, agent = default_queue(), make_agent(available=False, queues=[], first_name="Ada", last_name="Finch")
    page, browser = f"/admin/queues/queue/{queue.pk}/change/", signed_in(user_as("administrator", first_name="Grace"))
    hours = HoursProfile.objects.get()
    form = fields(browser.get(page)) | {"priority": "2", "hours": str(hours.pk), "last_agent_first": "on"}
    at = int(form["memberships-TOTAL_FORMS"])
    form |= {"memberships-TOTAL_FORMS": str(at + 1), f"memberships-{at}-agent": str(agent.pk)}
    answer = browser.post(page, form)
    assert answer.status_code == 302, errors(answer)
    html = text(browser, of_queue())
    assert "Grace" in html
    assert "Queue changed" in html
    said = {label: each for part in html.split("</article>")[:-1] for label, each in changes(part).items()}
    assert said["Priority"] == ("5", "2")
    assert said["Hours"] == ("–", "Business hours")
    assert ("no", "yes") in said.values()
    assert "Ada Finch" in html
    assert not LogEntry.objects.exists()


def test_durations_and_moments_are_read_as_people_write_them(acme: Any) -> None:
    browser = signed_in(user_as("administrator", time_zone="Asia/Tokyo"))
    form = settings_fields(browser.get("/admin/settings/routing/"))
    form |= {"agents-agentsettings-1-login_prep_seconds": "90 s"}
    assert browser.post("/admin/settings/routing/", form).status_code == 302
    entry = AuditEntry.objects.get(verb="agent_settings.change")
    html = text(browser, f"/admin/agents/agentsettings/{AgentSettings.load().pk}/history/")
    assert list(changes(html).values()) == [("30 s", "1 min 30 s")]
    hour = (entry.at.astimezone(UTC).hour + 9) % 24
    assert f" {hour:02}:{entry.at:%M:%S}</time>" in html


def test_what_is_written_cannot_become_a_part_of_the_page(acme: Any) -> None:
    queue_update(queue=default_queue(), fields={"name": "<script>x</script>"}, actor=None)
    html = text(signed_in(user_as("owner")), of_queue())
    assert "<script>x" not in html
    assert "&lt;script&gt;x" in html


def test_a_users_history_holds_their_agents_side_and_no_password(acme: Any) -> None:
    agent, browser = make_agent(available=False), signed_in(user_as("administrator"))
    form = fields(browser.get(user_page(agent.user)))
    form |= {"new_password": "a-long-phrase-of-hers", "phone": "+4930123456", "capacities-0-limit": "7"}
    assert browser.post(user_page(agent.user), form).status_code == 302
    html = text(browser, user_page(agent.user).replace("change", "history"))
    assert "a-long-phrase" not in html
    assert agent.user.password not in html
    assert "Password" in html
    assert "+4930123456" in html
    assert "Agent changed" in html


def test_it_comes_part_by_part_and_names_each_entry_once(acme: Any) -> None:
    moment = datetime(2026, 11, 3, 12, tzinfo=UTC)
    for number in range(PAGE_ENTRIES * 2 + 3):
        AuditEntry.objects.create(
            at=moment, target_type="queues.queue", target_id=str(default_queue().pk), changes={"name": ["", number]}
        )
    browser, path, seen = signed_in(user_as("owner")), of_queue(), []
    for expected in (PAGE_ENTRIES, PAGE_ENTRIES, 3):
        html = text(browser, path)
        found = re.findall(r"<ins>(\d+)</ins>", html)
        assert len(found) == expected
        seen += found
        older = re.search(r'href="(\?after=[^"]+)"', html)
        path = of_queue() + older[1] if older else ""
    assert path == ""
    assert sorted(map(int, seen)) == list(range(PAGE_ENTRIES * 2 + 3))


@pytest.mark.parametrize("after", ["", "x", "'", "01a2304d-6459-7c36-911e-d4c82495c75a"])
def test_a_place_that_is_none_is_the_beginning(acme: Any, after: str) -> None:
    queue_update(queue=default_queue(), fields={"name": "Sales"}, actor=None)
    assert "Sales" in text(signed_in(user_as("owner")), f"{of_queue()}?after={after}")


def test_no_history_says_so(acme: Any) -> None:
    assert "Nothing has changed here" in text(signed_in(user_as("owner")), of_queue())


def test_a_supervisor_reads_the_history_of_their_queues_alone(acme: Any) -> None:
    other = Queue.objects.create(name="Other")
    supervisor = user_as("supervisor")
    Membership.objects.create(agent=supervisor.agent, queue=default_queue())
    for queue in (default_queue(), other):
        queue_update(queue=queue, fields={"description": f"of {queue.pk}"}, actor=None)
    audit_record(AuditVerb.EXPORT, actor=None, target=default_queue())
    browser = signed_in(supervisor)
    html = text(browser, of_queue())
    assert f"of {default_queue().pk}" in html
    assert "Audit log exported" not in html
    assert browser.get(of_queue(other)).status_code == 302
    assert "Audit log exported" in text(signed_in(user_as("administrator")), of_queue())
    assert signed_in(user_as("agent")).get(of_queue()).status_code == 302


def test_another_tenants_row_has_no_history_here(acme: Any, globex: Any) -> None:
    with tenant_context(globex):
        theirs = Queue.objects.get()
        queue_update(queue=theirs, fields={"description": "theirs"}, actor=None)
    answer = signed_in(user_as("owner")).get(of_queue(theirs), follow=True)
    assert "theirs" not in answer.content.decode()


def test_an_entry_of_the_log_offers_no_history(acme: Any) -> None:
    entry = audit_record(AuditVerb.EXPORT, actor=None)
    html = text(signed_in(user_as("owner")), f"/admin/audit/auditentry/{entry.pk}/change/")
    assert f"{entry.pk}/history/" not in html
