"""What the variables of a response stand for, and what is said where nothing is known (CON-8)."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from apps.accounts.models import User
from apps.contacts.models import Contact
from apps.queues.models import Queue
from apps.responses.models import Response
from apps.responses.text import VARIABLES, fill_text, sample_values, validate_body, variable_values

AGENT = User(first_name="Lucía", last_name="Ferrer", nick_name="Lu", email="lu@acme.test")
QUEUE = Queue(name="Support")


def say(body: str, contact: Contact, agent: User = AGENT) -> tuple[str, tuple[str, ...]]:
    done = fill_text(body, variable_values(contact, agent, QUEUE))
    return done.text, done.missing


def test_every_variable_has_a_value() -> None:
    contact = Contact(name="Ana María Ruiz", email="ana@example.com", phone="+34600123456")
    values = variable_values(contact, AGENT, QUEUE)
    assert set(values) == set(VARIABLES) == set(sample_values(AGENT))
    assert values == {
        "contact.first_name": "Ana",
        "contact.last_name": "María Ruiz",
        "contact.name": "Ana María Ruiz",
        "contact.email": "ana@example.com",
        "contact.phone": "+34600123456",
        "agent.first_name": "Lucía",
        "agent.last_name": "Ferrer",
        "agent.name": "Lucía Ferrer",
        "agent.nick_name": "Lu",
        "agent.email": "lu@acme.test",
        "queue.name": "Support",
    }


@pytest.mark.parametrize(
    ("body", "contact", "expected"),
    [
        ("Hello {{contact.first_name}}!", {}, ("Hello there!", ("contact.first_name",))),
        ("Ms {{ contact.last_name }}", {"name": "Ana"}, ("Ms Ana", ("contact.last_name",))),
        (
            "To {{contact.email}} or {{contact.phone}}, {{contact.email}}",
            {"name": "Ana"},
            ("To your email address or your phone number, your email address", ("contact.email", "contact.phone")),
        ),
        ("{{agent.nick_name}}, {{queue.name}}", {}, ("Lu, Support", ())),
        ("Hello {{contact.name}}", {"name": "{{agent.email}}"}, ("Hello {{agent.email}}", ())),
    ],
)
def test_what_is_not_known_is_said_otherwise_and_named(
    body: str, contact: dict[str, str], expected: tuple[str, tuple[str, ...]]
) -> None:
    assert say(body, Contact(**contact)) == expected


def test_an_agent_without_a_nick_name_goes_by_the_first() -> None:
    assert say("{{agent.nick_name}}{{agent.last_name}}", Contact(), User(first_name="Tom")) == (
        "Tom",
        ("agent.last_name",),
    )


def test_what_is_missing_is_named_in_words() -> None:
    assert fill_text("{{contact.phone}}", {}).missing_words == "the customer's phone number"


@pytest.mark.parametrize("body", ["{{password}}", "Hi {{contact.first_name.__class__}}", "{{}} x", " ", "x" * 10_001])
def test_unknown_variables_and_nothing_to_say_are_refused(body: str) -> None:
    with pytest.raises(ValidationError):
        validate_body(body)


def test_a_refusal_says_which_and_what_there_is() -> None:
    with pytest.raises(ValidationError, match=r"Unknown: contact.age\. There are: agent.email, agent.first_name, .*"):
        validate_body("You are {{contact.age}}, {{contact.name}}")


@pytest.mark.django_db
def test_our_own_texts_are_acceptable(acme: Any) -> None:
    """CON-8, TEN-3: what a new tenant finds passes what its administrators' texts have to pass."""
    found = Response.objects.select_related("group")
    assert list(dict.fromkeys(each.group.name for each in found)) == [
        "Greeting",
        "Conversational",
        "Closing",
        "Transfer",
        "Abuse",
        "Privacy",
    ]
    for each in found:
        each.full_clean()
