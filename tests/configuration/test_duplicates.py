"""Copies of what is set up: the same configuration under another name, by those who may make new rows."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Role, User
from apps.agents.actions import group_memberships_set
from apps.agents.models import AgentGroup
from apps.audit.models import AuditEntry
from apps.chat.models import IdentityKey, Topic, WidgetChannel
from apps.configuration.actions import row_duplicate
from apps.configuration.registry import section_of
from apps.core.errors import DomainError
from apps.core.ids import uuid7
from apps.dispositions.models import Code, CodeSet, SetEntry
from apps.forms.actions import form_fields_set, form_publish, form_save
from apps.forms.models import Form, FormField
from apps.queues.actions import hours_create, queue_create, skill_create, special_day_set
from apps.queues.models import HoursProfile, Queue, SkillGroup
from apps.responses.actions import response_save
from apps.responses.models import Response, ResponseGroup
from apps.routing.models import Flow, WaitingExperience
from apps.surveys.models import Survey, SurveyText
from apps.tenants.admin_duplicate import name_of_copy
from tests.support.people import default_queue, make_agent
from tests.support.race import race

SignIn = Callable[[str], Client]


@pytest.fixture
def sign_in(acme: Any) -> SignIn:
    def make(role: str) -> Client:
        client = Client(SERVER_NAME="acme.localhost")
        client.force_login(make_agent(role=Role.objects.get(code=role)).user)
        return client

    return make


@pytest.fixture
def owner(acme: Any) -> User:
    return make_agent(role=Role.objects.get(code="owner")).user


def a_queue() -> Queue:
    skill = skill_create(group=SkillGroup.objects.create(name="Products"), name="Invoices")
    queue = queue_create(
        name="Sales",
        hours=HoursProfile.objects.first(),
        priority=2,
        limits_transfers=True,
        skills={skill.pk: 60},
        transfer_to=[default_queue()],
        actor=None,
    )
    group_memberships_set(queue=queue, groups=[AgentGroup.objects.create(name="Sellers").pk])
    make_agent(queues=[queue])
    return queue


def some_hours() -> HoursProfile:
    hours = hours_create(name="Early", time_zone="Europe/Madrid", week={0: [(420, 900)], 4: [(0, 60)]}, actor=None)
    special_day_set(profile=hours, day=date(2027, 1, 6), name="Reyes", ranges=[(600, 660)], actor=None)
    return hours


def a_code_set() -> CodeSet:
    code_set = CodeSet.objects.create(name="Outcomes", is_required=False)
    for place, name in enumerate(("Sold", "Not sold")):
        SetEntry.objects.create(code_set=code_set, code=Code.objects.create(name=name), position=place)
    code_set.queues.add(default_queue())
    return code_set


def a_form() -> Form:
    form = form_save(form=Form(name="Card", title="Your card"), queues=[default_queue()], agent_groups=[], actor=None)
    fields = [FormField(label="Number", position=1), FormField(label="Name", position=0, is_required=True)]
    form_fields_set(form=form, kept=fields, gone=[])
    return form_publish(form=form, actor=None).form


def a_response() -> Response:
    group = ResponseGroup.objects.create(name="News")
    response = Response(group=group, name="Hi", shortcut="hi-there", chat_body="Hello {{agent.first_name}}")
    return response_save(response=response, queues=[default_queue()], skills=[], agent_groups=[], actor=None)


def a_survey() -> Survey:
    survey = Survey.objects.create(name="Mood", kind="nps", expires_hours=5)
    SurveyText.objects.create(survey=survey, channel="chat", language="es", request="¿Qué tal?")
    survey.places.create(queue=default_queue())
    return survey


def a_widget() -> WidgetChannel:
    widget = WidgetChannel.objects.create(name="Shop", queue=default_queue(), title="Ask us", colour="#112233")
    Topic.objects.create(channel=widget, name="Returns")
    IdentityKey.objects.create(channel=widget)
    return widget


def a_flow() -> Flow:
    flow = Flow.objects.create(name="Night", trigger="out_of_hours", message="Zzz")
    flow.queues.add(default_queue())
    return flow


def a_waiting_experience() -> WaitingExperience:
    waiting = WaitingExperience.objects.create(name="Music", first_message="Wait", repeats=["a", "b"])
    waiting.queues.add(default_queue())
    return waiting


MAKERS: list[tuple[Callable[[], Any], dict[str, Any]]] = [
    (a_queue, {}),
    (some_hours, {}),
    (a_code_set, {"is_enabled": False}),
    (a_form, {"is_published": False}),
    (a_response, {"is_enabled": False, "shortcut": "hi-there-2"}),
    (a_survey, {"is_active": False, "queues": ["Spare"]}),
    (a_widget, {}),
    (a_flow, {"queues": []}),
    (a_waiting_experience, {"queues": ["Spare"]}),
]
"""Each kind of row, and what its copy has otherwise than the original, but for its name."""


def address(row: Any) -> str:
    where = f"admin:{row._meta.label_lower.replace('.', '_')}_change"
    return reverse(where, args=[row.pk], urlconf="config.urls_tenant")


def duplicate_address(row: Any) -> str:
    return address(row).replace("/change/", "/duplicate/")


def values(row: Any) -> dict[str, Any]:
    return section_of(type(row)).values_of(type(row)._base_manager.get(pk=row.pk))


@pytest.mark.parametrize(("make", "other"), MAKERS, ids=lambda each: getattr(each, "__name__", ""))
def test_a_copy_has_what_the_original_has_which_stays_as_it_is(
    sign_in: SignIn, make: Callable[[], Any], other: dict[str, Any]
) -> None:
    row, spare, browser = make(), queue_create(name="Spare", actor=None), sign_in("owner")
    before, there = values(row), set(type(row)._base_manager.values_list("pk", flat=True))
    assert duplicate_address(row) in browser.get(address(row)).content.decode()
    assert f"Copy of {row.name}" in browser.get(duplicate_address(row)).content.decode()
    assert set(type(row)._base_manager.values_list("pk", flat=True)) == there
    answer = browser.post(duplicate_address(row), {"name": "Another", "queues": [str(spare.pk)]})
    copy = type(row)._base_manager.exclude(pk__in=there).get()
    assert answer.headers["Location"] == address(copy)
    assert values(copy) == before | {"name": "Another"} | other
    assert values(row) == before
    assert AuditEntry.objects.filter(target_id=str(copy.pk), actor_id__isnull=False).exists()


def test_each_copy_is_offered_a_name_of_its_own(owner: User) -> None:
    hours = some_hours()
    for expected in ("Copy of Early", "Copy of Early (2)", "Copy of Early (3)"):
        assert name_of_copy(hours) == expected
        row_duplicate(hours, {"name": expected}, owner)
    long = hours_create(name="L" * 80, time_zone="UTC", week={}, actor=None)
    names = {name_of_copy(long)}
    row_duplicate(long, {"name": names.pop()}, owner)
    assert name_of_copy(long).endswith("L (2)")
    assert len(name_of_copy(long)) == 80


def test_a_name_that_is_taken_or_too_long_is_refused_beside_its_field(sign_in: SignIn) -> None:
    hours, browser = some_hours(), sign_in("owner")
    for name, said in (
        ("Early", "There is one of this name already."),
        ("x" * 81, "At most 80 characters."),
        ("", "This field is required."),
    ):
        assert said in browser.post(duplicate_address(hours), {"name": name}).content.decode()
    assert HoursProfile.objects.filter(name__in=("Early", "x" * 81, "")).count() == 1


def test_secrets_and_members_are_not_copied(owner: User) -> None:
    widget, queue = a_widget(), a_queue()
    copy = row_duplicate(widget, {"name": "Two"}, owner)
    assert copy.key != widget.key
    assert not copy.identity_keys.exists()
    assert queue.memberships.exists()
    assert not row_duplicate(queue, {"name": "Two"}, owner).memberships.exists()


def test_the_default_one_has_copies_that_are_not(owner: User) -> None:
    queue, copy = default_queue(), row_duplicate(default_queue(), {"name": "Two"}, owner)
    assert (default_queue(), copy.is_default) == (queue, False)
    default = Survey.objects.get(is_default=True)
    assert not row_duplicate(default, {"name": "Two", "queues": ["Two"]}, owner).is_default


def test_what_a_queue_has_one_of_needs_queues_without(sign_in: SignIn) -> None:
    survey, browser = a_survey(), sign_in("owner")
    for queue in Queue.objects.filter(survey_place=None):
        survey.places.create(queue=queue)
    page = browser.post(duplicate_address(survey), {"name": "Two", "queues": [str(default_queue().pk)]})
    assert "Every queue has its own" in page.content.decode()
    assert not Survey.objects.filter(name="Two").exists()


def test_a_refused_copy_leaves_nothing(owner: User) -> None:
    with pytest.raises(DomainError), transaction.atomic():
        row_duplicate(a_survey(), {"name": "Two", "queues": [default_queue().name]}, owner)
    with pytest.raises((DomainError, ValidationError)):
        row_duplicate(some_hours(), {"name": "Early"}, owner)
    assert not Survey.objects.filter(name="Two").exists()
    with pytest.raises(LookupError):
        row_duplicate(owner.role, {"name": "Two"}, owner)


@pytest.mark.parametrize("role", ["supervisor", "agent"])
def test_others_make_none(sign_in: SignIn, role: str) -> None:
    queue, form = default_queue(), a_form()
    browser = sign_in(role)
    for row in (queue, form):
        assert duplicate_address(row) not in browser.get(address(row)).content.decode()
        assert browser.post(duplicate_address(row), {"name": "Two"}).status_code in {302, 403, 404}
    assert not Queue.objects.filter(name="Two").exists()
    assert not Form.objects.filter(name="Two").exists()


def test_what_is_not_there_has_no_copy(sign_in: SignIn) -> None:
    hours = some_hours()
    hours.pk = uuid7()
    assert sign_in("owner").post(duplicate_address(hours), {"name": "Two"}).status_code in {302, 404}


@pytest.mark.django_db(transaction=True)
def test_two_at_once_under_one_name_make_one_copy(acme: Any) -> None:
    hours = some_hours()

    def work() -> Any:
        try:
            return row_duplicate(hours, {"name": "Two"}, None)
        except ValidationError as refused:
            return refused

    answers = race([work] * 2)
    assert sorted(isinstance(answer, Exception) for answer in answers) == [False, True]
    assert HoursProfile.objects.filter(name="Two").count() == 1
