"""Two contacts may be one person, says an agent who may not read both: a supervisor decides (CON-5).

Who may ask and decide is known above (`conversations.actions`): here stands what becomes of the request.
"""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.contacts import steps
from apps.contacts.actions.merge import contact_merge
from apps.contacts.choices import MergeState, Refusal
from apps.contacts.events import MergeDecided
from apps.contacts.models import Contact, MergeRequest
from apps.contacts.selectors import waiting_merge_request
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.core.rows import row_add, row_lock


@transaction.atomic
def merge_request(*, contact_id: UUID, other: Contact | None, about: str, reason: str, actor: Any) -> MergeRequest:
    """Ask a supervisor whether a contact is somebody else, too. One request at a time waits for each contact.

    Args:
        contact_id: whom the agent serves.
        other: whom they mean, as far as that is known; the agent is told nothing of it.
        about: what the agent knows the other one by; empty for what the customer says themselves.
        reason: why they think so, or empty.
        actor: who asks.

    Raises:
        DomainError: ``contact_unknown``, ``contact_merged``, ``merge_requested`` when one waits already.
    """
    contact = steps.contact_lock(contact_id)
    if waiting_merge_request(contact.pk) is not None:
        raise DomainError(Refusal.MERGE_REQUESTED, _("A supervisor was asked about this contact already."))
    asked = MergeRequest(contact=contact, other=other, about=about[:254], reason=reason[:400], requested_by=actor)
    return row_add(asked)


@transaction.atomic
def merge_confirm(*, request_id: UUID, other_id: UUID, actor: Any) -> MergeRequest:
    """They are one person: the contact that was asked about becomes part of the other one.

    Where the customer had said so themselves, that is proven now (CHAT-12).

    Raises:
        DomainError: ``request_unknown``, ``request_decided``, or what `contact_merge` refuses.
    """
    seen = _seen(request_id)
    is_proven = seen.is_claim and seen.contact.claims_id == other_id
    # Who was asked about may have become part of a third contact meanwhile.
    gone_id = seen.contact.merged_into_id or seen.contact_id
    # The merge locks both contacts, and these come before requests.
    contact_merge(kept_id=other_id, gone_id=gone_id, taken=(), actor=actor, is_proven=is_proven)
    return _decide(seen, MergeState.CONFIRMED, actor, other_id=other_id)


@transaction.atomic
def merge_decline(*, request_id: UUID, actor: Any) -> MergeRequest:
    """They stay two. What the customer has said of themselves is not suggested any more.

    Raises:
        DomainError: ``request_unknown``, ``request_decided``.
    """
    seen = _seen(request_id)
    contact = row_lock(Contact, seen.contact_id)
    if seen.is_claim and contact is not None and contact.claims_id == seen.other_id:
        contact.claims = None
        contact.save(update_fields=["claims"])
    return _decide(seen, MergeState.DECLINED, actor)


@transaction.atomic
def merge_requests_settle(*, kept_id: UUID, gone_id: UUID, actor: Any) -> None:
    """Somebody who may read both has merged them: what a supervisor was asked about the two is answered.

    Args:
        kept_id: who stayed.
        gone_id: who became part of them.
        actor: who has merged them.
    """
    both = (kept_id, gone_id)
    waiting = MergeRequest.objects.filter(contact__in=both, other__in=both, state=MergeState.WAITING)
    for request in waiting.order_by("pk"):
        _decide(request, MergeState.CONFIRMED, actor)


def _seen(request_id: UUID) -> MergeRequest:
    request = MergeRequest.objects.select_related("contact").filter(pk=request_id).first()
    if request is None:
        raise DomainError(Refusal.REQUEST_UNKNOWN, _("There is no such request."))
    _refuse_decided(request)
    return request


def _decide(seen: MergeRequest, state: MergeState, actor: Any, *, other_id: UUID | None = None) -> MergeRequest:
    request = row_lock(MergeRequest, seen.pk)
    assert request is not None  # noqa: S101 - requests are never deleted without their contact, which is locked
    _refuse_decided(request)
    request.state, request.decided_by, request.decided_at = state, actor, timezone.now()
    request.other_id = other_id or request.other_id
    request.save(update_fields=["state", "decided_by", "decided_at", "other"])
    announce(MergeDecided(request))
    return request


def _refuse_decided(request: MergeRequest) -> None:
    if request.state != MergeState.WAITING:
        raise DomainError(Refusal.REQUEST_DECIDED, _("This request was decided already."))
