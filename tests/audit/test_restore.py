"""AUD-1: what an entry changed is put back through the row's own page."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django_tenants.utils import tenant_context

from apps.agents.models import AgentSettings, AgentSkill, Capacity, Membership
from apps.audit.actions import audit_record
from apps.audit.choices import AuditVerb
from apps.audit.models import AuditEntry
from apps.queues.actions import queue_delete, queue_update
from apps.queues.models import HoursProfile, Queue, Skill, SkillGroup
from tests.support.admin_pages import errors, fields, settings_fields, user_page
from tests.support.browser import Browser, signed_in, user_as
from tests.support.people import default_queue, make_agent

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(acme: Any) -> Browser:
    return signed_in(user_as("owner"))


def of(entry: AuditEntry) -> str:
    return f"/admin/audit/restore/{entry.pk}/"


def newest(verb: str) -> AuditEntry:
    return AuditEntry.objects.filter(verb=verb).latest("at")


def text(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return re.sub(r"\s+", " ", answer.content.decode())


def save(browser: Browser, page: str, **values: Any) -> None:
    answer = browser.post(page, fields(browser.get(page)) | values)
    assert answer.status_code == 302, errors(answer)


def restore(browser: Browser, entry: AuditEntry) -> str:
    answer = browser.post(of(entry), follow=True)
    assert answer.redirect_chain, re.findall(r'role="alert">(.*?)<', answer.content.decode())
    return re.sub(r"\s+", " ", answer.content.decode())


def queue_page(queue: Queue) -> str:
    return f"/admin/queues/queue/{queue.pk}/change/"


def test_what_was_changed_is_shown_and_becomes_again_what_it_was(owner: Browser) -> None:
    queue = default_queue()
    described = queue.description
    save(owner, queue_page(queue), priority="2", last_agent_first="on", description="New")
    entry = newest("queue.change")
    assert of(entry) in text(owner, queue_page(queue).replace("change", "history"))
    html = text(owner, of(entry))
    assert re.search(r"Priority</th> <td> <del>2</del> </td> <td> <ins>5</ins>", html)
    before = AuditEntry.objects.count()
    said = restore(owner, entry)
    assert re.search(r"Restored: [^<]*Description", said)
    queue.refresh_from_db()
    assert (queue.priority, queue.last_agent_first, queue.description) == (5, False, described)
    assert AuditEntry.objects.count() == before + 1
    undone = newest("queue.change")
    assert undone.actor_name != ""
    assert {name: each[::-1] for name, each in undone.changes.items()} == entry.changes
    restore(owner, undone)
    queue.refresh_from_db()
    assert (queue.priority, queue.description) == (2, "New")


def test_what_was_changed_since_stays(owner: Browser) -> None:
    queue = default_queue()
    save(owner, queue_page(queue), priority="2")
    entry = newest("queue.change")
    save(owner, queue_page(queue), description="Later", priority="3")
    restore(owner, entry)
    queue.refresh_from_db()
    assert (queue.priority, queue.description) == (5, "Later")


def test_what_is_as_it_was_changes_nothing_and_says_so(owner: Browser) -> None:
    queue = default_queue()
    save(owner, queue_page(queue), priority="2")
    entry = newest("queue.change")
    restore(owner, entry)
    count = AuditEntry.objects.count()
    assert "Nothing would change" in text(owner, of(entry))
    answer = owner.post(of(entry))
    assert answer.status_code == 200
    assert AuditEntry.objects.count() == count


def test_relations_and_lines_of_tables_are_put_back(owner: Browser) -> None:
    queue, skill = default_queue(), Skill.objects.get()
    other = Queue.objects.create(name="Other")
    agent = make_agent(available=False, queues=[queue])
    queue_update(queue=queue, fields={}, skills={skill.pk: 60}, transfer_to=[other], actor=None)
    queue_update(queue=queue, fields={}, skills={}, transfer_to=[], actor=None)
    entry = newest("queue.change")
    html = text(owner, of(entry))
    assert "Other" in html
    assert "1 min" in html
    restore(owner, entry)
    assert list(queue.skills.values_list("skill", "expires_after_seconds")) == [(skill.pk, 60)]
    assert list(queue.transfer_to.all()) == [other]
    save(owner, queue_page(queue), **{"memberships-0-DELETE": "on"})
    assert not Membership.objects.filter(agent=agent, queue=queue).exists()
    restore(owner, AuditEntry.objects.filter(verb="queue.change", changes__has_key="memberships").latest("at"))
    assert Membership.objects.filter(agent=agent, queue=queue).exists()


def test_an_agents_side_is_put_back_on_the_page_of_their_user(owner: Browser) -> None:
    agent, skill = make_agent(available=False), Skill.objects.get()
    page = user_page(agent.user)
    save(owner, page, **{"capacities-0-limit": "7", "phone": "+4930123456"})
    restore(owner, newest("agent.change"))
    assert Capacity.objects.get(agent=agent, family="chat").limit == 3
    restore(owner, newest("user.change"))
    agent.user.refresh_from_db()
    assert agent.user.phone == ""
    AgentSkill.objects.create(agent=agent, skill=skill, level=4)
    save(owner, page, **{"skills-0-level": "2"})
    restore(owner, newest("agent.change"))
    assert AgentSkill.objects.get(agent=agent).level == 4


def test_a_week_is_put_back(owner: Browser) -> None:
    page = f"/admin/queues/hoursprofile/{HoursProfile.objects.get().pk}/change/"
    before = fields(owner.get(page))["day_0"]
    save(owner, page, day_0="10:00–12:00", day_1="")
    restore(owner, newest("hours.change"))
    assert fields(owner.get(page))["day_0"] == before
    assert fields(owner.get(page))["day_1"] == before


def test_settings_are_put_back(owner: Browser) -> None:
    form = settings_fields(owner.get("/admin/settings/routing/"))
    assert owner.post("/admin/settings/routing/", form | {"agents-agentsettings-1-login_prep_seconds": "2 min"})
    restore(owner, newest("agent_settings.change"))
    assert AgentSettings.load().login_prep_seconds == 30


def test_what_can_no_longer_be_chosen_is_refused_in_a_sentence(owner: Browser) -> None:
    queue, hours = default_queue(), HoursProfile.objects.get()
    queue_update(queue=queue, fields={"hours": hours, "priority": 2}, actor=None)
    queue_update(queue=queue, fields={"hours": None, "priority": 3}, actor=None)
    entry = newest("queue.change")
    hours.delete()
    answer = owner.post(of(entry))
    assert answer.status_code == 200
    assert "Hours: what was chosen then is no longer there to be chosen." in answer.content.decode()
    queue.refresh_from_db()
    assert (queue.hours_id, queue.priority) == (None, 3)


def test_what_the_action_refuses_is_refused(owner: Browser) -> None:
    group = SkillGroup.objects.get()
    page = f"/admin/queues/skillgroup/{group.pk}/change/"
    name = group.name
    save(owner, page, name="Another")
    SkillGroup.objects.create(name=name)
    answer = owner.post(of(newest("skill_group.change")))
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    group.refresh_from_db()
    assert group.name == "Another"


def test_a_password_and_a_deleted_row_are_not_put_back(owner: Browser) -> None:
    user = user_as("agent")
    save(owner, user_page(user), new_password="a-long-phrase-of-hers", phone="+4930123456")
    for entry in AuditEntry.objects.filter(target_id=str(user.pk)).exclude(before={}):
        assert "password" not in entry.before
    queue = Queue.objects.create(name="Gone")
    queue_update(queue=queue, fields={"priority": 2}, actor=None)
    queue_delete(queue=queue, actor=None)
    for entry in AuditEntry.objects.filter(target_id=str(queue.pk)):
        assert owner.get(of(entry)).status_code == 404
        assert owner.post(of(entry)).status_code == 404
    page = f"/admin/audit/auditentry/{newest('queue.delete').pk}/change/"
    assert "What is deleted can’t be restored" in text(owner, page)


def test_who_may_not_change_the_row_puts_nothing_back(acme: Any, globex: Any) -> None:
    other, queue = Queue.objects.create(name="Other"), default_queue()
    supervisor = user_as("supervisor")
    Membership.objects.create(agent=supervisor.agent, queue=queue)
    for each in (queue, other):
        queue_update(queue=each, fields={"priority": 2}, actor=None)
    theirs = AuditEntry.objects.get(verb="queue.change", target_id=str(other.pk))
    own = AuditEntry.objects.get(verb="queue.change", target_id=str(queue.pk))
    browser = signed_in(supervisor)
    assert browser.post(of(theirs)).status_code == 404
    assert signed_in(user_as("agent")).post(of(own)).status_code == 302
    with tenant_context(globex):
        stranger = signed_in(user_as("owner"), "globex.localhost")
    assert stranger.post(of(own)).status_code == 404
    assert Queue.objects.filter(priority=2).count() == 2
    restore(browser, own)
    queue.refresh_from_db()
    assert queue.priority == 5


def test_what_is_no_change_has_no_way_back(owner: Browser) -> None:
    entry = audit_record(AuditVerb.EXPORT, actor=None, target=default_queue())
    assert owner.get(of(entry)).status_code == 404
    assert owner.get(f"/admin/audit/restore/{uuid4()}/").status_code == 404
    assert of(entry) not in text(owner, queue_page(default_queue()).replace("change", "history"))
