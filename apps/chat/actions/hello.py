"""A browser comes, or comes back, and the company may prove whose it is (CHAT-12)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.chat.actions.departure import LEFT_DEADLINE
from apps.chat.choices import Refusal
from apps.chat.identity import Identity
from apps.chat.models import VISITOR_LIFE, Visit, Visitor, WidgetChannel
from apps.chat.steps import fields_save, visitor_lock
from apps.chat.tokens import VisitorToken, token_make, token_read
from apps.contacts.actions import contact_external_id_release, contact_vouch
from apps.contacts.models import Contact
from apps.conversations.actions import conversation_change_contact
from apps.conversations.models import Conversation
from apps.core.errors import DomainError
from apps.core.ids import uuid7
from apps.core.rows import row_add_once
from apps.timers.steps import wakeup_clear


@dataclass(frozen=True)
class OpenedVisitor:
    """A browser that said hello.

    Attributes:
        visitor_id: who it is from now on.
        generation: of the token that it presented.
        token: what it presents next time.
        visitor: its row, once it has opened a conversation or its identity is proven.
    """

    visitor_id: UUID
    generation: int
    token: str
    visitor: Visitor | None


@transaction.atomic
def visitor_open(
    *,
    channel: WidgetChannel,
    token: str | None,
    page: dict[str, str],
    identity: Identity | None = None,
    pages: Any = None,
) -> OpenedVisitor:
    """A browser comes, or comes back: the token it brings is used up, and the next one handed out (CHAT-12).

    A browser that never wrote has no row: saying hello costs the database nothing. One whose customer the company
    vouches for becomes that contact's, and so do the conversations that it has opened; one that was proven to be
    somebody else's is a new browser from now on, and keeps nothing of theirs.

    Args:
        channel: the widget it came through.
        token: what an earlier hello handed out, or none.
        page: what the browser tells, cleaned.
        identity: what a token of the company's says about its customer, or none.
        pages: the pages of the site that it was on, cleaned; none leaves those that are known.

    Raises:
        DomainError: ``token_refused`` when the token is not ours, of another tenant or channel, or older than the
            newest presented: the browser starts afresh.
    """
    read = VisitorToken(uuid7(), 0) if token is None else token_read(token, channel=channel.pk)
    if read is None:
        raise _token_refused()
    visitor = visitor_lock(read.visitor) if token is not None else None
    if visitor is not None:
        _come_back(visitor, read, page, pages)
    if identity is not None:
        visitor, read = _prove(channel, visitor, read, identity, page)
    following = token_make(channel=channel.pk, visitor=read.visitor, generation=read.generation + 1)
    return OpenedVisitor(read.visitor, read.generation, following, visitor)


def _come_back(visitor: Visitor, token: VisitorToken, page: dict[str, str], pages: Any) -> None:
    now = timezone.now()
    if token.generation < visitor.generation or visitor.seen_at < now - VISITOR_LIFE:
        raise _token_refused()
    fields = {"generation": token.generation, "seen_at": now, "page": page or visitor.page}
    fields_save(visitor, fields if pages is None else {**fields, "pages": pages})
    if visitor.left_at is not None:
        fields_save(visitor, {"left_at": None})
        wakeup_clear(kind=LEFT_DEADLINE, object_id=visitor.pk)


def _token_refused() -> DomainError:
    return DomainError(Refusal.TOKEN_REFUSED, _("This browser is not known any more. Please start again."))


# --- Whose it is


def _prove(
    channel: WidgetChannel, visitor: Visitor | None, token: VisitorToken, identity: Identity, page: dict[str, str]
) -> tuple[Visitor, VisitorToken]:
    """The row of a browser whose customer is known, and the token that it has now."""
    if visitor is not None and visitor.proven_at and visitor.contact.external_id != identity.external_id:
        # Somebody else has signed in to the site in this browser.
        visitor, token = None, VisitorToken(uuid7(), 0)
    if visitor is not None and visitor.contact.blocked_at and not visitor.proven_at:
        return visitor, token  # Whoever is blocked does not get round it by signing in (CON-10).
    contact = _contact_of(identity, visitor)
    if visitor is None:
        visitor = _row_for(channel, token, contact, page)
    elif visitor.contact_id != contact.pk:
        _hand_over(visitor, contact)
    _tell(contact, identity)
    if visitor.proven_at is None:
        fields_save(visitor, {"proven_at": timezone.now()})
    fields_save(visitor, {name: value for name, value in _told(identity).items() if getattr(visitor, name) != value})
    return visitor, token


def _contact_of(identity: Identity, visitor: Visitor | None) -> Contact:
    """The contact of this key of the company's; else the browser's own, if it is nobody else's; else a new one."""
    found = Contact.objects.filter(external_id=identity.external_id).first()
    if found is not None and found.proven_at is not None:
        return found
    if found is not None:
        if visitor is not None and visitor.contact_id == found.pk and _is_its_own(visitor):
            return found
        contact_external_id_release(external_id=identity.external_id)  # An agent wrote it down somewhere else.
    contact = Contact(external_id=identity.external_id)
    try:
        with transaction.atomic():
            if visitor is not None and not visitor.contact.external_id and _is_its_own(visitor):
                fields_save(visitor.contact, {"external_id": identity.external_id})
                return visitor.contact
            if row_add_once(contact):
                return contact
    except IntegrityError:
        pass  # Another browser of theirs has just made it, as below.
    return Contact.objects.get(external_id=identity.external_id)


def _is_its_own(visitor: Visitor) -> bool:
    """Whether its contact is known through this browser alone."""
    contact = visitor.contact
    if contact.proven_at or contact.visitors.exclude(pk=visitor.pk).exists():
        return False
    return not Conversation.objects.filter(contact=contact).exclude(visit__visitor=visitor.pk).exists()


def _row_for(channel: WidgetChannel, token: VisitorToken, contact: Contact, page: dict[str, str]) -> Visitor:
    now = timezone.now()
    visitor = Visitor(
        pk=token.visitor,
        channel=channel,
        contact=contact,
        generation=token.generation,
        name="",
        email="",
        proven_at=now,
        page=page,
    )
    if row_add_once(visitor):
        return visitor
    found = visitor_lock(token.visitor)  # Two pages of it said hello at the same time.
    if found is None or found.contact_id != contact.pk:
        raise _token_refused()
    return found


def _hand_over(visitor: Visitor, contact: Contact) -> None:
    """What this browser has opened is the contact's; one that nothing else refers to has served its time."""
    before = visitor.contact
    for conversation_id in Visit.objects.filter(visitor=visitor).values_list("conversation", flat=True):
        conversation_change_contact(conversation_id=conversation_id, contact=contact)
    fields_save(visitor, {"contact": contact})
    if not before.external_id and not _is_referred_to(before):
        before.delete()


def _is_referred_to(contact: Contact) -> bool:
    relations = contact._meta.related_objects  # noqa: SLF001 - how Django names what refers to a model
    return any(
        relation.related_model._default_manager.filter(**{relation.field.name: contact.pk}).exists()  # noqa: SLF001
        for relation in relations
    )


def _tell(contact: Contact, identity: Identity) -> None:
    """What the company says of its customer counts for more than what anybody has typed."""
    told = _told(identity)
    if contact.proven_at is None or any(getattr(contact, name) != value for name, value in told.items()):
        contact_vouch(contact_id=contact.pk, values=told)


def _told(identity: Identity) -> dict[str, str]:
    return {name: value for name, value in (("name", identity.name), ("email", identity.email)) if value}
