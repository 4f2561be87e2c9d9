"""What is said at each stage, in whose language, and what may be written into it (CHAT-11)."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django_tenants.utils import tenant_context

from apps.clocks.actions import reply_message_delete, reply_message_save, reply_rules_save
from apps.clocks.choices import Stage
from apps.clocks.models import ReplyMessage, ReplyRules
from apps.clocks.text import DEFAULTS, VARIABLES, validate_message
from apps.core.languages import language_fallbacks, supported_language
from apps.core.variables import fill_variables
from tests.support.clocks import check_clocks, clock_of, notices, run_at, say, seconds
from tests.support.people import ContactFactory, make_agent, talk


def test_values_are_not_read_as_variables():
    values = {"contact.name": "{{agent.name}}", "agent.name": "Secret"}
    assert fill_variables("Hi {{contact.name}} / {{ agent.name }}{{elapsed}}", values) == "Hi {{agent.name}} / Secret"


@pytest.mark.parametrize(
    "body", ["{{password}}", "{{agentFirstName}}", "Hi {{agent.name.__class__}}", "{{}} x", "{{contact.name}}", " "]
)
def test_unknown_variables_and_nothing_to_say_are_refused(body):
    with pytest.raises(ValidationError):
        validate_message(body)


def test_our_own_texts_hold_for_every_stage():
    assert set(DEFAULTS) == set(Stage) - {Stage.RUNNING}
    for body in DEFAULTS.values():
        validate_message(body)
    validate_message("x " + " ".join(f"{{{{{name}}}}}" for name in VARIABLES))


@pytest.mark.parametrize(("tag", "found"), [("pt-BR", ["pt-br", "pt", ""]), ("es", ["es", ""]), ("", [""])])
def test_languages_are_looked_for_from_the_closest(tag, found):
    assert language_fallbacks(tag) == found


@pytest.mark.parametrize(("tag", "found"), [("es-MX", "es-mx"), ("xx", "en"), ("../../etc", "en"), ("", "en")])
def test_a_language_that_we_do_not_have_is_ours(tag, found):
    assert supported_language(tag) == found


def message(stage, body, language="", family="chat"):
    rules = ReplyRules.objects.get(pk=family)
    return reply_message_save(message=ReplyMessage(rules=rules, stage=stage, language=language, body=body))


@pytest.mark.django_db(transaction=True)
def test_the_customers_language_then_the_closest_then_any_then_ours(acme):
    agent = make_agent(first_name="Ada", last_name="Byron", nick_name="")
    for language, body in (("", "any {{agent.name}}"), ("PT", "pt {{agent.nick_name}}"), ("es", "es")):
        message("idle_due", body, language)
    for language, expected in (("pt-BR", "pt Ada"), ("fr", "any Ada Byron"), ("es", "es"), ("", "any Ada Byron")):
        conversation = talk(agent, contact=ContactFactory(language=language))
        said = say(conversation, agent).created_at
        run_at(said + seconds(225))
        assert notices(conversation) == [expected]
        from apps.conversations.actions import conversation_end

        conversation_end(conversation_id=conversation.pk, by="customer", actor=None)
    reply_message_delete(message=ReplyMessage.objects.get(language=""))
    conversation = talk(agent, contact=ContactFactory(language="fr"))
    run_at(say(conversation, agent).created_at + seconds(225))
    assert notices(conversation) == ["Are you still there? Ada is waiting for your answer."]
    check_clocks()


@pytest.mark.django_db
def test_one_message_a_stage_and_language_and_none_while_running(acme):
    message("idle", "One", "es")
    with pytest.raises(ValidationError):
        message("idle", "Two", "ES ")
    with pytest.raises(ValidationError):
        message("running", "Three")
    with pytest.raises(IntegrityError), transaction.atomic():
        ReplyMessage.objects.create(rules_id="chat", stage="running", body="x")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [
        {"auto_close_seconds": 300},
        {"idle_seconds": 600},
        {"due_percent": 0},
        {"idle_percent": 100},
        {"overdue_seconds": 3},
    ],
)
def test_times_that_make_no_sense_are_refused_also_by_the_database(acme, values):
    rules = ReplyRules.objects.get(pk="chat")
    for name, value in values.items():
        setattr(rules, name, value)
    with pytest.raises(ValidationError):
        reply_rules_save(rules=rules)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReplyRules.objects.filter(pk="chat").update(**values)


@pytest.mark.django_db(transaction=True)
def test_each_tenant_has_times_and_words_of_its_own(acme, globex):
    rules = ReplyRules.objects.get(pk="chat")
    rules.overdue_seconds = 40
    reply_rules_save(rules=rules)
    message("idle_due", "Acme says hello")
    ours = talk(make_agent())
    with tenant_context(globex):
        theirs = talk(make_agent())
        their_clock = clock_of(theirs)
    clock = clock_of(ours)
    assert clock.due_at == clock.since + seconds(30)
    assert their_clock.due_at == their_clock.since + seconds(90)
    run_at(clock.since + seconds(40))
    assert clock_of(ours).is_overdue
    with tenant_context(globex):
        assert clock_of(theirs).stage == "running"
        assert not ReplyMessage.objects.exists()
        check_clocks()
    check_clocks()
