"""The page of reply messages: our own text beside the field, variables by one syntax (CHAT-11)."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.utils.html import escape

from apps.clocks.models import ReplyMessage, ReplyRules
from apps.clocks.text import DEFAULTS, VARIABLES, built_in_text
from apps.conversations.variables import LABELS
from tests.support.browser import signed_in, user_as

pytestmark = pytest.mark.django_db

PAGE = "/admin/clocks/replymessage/"


def test_the_list_shows_our_own_text_of_every_stage(acme: Any) -> None:
    html = signed_in(user_as("administrator")).get(PAGE).content.decode()
    for stage in DEFAULTS:
        assert escape(built_in_text(stage)) in html


def test_an_own_text_begins_with_ours_which_stays_in_sight(acme: Any) -> None:
    browser = signed_in(user_as("administrator"))
    idle = next(text for text in browser.get(PAGE).context["cl"].model_admin.built_in_texts() if text.value == "idle")
    form = browser.get(f"{PAGE}add/?{idle.initial}").context["adminform"].form
    assert (form.initial["stage"], form.initial["body"]) == ("idle", built_in_text(idle.value))
    told = form.fields["body"].help_text
    assert f"Built-in text: {escape(idle.body)}" in told
    assert all(f"<dt>{{{{{name}}}}}</dt>" in told for name in VARIABLES)
    assert "reference" not in told


def test_an_unknown_variable_is_an_error_beside_the_field(acme: Any) -> None:
    browser = signed_in(user_as("administrator"))
    form = {"rules": "chat", "stage": "idle", "language": "", "body": "Hello {{agentFirstName}}"}
    page = browser.post(f"{PAGE}add/", form)
    (said,) = page.context["adminform"].form.errors["body"]
    assert said.startswith("Unknown: agentFirstName. There are: agent.first_name,")
    assert not ReplyMessage.objects.exists()


def test_every_variable_says_what_it_stands_for() -> None:
    assert set(LABELS) >= VARIABLES


def test_stored_texts_take_the_new_names_and_keep_all_else(acme: Any) -> None:
    migration = import_module("apps.clocks.migrations.0003_variables_with_dots")
    old = "{{customerName}}, {{ agentNickName }} of customerName: {{agentFullName}}{{elapsed}} {{agentFullNames}}"
    new = "{{contact.name}}, {{ agent.nick_name }} of customerName: {{agent.name}}{{elapsed}} {{agentFullNames}}"
    rules = ReplyRules.objects.get(pk="chat")
    message = ReplyMessage.objects.create(rules=rules, stage="idle", body=old)
    for step, body in ((migration.forwards, new), (migration.forwards, new), (migration.backwards, old)):
        step(apps, None)
        message.refresh_from_db()
        assert message.body == body
