"""What stands beside a conversation: the customer, what was noted about them, what came before (CON-3 to CON-5)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from apps.accounts.models import User
from apps.console.forms.selectors import FormCard, form_cards_of
from apps.console.thread.selectors.summary import Summary, summary_of
from apps.contacts.choices import FieldKind
from apps.contacts.models import Contact, ContactField, MergeRequest
from apps.contacts.selectors import enabled_fields, waiting_merge_request
from apps.conversations.choices import MessageKind
from apps.conversations.models import Conversation, Message
from apps.conversations.selectors import (
    contacts_writable_by,
    conversation_marks,
    conversations_readable_by,
    may_redact,
    messages_before,
)
from apps.notes.models import Note
from apps.notes.selectors import Page, notes_of_contact, notes_of_conversation
from apps.routing.supervision import may_handle

LISTED = 20
"""Conversations on one page of all that a contact had."""
PAST = 100
"""Lines of a past conversation on one page."""


@dataclass(frozen=True)
class Claim:
    """Whom a customer says to be, with an address that proves nothing (CHAT-12).

    Attributes:
        contact: whom, where the reader may read all of them; else nothing is told of them.
        asked: what was asked of a supervisor, and is not decided yet.
    """

    contact: Contact | None
    asked: MergeRequest | None


@dataclass(frozen=True)
class Panel:
    """The panel beside a conversation, and the summary at its head.

    Attributes:
        is_known: whether its reader may see whose the conversation is, beyond the name.
        may_change: whether they may change what is known of them.
        fields: the company's own fields, with the contact's values.
        claim: whom the customer says to be; none where they say nothing of the kind.
        notes: the first page of the notes about the contact.
        inline: the notes on this conversation, oldest first.
    """

    is_known: bool
    may_change: bool
    fields: list[tuple[ContactField, Any]]
    claim: Claim | None
    notes: Page
    inline: list[Note]
    summary: Summary


def panel_of(conversation: Conversation, user: User, *, is_known: bool, topic: str = "") -> Panel:
    """The panel of a conversation, in six queries, and two where its customer says that they are somebody else.

    Args:
        conversation: with its contact.
        user: who looks at it.
        is_known: whether they may see whose it is (`knows_contact`).
        topic: what the customer chose that it is about, or nothing.
    """
    may_change = may_handle(user, conversation)
    return Panel(
        is_known=is_known,
        may_change=may_change,
        fields=own_fields(conversation.contact) if is_known else [],
        claim=claim_of(conversation.contact, user) if may_change else None,
        notes=notes_of_contact(conversation.contact_id, user=user),
        inline=notes_of_conversation(conversation.pk),
        summary=summary_of(conversation, topic=topic),
    )


def claim_of(contact: Contact, user: User) -> Claim | None:
    """Whom a contact says to be, for a user who may see one of their conversations."""
    if contact.claims_id is None:
        return None
    return Claim(candidate_contact(user, contact.claims_id), waiting_merge_request(contact.pk))


def own_fields(contact: Contact) -> list[tuple[ContactField, Any]]:
    """The company's own fields with this contact's values, in order."""
    return [(field, _shown(field, contact.custom.get(str(field.pk)))) for field in enabled_fields()]


def _shown(field: ContactField, value: Any) -> Any:
    # A value of a kind that the field has no longer is shown as it was written.
    return value if field.kind == FieldKind.YES_NO or value is None else str(value)


def knows_contact(user: User, conversation: Conversation) -> bool:
    """Whether a user may see whose a conversation is: one that is over may have become a stranger's (CON-5)."""
    return may_handle(user, conversation) or contacts_writable_by(user).filter(pk=conversation.contact_id).exists()


def contact_named(contact: Contact) -> Contact:
    """What somebody who does not know a contact sees of it: the name, and no address in its place."""
    return Contact(pk=contact.pk, name=contact.name, version=contact.version)


@dataclass(frozen=True)
class ConversationPage:
    """A page of a contact's conversations, the newest first; `more_before` asks for the next page."""

    conversations: list[Conversation]
    more_before: UUID | None


def conversations_of_contact(user: User, contact_id: UUID, before: UUID | None = None) -> ConversationPage:
    """The conversations of a contact that this user may see (CON-5)."""
    theirs = (
        conversations_readable_by(user).filter(contact=contact_id).select_related("queue", "agent", "survey_request")
    )
    last = theirs.filter(pk=before).first() if before else None
    if last is not None:
        at = last.first_arrived_at
        theirs = theirs.filter(Q(first_arrived_at__lt=at) | Q(first_arrived_at=at, pk__lt=last.pk))
    newest = theirs.prefetch_related("dispositions").order_by("-first_arrived_at", "-pk")
    found = list(newest[: LISTED + 1])
    return ConversationPage(found[:LISTED], found[LISTED - 1].pk if len(found) > LISTED else None)


@dataclass(frozen=True)
class PastConversation:
    """A conversation to be read, and no more.

    Attributes:
        more_before: the number that the page before this one ends at; none on the first page.
        may_redact: whether its reader may take something out of its messages (FRM-6).
    """

    conversation: Conversation
    messages: list[Message]
    notes: list[Note]
    marks: dict[str, Any]
    forms: dict[int, FormCard]
    more_before: int | None
    may_redact: bool


def past_conversation_of(user: User, conversation_id: UUID, before: int | None = None) -> PastConversation | None:
    """A conversation that this user may see, to be read; none when they may not.

    Args:
        user: who wants to read it.
        conversation_id: the conversation.
        before: only lines with a lower number; the newest by default.
    """
    row = conversations_readable_by(user).select_related("contact", "queue", "agent", "survey_request")
    row = row.prefetch_related("dispositions")
    conversation = row.filter(pk=conversation_id).first()
    if conversation is None:
        return None
    if not knows_contact(user, conversation):
        conversation.contact = contact_named(conversation.contact)
    messages = messages_before(conversation.pk, before or conversation.last_number + 1, limit=PAST)
    has_forms = any(message.kind == MessageKind.FORM for message in messages)
    more = bool(messages) and messages[0].number > 1
    return PastConversation(
        conversation=conversation,
        messages=messages,
        notes=notes_of_conversation(conversation.pk),
        marks=conversation_marks(conversation.pk),
        forms=form_cards_of(conversation, user) if has_forms else {},
        more_before=messages[0].number if more else None,
        may_redact=may_redact(user, conversation),
    )


@dataclass(frozen=True)
class Candidate:
    """A contact that could be the same person, and how many of their conversations the reader may see."""

    contact: Contact
    conversations: int


def candidate_of(user: User, contact_id: UUID) -> Candidate | None:
    """A contact to be merged, with those of their conversations that this user may see; none when there is no such, it
    was merged already, or they may not read all of them.
    """
    contact = candidate_contact(user, contact_id)
    return Candidate(contact, conversations_readable_by(user).filter(contact=contact).count()) if contact else None


def candidate_contact(user: User, contact_id: UUID) -> Contact | None:
    """A contact with whom this user may make another one."""
    return contacts_writable_by(user).filter(pk=contact_id).first()
