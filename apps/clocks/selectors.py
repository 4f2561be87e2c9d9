"""Reads of reply clocks."""

from datetime import datetime

from django.utils import translation
from django.utils.timesince import timesince

from apps.clocks.choices import TO_AGENT, Stage
from apps.clocks.models import ReplyClock, ReplyMessage, ReplyRules
from apps.clocks.text import built_in_text
from apps.conversations.models import Conversation
from apps.conversations.variables import agent_values
from apps.core.languages import language_fallbacks, supported_language
from apps.core.rows import row_get
from apps.core.variables import fill_variables


def rules_of(family: str) -> ReplyRules | None:
    """What an answer may take on a channel family; nothing where its conversations have no clocks."""
    return row_get(ReplyRules, family)


def message_for(conversation: Conversation, clock: ReplyClock, stage: Stage, now: datetime) -> str:
    """What is said at a stage: the tenant's words or ours, in the reader's language, with the variables filled in."""
    language = "" if stage in TO_AGENT else conversation.language or conversation.contact.language
    stored = _stored(conversation.channel, stage, language_fallbacks(language))
    with translation.override(supported_language(language)):
        body = built_in_text(stage, language) if stored is None else stored
        return fill_variables(body, _values(conversation, timesince(clock.since, now)))


def _stored(family: str, stage: Stage, tags: list[str]) -> str | None:
    found = ReplyMessage.objects.filter(rules=family, stage=stage, language__in=tags)
    by_tag = dict(found.values_list("language", "body"))
    return next((by_tag[tag] for tag in tags if tag in by_tag), None)


def _values(conversation: Conversation, elapsed: str) -> dict[str, str]:
    values = {"elapsed": elapsed, "contact.name": conversation.contact.display_name}
    return {**agent_values(conversation.agent), **values} if conversation.agent else values
