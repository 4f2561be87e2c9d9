"""A conversation that a new mail is about to begin: prepared when it is sent, forgotten when it is taken back (EML-7).

Inside the transaction that sends the mail or takes it back.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.agents.steps import agent_lock
from apps.contacts.selectors import claimed_contact
from apps.conversations.actions import contact_for_recipient, contact_forget_unknown
from apps.conversations.models import Conversation
from apps.conversations.steps import outbound_discard, outbound_prepare
from apps.core.errors import DomainError
from apps.email.body import addresses_from_pairs
from apps.email.models import MailDraft
from apps.mailout.choices import Refusal
from apps.mailout.draft_refusals import draft_incomplete_error
from apps.queues.choices import Family
from apps.routing.steps import slot_reserve, slots_release_and_dispatch


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
    contact = contact_for_recipient(email=first.key, name=first.name, actor=actor)
    conversation = outbound_prepare(channel=Family.EMAIL, queue=draft.queue, contact=contact)
    if not slot_reserve(conversation, agent_lock(actor.pk)):
        raise DomainError(
            Refusal.NO_FREE_SLOT, _("All your email slots are taken. Close a conversation first; the draft is kept.")
        )
    return conversation


def new_conversation_forget(conversation: Conversation, written_at: datetime) -> None:
    """It never was: its slot is free, and whoever was met by it alone is unknown again.

    Args:
        conversation: prepared and not begun, locked.
        written_at: when its mail was sent.
    """
    slots_release_and_dispatch(conversation)
    contact_id = conversation.contact_id
    outbound_discard(conversation=conversation)
    contact_forget_unknown(contact_id, since=written_at)
