"""An agent sends a mail, takes it back while that can be done, or has a failed one tried again (EML-8, EML-10)."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.permissions import Permission
from apps.agents.steps import agent_lock
from apps.contacts.actions import contact_create
from apps.contacts.models import Contact
from apps.contacts.selectors import claimed_contact
from apps.contacts.text import clean_line
from apps.conversations.choices import State
from apps.conversations.events import AgentReplying
from apps.conversations.models import Conversation
from apps.conversations.selectors import contacts_writable_by
from apps.conversations.steps import conversation_lock, outbound_discard, outbound_prepare
from apps.core.commit import after_commit
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.core.rows import row_lock
from apps.email.body import addresses_from_pairs
from apps.email.choices import DraftKind, OutboundState
from apps.email.models import MailChannel, MailDraft, MailThread, OutboundMail
from apps.email.selectors import own_addresses
from apps.mailout.actions.drafts import (
    DraftContent,
    draft_gone_error,
    draft_incomplete_error,
    draft_outdated_error,
    missing_fields,
    not_yours_error,
    refuse_recipients,
    refuse_writing,
)
from apps.mailout.choices import Refusal
from apps.mailout.content import outbound_mail_id
from apps.mailout.selectors.answers import replied_since, writer_name
from apps.mailout.selectors.outbox import bounced_recipients, can_send, queue_channel
from apps.mailout.steps.queue import RELEASE_DEADLINE, mail_left_error, outbound_lock, outbound_requeue
from apps.mime.types import Address
from apps.queues.choices import Family
from apps.queues.models import Queue
from apps.routing.actions import agent_dispatch
from apps.routing.steps import slot_reserve, slots_release
from apps.timers.steps import wakeup_clear, wakeup_set

HELD_FOR = timedelta(seconds=10)
"""How long a mail can be taken back (EML-10)."""


@transaction.atomic
def mail_send(
    *, draft_id: UUID, version: int, actor: User, seen: int | None = None, close: bool = False
) -> OutboundMail:
    """Send what an agent has written: it leaves in ten seconds, whatever becomes of them (EML-8, EML-10).

    A new mail prepares a conversation, which begins when it leaves, and takes a slot for it now (EML-7). A reply wakes
    a snoozed one (SNZ-4). Sent twice it is sent once.

    Args:
        draft_id: as it was saved.
        version: the one that its writer has seen.
        actor: who sends it.
        seen: the number of the conversation's last line that its writer knows of; not asked by default.
        close: when it has left, the conversation ends.

    Raises:
        DomainError: ``draft_gone``, ``draft_outdated``, ``draft_incomplete``, ``replied_since`` (`number` is that of
            the newest line of somebody else), ``not_yours``, ``conversation_ended``, ``not_by_mail``,
            ``mail_address_invalid``, ``mail_recipient_ours``, ``mail_blocked``, ``mail_too_large``,
            ``channel_cannot_send``, ``queue_unknown``, ``queue_closed``, ``no_free_slot``.
    """
    begun = MailDraft.objects.filter(pk=draft_id, agent=actor).first()
    if begun is None:
        raise draft_gone_error()
    conversation = conversation_lock(begun.conversation_id) if begun.conversation_id is not None else None
    draft = row_lock(MailDraft, draft_id)
    if draft is None:
        raise draft_gone_error()
    if (sent := OutboundMail.objects.filter(draft=draft).first()) is not None:
        return sent
    if draft.version != version:
        raise draft_outdated_error(draft)
    _check(draft)
    _refuse_unread(draft, seen)
    channel = _channel(draft, conversation)
    now = timezone.now()
    if conversation is None:
        conversation = _prepare(draft, actor)
    else:
        _may_answer(conversation, actor)
    row = OutboundMail(
        state=OutboundState.HELD,
        conversation=conversation,
        channel=channel,
        agent=actor,
        draft=draft,
        created_at=now,
        release_at=now + HELD_FOR,
        close_after=close,
    )
    row.mail_id = outbound_mail_id(row)
    row.save(force_insert=True)
    wakeup_set(kind=RELEASE_DEADLINE, object_id=row.pk, due_at=now + HELD_FOR)
    return row


@transaction.atomic
def mail_undo(*, outbound_id: UUID, actor: User) -> MailDraft:
    """Take a mail back before it leaves: what remains is the draft (EML-8, EML-10).

    A conversation that it was about to begin never was; its slot is free.

    Args:
        outbound_id: as `mail_send` returned it.
        actor: who sent it.

    Raises:
        DomainError: ``mail_left`` when it is too late, ``not_yours``.
    """
    row, conversation = outbound_lock(outbound_id)
    if row.agent_id != actor.pk:
        raise not_yours_error()
    if row.state != OutboundState.HELD or row.draft is None:
        raise mail_left_error()
    draft = row.draft
    wakeup_clear(kind=RELEASE_DEADLINE, object_id=row.pk)
    written_at = row.created_at
    row.delete()
    if conversation.state == State.ARRIVED:
        _forget(conversation, written_at)
    return draft


@transaction.atomic
def mail_retry(*, outbound_id: UUID, actor: User) -> OutboundMail:
    """Have a mail sent again that failed, or to those who did not get it: whose servers refused it, or from whom it
    came back (EML-10). It stays the same mail.

    Args:
        outbound_id: it.
        actor: the agent who has the conversation, or who wrote it; or who sets up channels.

    Raises:
        DomainError: ``mail_not_failed``, ``not_yours``.
    """
    row, conversation = outbound_lock(outbound_id)
    if actor.pk not in {conversation.agent_id, row.agent_id} and not actor.may(Permission.SETTINGS):
        raise not_yours_error()
    returned = bounced_recipients(row) if row.state == OutboundState.SENT else []
    if row.state != OutboundState.FAILED and not (row.state == OutboundState.SENT and (row.refused or returned)):
        raise DomainError(Refusal.MAIL_NOT_FAILED, _("This mail has been sent, or is just being sent."))
    return outbound_requeue(row, conversation, returned=returned)


# --- What speaks against it


def _refuse_unread(draft: MailDraft, seen: int | None) -> None:
    """Refuse a mail whose writer does not know what somebody else has said meanwhile (EML-9)."""
    found = replied_since(draft) if seen is not None else None
    if found is None or found.number <= (seen or 0):
        return
    message = _("%(name)s replied while you were writing. Your mail has not been sent.") % {"name": writer_name(found)}
    raise DomainError(Refusal.REPLIED_SINCE, message, number=found.number)


def _check(draft: MailDraft) -> None:
    letter = draft_content(draft)
    if missing := missing_fields(letter, DraftKind(draft.kind)):
        raise draft_incomplete_error(missing)
    refuse_recipients(letter)
    everybody = (*letter.to, *letter.cc, *letter.bcc)
    if ours := own_addresses(everybody):
        message = _("%(address)s is an address of ours: whatever is sent there would go round in circles.")
        raise DomainError(Refusal.MAIL_RECIPIENT_OURS, message % {"address": min(ours)})
    size = draft.files.aggregate(sum=Sum("file__size"))["sum"] or 0
    # What goes as text takes a third more.
    if size * 4 / 3 > settings.MAIL_MAX_MEGABYTES * 1024 * 1024:
        message = _("This mail is too large: %(max)s MB at most, with everything that goes with it.")
        raise DomainError(Refusal.MAIL_TOO_LARGE, message % {"max": settings.MAIL_MAX_MEGABYTES})


def draft_content(draft: MailDraft) -> DraftContent:
    """A draft as its editor had it, but for its files."""
    return DraftContent(
        to=addresses_from_pairs(draft.to),
        cc=addresses_from_pairs(draft.cc),
        bcc=addresses_from_pairs(draft.bcc),
        subject=draft.subject,
        body=draft.body,
        quotes=draft.quotes,
        queue_id=draft.queue_id,
    )


def _channel(draft: MailDraft, conversation: Conversation | None) -> MailChannel:
    """Whose server it leaves by: the thread's, or the queue's where that one is off."""
    queue: Queue | None = draft.queue
    if conversation is not None:
        queue = conversation.queue
        thread = MailThread.objects.filter(pk=conversation.pk).select_related("channel").first()
        if thread is not None and can_send(thread.channel):
            return thread.channel
    channel = queue_channel(queue) if queue is not None else None
    if channel is None:
        raise DomainError(
            Refusal.CHANNEL_CANNOT_SEND,
            _("No mail can be sent from this queue: it has no active channel with a server."),
        )
    return channel


def _may_answer(conversation: Conversation, actor: User) -> None:
    refuse_writing(conversation, actor)
    if conversation.state == State.SNOOZED:
        announce(AgentReplying(conversation, actor))


# --- A conversation that begins with it


def _prepare(draft: MailDraft, actor: User) -> Conversation:
    if draft.queue is None:
        raise draft_incomplete_error(["queue"])
    first = next(iter(addresses_from_pairs([*draft.to, *draft.cc, *draft.bcc])))
    known = claimed_contact(first.key)
    if known is not None and known.blocked_at is not None:
        raise DomainError(Refusal.MAIL_BLOCKED, _("%(name)s is blocked.") % {"name": first.address})
    contact = _contact_for(first, actor)
    conversation = outbound_prepare(channel=Family.EMAIL, queue=draft.queue, contact=contact)
    if not slot_reserve(conversation, agent_lock(actor.pk)):
        raise DomainError(
            Refusal.NO_FREE_SLOT, _("All your email slots are taken. Close a conversation first; the draft is kept.")
        )
    return conversation


def _contact_for(address: Address, actor: User) -> Contact:
    """Whom its agent knows by this address; else somebody new, until an answer proves who that is (CHAT-12).

    Somebody of whom the agent may not read everything is not found: nobody is served by being written to, and whether
    they are known is not said (CON-5).
    """
    known = Q(email=address.key) | Q(more_emails__contains=[address.key])
    found = contacts_writable_by(actor).filter(known, blocked_at=None).order_by("created_at").first()
    return found or contact_create(name=clean_line(address.name[:160], 160), email=address.key, claims=False)


def _forget(conversation: Conversation, written_at: object) -> None:
    for agent_id in slots_release(conversation):
        after_commit(agent_dispatch, agent_id=agent_id)
    contact_id = conversation.contact_id
    outbound_discard(conversation=conversation)
    # Somebody whom nobody knew before this mail, and whom nobody has got to know since.
    unknown = Contact.objects.filter(pk=contact_id, created_at__gte=written_at, version=0)
    for contact in unknown.filter(conversations=None):
        try:
            with transaction.atomic():
                contact.delete()
        except ProtectedError:
            continue
