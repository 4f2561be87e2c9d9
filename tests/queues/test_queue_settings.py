"""What serves a queue is chosen on the queue's page, and written by the apps that it belongs to (TEN-4)."""

from typing import Any

import pytest

from apps.accounts.models import Role
from apps.audit.models import AuditEntry
from apps.core.errors import DomainError
from apps.dispositions.actions import code_set_save
from apps.dispositions.models import CodeSet
from apps.queues.actions import queue_create, queue_setting_choose
from apps.queues.models import Queue
from apps.queues.registry import QueueSetting, queue_settings, register_queue_setting
from apps.routing.actions.settings import flow_save, waiting_experience_save
from apps.routing.choices import Exit, Trigger
from apps.routing.models import Flow, WaitingExperience
from apps.surveys.actions import survey_save
from apps.surveys.models import Survey
from tests.support.admin_pages import errors, fields
from tests.support.browser import Browser, signed_in, user_as
from tests.support.people import default_queue, make_agent

pytestmark = pytest.mark.django_db


def setting(name: str) -> QueueSetting:
    return next(each for each in queue_settings() if each.name == name)


def address(queue: Queue) -> str:
    return f"/admin/queues/queue/{queue.pk}/change/"


def save(browser: Browser, queue: Queue, **values: Any) -> Any:
    return browser.post(address(queue), fields(browser.get(address(queue))) | values)


def make_queue(name: str = "Sales") -> Queue:
    return queue_create(name=name, actor=None)


def make_set(name: str, *queues: Queue) -> CodeSet:
    return code_set_save(code_set=CodeSet(name=name), queues=queues)


def make_survey(name: str, *queues: Queue) -> Survey:
    return survey_save(survey=Survey(name=name), queues=queues, actor=None)


def test_several_are_ticked_and_unticked(acme: Any) -> None:
    queue, owner = default_queue(), signed_in(user_as("owner"))
    other = make_queue()
    returns, complaints = make_set("Returns", queue, other), make_set("Complaints", other)
    assert save(owner, queue, disposition_sets=[str(complaints.pk)]).status_code == 302
    assert (set(returns.queues.all()), set(complaints.queues.all())) == ({other}, {queue, other})
    written = AuditEntry.objects.filter(target_id=str(complaints.pk)).order_by("at").last()
    assert written is not None
    assert written.verb == "disposition_set.change"


def test_one_is_chosen_in_place_of_another_and_given_back(acme: Any) -> None:
    queue, owner, other = default_queue(), signed_in(user_as("owner")), make_queue()
    first, second = make_survey("First", queue, other), make_survey("Second", make_queue("Support"))
    assert save(owner, queue, survey=str(second.pk)).status_code == 302
    assert Survey.objects.get(places__queue=queue) == second
    assert [place.queue for place in first.places.all()] == [other]
    assert save(owner, queue, survey="").status_code == 302
    assert not Survey.objects.filter(places__queue=queue).exists()


def test_a_flow_and_a_waiting_experience(acme: Any) -> None:
    queue, owner, other = default_queue(), signed_in(user_as("owner")), make_queue()
    night = flow_save(
        flow=Flow(name="Night", trigger=Trigger.OUT_OF_HOURS, message="Closed", exit=Exit.END), queues=[other]
    )
    jazz = waiting_experience_save(experience=WaitingExperience(name="Jazz"), queues=[other])
    answer = save(owner, queue, flow_out_of_hours=str(night.pk), waiting_experience=str(jazz.pk))
    assert answer.status_code == 302
    assert set(night.queues.all()) == set(jazz.queues.all()) == {queue, other}


def test_a_new_queue_has_them_at_once(acme: Any) -> None:
    owner, survey = signed_in(user_as("owner")), make_survey("Stars", default_queue())
    page = owner.get("/admin/queues/queue/add/")
    assert (
        owner.post(page.request["PATH_INFO"], fields(page) | {"name": "Sales", "survey": str(survey.pk)}).status_code
        == 302
    )
    assert {place.queue.name for place in survey.places.all()} == {"Sales", default_queue().name}


def test_what_names_this_queue_alone_is_not_taken_from_it(acme: Any) -> None:
    """A set without queues serves every queue."""
    queue, owner = default_queue(), signed_in(user_as("owner"))
    returns = make_set("Returns", queue)
    answer = save(owner, queue, disposition_sets=[], description="Changed too")
    assert answer.status_code == 200
    assert "“Returns” names this queue alone" in errors(answer)
    queue.refresh_from_db()
    assert list(returns.queues.all()) == [queue]
    assert queue.description != "Changed too"


def test_what_others_ticked_since_the_page_was_opened_stays(acme: Any) -> None:
    queue, owner, other = default_queue(), signed_in(user_as("owner")), make_queue()
    returns, complaints = make_set("Returns", other), make_set("Complaints", other)
    opened = fields(owner.get(address(queue)))
    assert save(owner, queue, disposition_sets=[str(returns.pk)]).status_code == 302
    assert owner.post(address(queue), opened | {"disposition_sets": [str(complaints.pk)]}).status_code == 302
    assert set(CodeSet.objects.filter(queues=queue)) == {returns, complaints}


def test_what_everybody_has_is_told_and_not_offered(acme: Any) -> None:
    make_survey("Stars", make_queue())
    form = signed_in(user_as("owner")).get(address(default_queue())).context["adminform"].form
    default = Survey.objects.get(is_default=True)
    assert [label for _value, label in form.fields["survey"].choices] == [f"As everywhere: {default}", "Stars"]


def supervisor_of(queue: Queue) -> Browser:
    agent = make_agent(role=Role.objects.get(code="supervisor"), available=False)
    assert list(Queue.objects.filter(memberships__agent=agent)) == [queue]
    return signed_in(agent.user)


def test_supervisors_choose_what_serves_their_queues_alone(acme: Any) -> None:
    queue, foreign = default_queue(), make_queue()
    make_survey("Theirs", foreign)
    own = make_survey("Own", queue)
    form = supervisor_of(queue).get(address(queue)).context["adminform"].form
    # They set up surveys and forms of their own queues, and nothing else that serves one.
    assert {setting.name for setting in queue_settings()} & set(form.fields) == {"survey", "forms"}
    assert [str(value) for value, _label in form.fields["survey"].choices] == ["", str(own.pk)]


def test_supervisors_take_nothing_of_others_by_a_made_up_request(acme: Any) -> None:
    queue, foreign = default_queue(), make_queue()
    theirs, shared = make_survey("Theirs", foreign), make_set("Shared", foreign, queue)
    browser = supervisor_of(queue)
    refused = save(browser, queue, survey=str(theirs.pk))
    assert "Select a valid choice" in str(refused.context["adminform"].form.errors["survey"])
    assert save(browser, queue, disposition_sets=[], name="Renamed").status_code == 302
    queue.refresh_from_db()
    assert (queue.name, [place.queue for place in theirs.places.all()]) == ("Renamed", [foreign])
    assert set(shared.queues.all()) == {queue, foreign}


def test_a_survey_of_other_queues_too_is_seen_by_their_supervisor_and_kept(acme: Any) -> None:
    queue, foreign = default_queue(), make_queue()
    shared = make_survey("Shared", queue, foreign)
    survey_save(survey=Survey(name="Own"), queues=[queue_of_nobody()], actor=None)
    browser = supervisor_of(queue)
    save(browser, queue, survey="", name="Renamed")
    assert {place.queue for place in shared.places.all()} == {queue, foreign}


def queue_of_nobody() -> Queue:
    return make_queue("Nobody's")


def test_of_some_a_queue_has_one_at_most(acme: Any) -> None:
    queue, other = default_queue(), make_queue()
    rows = {make_survey("First", other).pk, make_survey("Second", make_queue("Third")).pk}
    with pytest.raises(DomainError) as refused:
        queue_setting_choose(queue=queue, setting=setting("survey"), rows=rows, actor=None)
    assert refused.value.code == "queue_setting_single"


def test_a_name_is_registered_once() -> None:
    with pytest.raises(ValueError, match="registered already"):
        register_queue_setting(queue_settings()[0])


def test_what_serves_every_queue_until_it_names_some_says_so(acme: Any) -> None:
    queue = default_queue()
    everywhere, named = make_set("Everywhere"), make_set("Named", queue)
    form = signed_in(user_as("owner")).get(address(queue)).context["adminform"].form
    labels = {str(value): label for value, label in form.fields["disposition_sets"].choices}
    assert labels[str(everywhere.pk)] == "Everywhere (now in every queue)"
    assert labels[str(named.pk)] == "Named"


def test_the_stock_flow_is_taken_from_no_other_queue(acme: Any) -> None:
    stock = Flow.objects.get(trigger=Trigger.OUT_OF_HOURS, is_stock=True)
    make_queue()
    queue_setting_choose(queue=default_queue(), setting=setting("flow_out_of_hours"), rows=[stock.pk], actor=None)
    assert list(stock.queues.all()) == []
