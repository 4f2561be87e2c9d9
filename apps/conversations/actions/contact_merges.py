"""Two contacts are one person: said by whoever may read both, else asked of a supervisor (CON-5)."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit.actions import audit_record
from apps.contacts.actions import contact_merge, merge_confirm, merge_decline, merge_request, merge_requests_settle
from apps.contacts.models import Contact, MergeRequest
from apps.contacts.selectors import claimed_contact
from apps.conversations.choices import OWNED_STATES, AuditVerb, Refusal
from apps.conversations.models import Conversation
from apps.conversations.selectors import contacts_readable_by, contacts_writable_by, merge_requests_decidable_by
from apps.conversations.text import clean_body
from apps.core.errors import DomainError
from apps.masking.choices import Speaker
from apps.masking.selectors import mask_text

LONGEST = 254
"""Characters of a name, an address or a number."""


@transaction.atomic
def contact_merge_checked(*, kept_id: UUID, gone_id: UUID, taken: Collection[str], actor: User) -> Contact:
    """Make two contacts one, of both of whom the actor may read everything. It opens nothing to anybody (CON-5).

    Where the customer had said that they are the other one, that is a suggestion that the actor has followed, and no
    proof: nobody serves more than before.

    Args:
        kept_id: who stays.
        gone_id: who becomes part of them.
        taken: fields of which the second's value wins, as for `contact_merge`.
        actor: who merges them.

    Raises:
        DomainError: ``contact_unknown`` also for one whom the actor may not read, or not wholly, or what
            `contact_merge` refuses.
    """
    if contacts_writable_by(actor).filter(pk__in=[kept_id, gone_id]).count() < len({kept_id, gone_id}):
        raise _unknown()
    kept = contact_merge(kept_id=kept_id, gone_id=gone_id, taken=taken, actor=actor)
    audit_record(AuditVerb.MERGE_CONTACTS, actor=actor, target=kept, detail={"merged": gone_id, "taken": sorted(taken)})
    merge_requests_settle(kept_id=kept_id, gone_id=gone_id, actor=actor)
    return kept


@transaction.atomic
def merge_request_create(*, conversation_id: UUID, about: str, reason: str, actor: User) -> MergeRequest:
    """Ask a supervisor whether one's customer is somebody whom one may not read.

    Whether anybody is known by what is asked about is not said: the answer is the same for everything.

    Args:
        conversation_id: one that is with the actor, and not closed: then it may have become a stranger's.
        about: a name, an address or a number; empty where the customer says it themselves.
        reason: why, or empty.
        actor: the agent.

    Raises:
        DomainError: ``not_yours``, ``merge_about_nobody`` when nothing is asked about, or what `merge_request` refuses.
    """
    found = (
        Conversation.objects.select_related("contact__claims")
        .filter(pk=conversation_id, agent=actor, state__in=OWNED_STATES)
        .first()
    )
    if found is None:
        raise DomainError(Refusal.NOT_YOURS, _("This conversation is not with you."))
    # What agents write is masked, and cut where its column ends.
    about, reason = (
        mask_text(clean_body(each, may_be_empty=True).strip(), queue_id=found.queue_id, who=Speaker.AGENT).text
        for each in (about, reason)
    )
    about = about[:LONGEST]
    other = found.contact.claims
    if about:
        other = claimed_contact(about.casefold())
        if other is not None and other.pk == found.contact_id:
            other = None
    elif other is None:
        raise DomainError(Refusal.MERGE_ABOUT_NOBODY, _("Say who it is: a name, an email address or a number."))
    return merge_request(contact_id=found.contact_id, other=other, about=about, reason=reason, actor=actor)


@transaction.atomic
def merge_request_decide(*, request_id: UUID, other_id: UUID | None, actor: User) -> MergeRequest:
    """Confirm that two contacts are one person, or decline it: a supervisor who may read both (CON-5).

    Args:
        request_id: what was asked.
        other_id: who the contact is, too; none declines.
        actor: the supervisor.

    Raises:
        DomainError: ``request_unknown`` also for one that the actor may not decide, ``contact_unknown``,
            ``request_decided``, or what `contact_merge` refuses.
    """
    if not merge_requests_decidable_by(actor).filter(pk=request_id).exists():
        raise DomainError(Refusal.REQUEST_UNKNOWN, _("There is no such request."))
    if other_id is None:
        declined = merge_decline(request_id=request_id, actor=actor)
        audit_record(AuditVerb.MERGE_DECLINE, actor=actor, target=declined.contact)
        return declined
    if not contacts_readable_by(actor).filter(pk=other_id).exists():
        raise _unknown()
    confirmed = merge_confirm(request_id=request_id, other_id=other_id, actor=actor)
    audit_record(AuditVerb.MERGE_CONTACTS, actor=actor, target=confirmed.contact, detail={"merged": other_id})
    return confirmed


def _unknown() -> DomainError:
    return DomainError(Refusal.CONTACT_UNKNOWN, _("There is no such contact."))
