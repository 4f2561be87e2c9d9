"""Who sees what a customer has filled in, and how long it is there: reveals, keys, erasure (FRM-4, FRM-5, AUD-2)."""

from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from apps.accounts.models import Role, User
from apps.accounts.permissions import Permission
from apps.agents.models import Agent
from apps.forms.actions import form_erase, form_reveal
from apps.forms.choices import REDACTED
from apps.forms.models import FormAccess, FormSettings, FormValue
from apps.forms.redaction import fields_to_decrypt, redacted_fields
from apps.forms.selectors import form_values, may_reveal
from apps.queues.models import Queue
from apps.vault.actions import data_key_rotate, data_keys_erase
from tests.support.browser import user_as
from tests.support.forms import ANSWERS, CARD, code, fill, kinds, published, reveal, send
from tests.support.people import make_agent

pytestmark = pytest.mark.django_db(transaction=True)


# --- Revealing


def test_frm_4_a_reveal_shows_one_field_and_is_recorded(acme: Any) -> None:
    agent = make_agent()
    sent = fill(send(agent))
    assert reveal(sent, agent, "card", reason=" To\x00  check ") == {"card": CARD}
    row = FormAccess.objects.get()
    assert (row.user, row.kind, row.fields, row.reason) == (agent.user, "reveal", ["Card number"], "To check")
    assert kinds(sent.conversation)[-1] == "form_revealed"
    assert sent.conversation.timeline.last().data == {  # type: ignore[union-attr]
        "form": str(sent.pk),
        "title": "Identity check",
        "fields": ["Card number"],
    }
    for change in ({"reason": "other"}, None):
        with pytest.raises(ProgrammingError), transaction.atomic():
            FormAccess.objects.update(**change) if change else FormAccess.objects.all().delete()


def test_frm_4_of_a_secured_form_everything_is_revealed_at_once(acme: Any) -> None:
    agent = make_agent()
    sent = fill(send(agent, published(is_secured=True)))
    assert fields_to_decrypt(sent.version.definition) == []
    assert {each.text for each in redacted_fields(sent.version.definition, {})} == {REDACTED}
    assert reveal(sent, agent) == ANSWERS
    assert FormAccess.objects.get().fields == ["Full name", "Card number", "Code"]
    assert code(reveal, sent, agent, "card") == "field_unknown"


@pytest.mark.parametrize("name", ["", "full_name", "nothing"])
def test_what_is_no_secured_field_is_not_revealed(acme: Any, name: str) -> None:
    agent = make_agent()
    sent = fill(send(agent))
    assert code(reveal, sent, agent, name) == "field_unknown"
    assert not FormAccess.objects.exists()


def role_of(*permissions: Permission, scope: str = "all") -> Role:
    return Role.objects.create(code=f"r{Role.objects.count()}", name="R", scope=scope, permissions=list(permissions))


def test_ten_5_who_may_reveal(acme: Any) -> None:
    """Roles by their permission; the stock agent by the switch, which no other role has."""
    agent = make_agent()
    people: dict[str, User] = {name: user_as(name) for name in ("owner", "administrator", "supervisor")}
    people["agent"] = agent.user
    people["custom"] = user_as("owner")
    people["custom"].role = role_of(Permission.CONSOLE)
    assert {name: may_reveal(user) for name, user in people.items()} == dict.fromkeys(people, True) | {"custom": False}
    FormSettings.objects.update(agents_reveal=False)
    assert not may_reveal(agent.user)
    assert may_reveal(people["supervisor"])
    sent = fill(send(agent))
    assert code(reveal, sent, agent, "card") == "reveal_refused"
    people["owner"].is_active = False
    assert not may_reveal(people["owner"])
    assert not FormAccess.objects.exists()


def test_ten_5_a_form_of_others_is_none(acme: Any) -> None:
    sent = fill(send(make_agent()))
    other = make_agent(queues=[Queue.objects.create(name="Sales")])
    assert code(reveal, sent, other, "card") == "form_unknown"
    assert code(form_reveal, sent_id=sent.pk, name="card", reason="", actor=user_as("supervisor")) == "form_unknown"
    owner = Agent.objects.get(pk=user_as("owner").pk)
    assert reveal(sent, owner, "card") == {"card": CARD}


def test_frm_4_a_reason_where_one_is_asked_for(acme: Any) -> None:
    FormSettings.objects.update(asks_reason=True)
    agent = make_agent()
    sent = send(agent)
    assert code(reveal, sent, agent, "card", "Fraud check") == "form_not_filled"
    fill(sent)
    assert code(reveal, sent, agent, "card", "  ") == "reason_needed"
    assert reveal(sent, agent, "card", "Fraud check") == {"card": CARD}
    assert [row.reason for row in FormAccess.objects.all()] == ["Fraud check"]


# --- Keys


def test_frm_5_values_outlive_the_rotation_of_their_key(acme: Any) -> None:
    agent = make_agent()
    old = fill(send(agent))
    data_key_rotate(purpose="forms")
    new = fill(send(agent))
    keys = {bytes(value)[1:17] for value in FormValue.objects.values_list("sealed", flat=True)}
    assert len(keys) == 2
    assert form_values([old.pk, new.pk]) == {old.pk: ANSWERS, new.pk: ANSWERS}


def test_frm_5_erasing_the_keys_erases_the_values(acme: Any) -> None:
    agent = make_agent()
    sent = fill(send(agent))
    assert data_keys_erase(purpose="forms") == 1
    assert code(reveal, sent, agent, "card") == "form_erased"
    assert not FormAccess.objects.exists()
    again = fill(send(agent))
    assert reveal(again, agent, "card") == {"card": CARD}


def test_aud_2_the_values_of_one_form_are_erased(acme: Any) -> None:
    agent, owner = make_agent(), user_as("owner")
    sent = send(agent)
    assert code(form_erase, sent_id=sent.pk, reason="", actor=owner) == "form_not_filled"
    fill(sent)
    assert [form_erase(sent_id=sent.pk, reason="Asked for", actor=owner) for _ in range(2)] == [3, 0]
    assert not FormValue.objects.exists()
    assert code(reveal, sent, agent, "card") == "form_erased"
    row = FormAccess.objects.get()
    assert (row.kind, row.user, row.reason) == ("erase", owner, "Asked for")
    assert kinds(sent.conversation) == ["form_sent", "form_filled", "form_erased"]
