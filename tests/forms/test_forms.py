"""Forms are set up, published, offered and deleted (FRM-1)."""

from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from apps.agents.models import AgentGroup
from apps.core.errors import DomainError
from apps.forms.actions import form_delete, form_publish, form_save, form_send, is_changed
from apps.forms.models import FormVersion
from apps.forms.selectors import sendable_forms
from apps.queues.models import Queue
from tests.support.browser import user_as
from tests.support.forms import code, fields_set, form, publish, published, send, talked
from tests.support.people import default_queue, make_agent

pytestmark = pytest.mark.django_db(transaction=True)


def test_frm_1_a_draft_is_published_as_the_next_version(acme: Any) -> None:
    """Publishing what is published already makes no version; nobody is sent a draft."""
    made = form()
    agent = make_agent()
    conversation = talked(agent)
    assert code(form_send, conversation_id=conversation.pk, form_id=made.pk, actor=agent.user) == "form_unknown"
    first = publish(made)
    assert (first.number, is_changed(made), form_publish(form=made, actor=None)) == (1, False, first)
    fields_set(made, {"label": "Only this"})
    assert is_changed(made)
    second = publish(made)
    assert (second.number, [field.name for field in second.definition.fields]) == (2, ["only_this"])
    assert [field.name for field in FormVersion.objects.get(number=1).definition.fields] == [
        "full_name",
        "card",
        "code",
    ]
    with pytest.raises(ProgrammingError), transaction.atomic():
        FormVersion.objects.update(number=9)


def test_a_form_that_is_not_ready_says_why(acme: Any) -> None:
    made = form({"label": "Colour", "kind": "radio"})
    with pytest.raises(DomainError) as refused:
        form_publish(form=made, actor=None)
    assert refused.value.message == "Colour: There is nothing to choose from: write one option on each line."
    made.refresh_from_db()
    assert made.published is None


def test_frm_1_queues_and_groups_decide_who_may_use_it(acme: Any) -> None:
    """A rule whose last queue is gone serves nobody."""
    sales, group = Queue.objects.create(name="Sales"), AgentGroup.objects.create(name="Seniors")
    agent = make_agent()
    everywhere, of_sales, of_seniors = published(), published(queues=[sales]), published(agent_groups=[group])
    off = published(is_active=False)

    def may_send(queue: Queue, group_id: Any) -> set[Any]:
        return set(sendable_forms(queue=queue.pk, group=group_id).values_list("pk", flat=True))

    assert may_send(default_queue(), agent.group_id) == {everywhere.pk}
    assert may_send(sales, agent.group_id) == {everywhere.pk, of_sales.pk}
    assert may_send(default_queue(), group.pk) == {everywhere.pk, of_seniors.pk}
    sales.delete()
    assert of_sales.pk not in may_send(default_queue(), agent.group_id)
    assert code(send, agent, off) == "form_unknown"


def test_a_supervisor_sets_up_forms_of_their_own_queues(acme: Any) -> None:
    supervisor, made = user_as("supervisor"), form()
    assert code(form_save, form=made, queues=[], agent_groups=[], actor=supervisor) == "form_not_yours"
    assert code(form_publish, form=made, actor=supervisor) == "form_not_yours"
    assert code(form_delete, form=made, actor=supervisor) == "form_not_yours"


def test_a_form_that_was_sent_is_not_deleted(acme: Any) -> None:
    agent = make_agent()
    sent = send(agent)
    assert code(form_delete, form=sent.form, actor=None) == "form_in_use"
    other = published()
    form_delete(form=other, actor=None)
    assert FormVersion.objects.count() == 1
