"""One conversation as the pane and the contact panel show it."""

from typing import Any
from uuid import UUID

from django.db.models import OuterRef

from apps.accounts.models import User
from apps.agents.models import Agent
from apps.chat.selectors import browser_of
from apps.console.forms.selectors import form_cards_of, offers_forms
from apps.console.mail.selectors.mails import mails_of
from apps.console.panel.selectors import contact_named, knows_contact, panel_of
from apps.console.snooze.selectors import snooze_bar
from apps.console.survey.selectors import survey_bar
from apps.console.thread.pane import Thread
from apps.console.thread.selectors.timeline import event_lines_of
from apps.console.transfer.selectors import skills_bar
from apps.console.wrap_up.forms import WrapUpDraft
from apps.conversations.choices import State
from apps.conversations.models import Conversation, Message
from apps.conversations.selectors import conversation_marks, conversations_readable_by, may_redact, messages_before
from apps.dispositions.selectors import OfferedSet, draft_of, sets_for
from apps.forms.selectors import conversation_has_forms
from apps.queues.choices import Family
from apps.responses.choices import DRAFT_STATES
from apps.responses.selectors import drafts_of

THREAD = 50
"""Lines that a conversation opens with."""
HISTORY = 100
"""Lines that come at once as one scrolls up."""
EARLIER = 8
"""Earlier conversations that the contact panel lists."""


def thread_of(agent: Agent, conversation_id: UUID, *, since: int | None = None) -> Thread | None:
    """One of this agent's conversations with all that its pane shows; none when it is not theirs.

    Args:
        agent: who looks at it.
        conversation_id: it.
        since: the number of the first mail to show of one by mail; a page of them by default.
    """
    conversation: Any = (
        Conversation.objects.select_related(
            "contact", "queue", "agent", "reply_clock", "outcome", "survey_mark", "survey_request"
        )
        .filter(pk=conversation_id, agent=agent.user)
        .annotate(has_forms=conversation_has_forms(OuterRef("pk")), offers_forms=offers_forms(agent))
        .first()
    )
    if conversation is None:
        return None
    is_known = knows_contact(agent.user, conversation)
    if not is_known:
        conversation.contact = contact_named(conversation.contact)
    wraps_up = conversation.state == State.WRAP_UP
    by_mail = conversation.channel == Family.EMAIL
    mails = mails_of(conversation, agent.user, since=since) if by_mail else None
    sets = sets_for(conversation) if wraps_up or (mails and mails.closing) else []
    messages = mails.messages if mails else messages_before(conversation_id, conversation.last_number + 1, limit=THREAD)
    browser = None if by_mail else browser_of(conversation)
    return Thread(
        conversation=conversation,
        messages=messages,
        mails=mails,
        marks=conversation_marks(conversation.pk),
        sets=sets,
        choices=list(conversation.dispositions.all()) if conversation.state == State.CLOSED else [],
        earlier=_earlier(conversation, agent.user),
        event_lines=event_lines_of(conversation),
        snooze=snooze_bar(conversation, getattr(conversation, "reply_clock", None)),
        survey=survey_bar(conversation),
        wrap_up_draft=_wrap_up_draft(conversation, sets) if wraps_up else None,
        browser=browser,
        draft=drafts_of(conversation.pk, agent.pk).first() if conversation.state in DRAFT_STATES else None,
        skills_bar=skills_bar(conversation),
        may_redact=may_redact(agent.user, conversation),
        panel=panel_of(conversation, agent.user, is_known=is_known, topic=browser.topic if browser else ""),
        forms=form_cards_of(conversation, agent.user) if conversation.has_forms else {},
        offers_forms=conversation.offers_forms,
    )


def _wrap_up_draft(conversation: Conversation, sets: list[OfferedSet]) -> WrapUpDraft:
    outcome = getattr(conversation, "outcome", None)
    chosen = {code_set: code.pk for code_set, code in draft_of(conversation, sets).items()}
    return WrapUpDraft(outcome.description if outcome else "", chosen)


def _earlier(conversation: Conversation, user: User) -> list[Conversation]:
    """The same customer's other conversations that this user may see, the newest first (CON-5)."""
    others = conversations_readable_by(user).filter(contact=conversation.contact_id).exclude(pk=conversation.pk)
    newest = others.select_related("queue", "agent", "survey_request").prefetch_related("dispositions")
    return list(newest.order_by("-first_arrived_at")[:EARLIER])


def messages_page_before(agent_id: UUID, conversation_id: UUID, number: int) -> list[Message] | None:
    """The lines before a number; none when the conversation is not this agent's."""
    if not Conversation.objects.filter(pk=conversation_id, agent=agent_id).exists():
        return None
    return messages_before(conversation_id, number, limit=HISTORY)
