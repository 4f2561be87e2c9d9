"""A conversation that a new mail is about to begin: prepared when it is sent, forgotten when it is taken back (EML-7).

Inside the transaction that sends the mail or takes it back.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError, Q
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.agents.steps import agent_lock
from apps.contacts.actions import contact_create
from apps.contacts.models import Contact
from apps.contacts.selectors import claimed_contact
from apps.contacts.text import clean_line
from apps.conversations.models import Conversation
from apps.conversations.selectors import contacts_writable_by
from apps.conversations.steps import outbound_discard, outbound_prepare
from apps.core.commit import after_commit
from apps.core.errors import DomainError
from apps.email.body import addresses_from_pairs
from apps.email.models import MailDraft
from apps.mailout.choices import Refusal
from apps.mailout.draft_refusals import draft_incomplete_error
from apps.mime.types import Address
from apps.queues.choices import Family
from apps.routing.actions import agent_dispatch
from apps.routing.steps import slot_reserve, slots_release


def new_conversation_prepare(draft: MailDraft, actor: User) -> Conversation:
    """The conversation that a new mail will begin, with a slot of its writer's.

    Args:
        draft: a new mail, locked.
        actor: who sends it.

    Raises:
        DomainError: ``draft_incomplete``, ``mail_blocked``, ``no_free_slot``, ``queue_closed``.
    """
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


def new_conversation_forget(conversation: Conversation, written_at: datetime) -> None:
    """It never was: its slot is free, and whoever was met by it alone is unknown again.

    Args:
        conversation: prepared and not begun, locked.
        written_at: when its mail was sent.
    """
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
