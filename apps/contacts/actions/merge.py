"""Two contacts turn out to be one person (CON-5)."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.contacts import steps
from apps.contacts.choices import ChangeKind, Refusal
from apps.contacts.events import ContactsMerged, ContactsMerging
from apps.contacts.models import Contact, MergeRequest, ProvenEmail
from apps.contacts.text import MOST
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.timers.steps import wakeup_set

MERGED_DEADLINE = "contacts.merged"
SETTLES_AFTER = timedelta(seconds=60)
"""By then whoever read the contact before it was merged has written what they were about to."""

SINGLE = ("name", "email", "phone", "language", "time_zone", "external_id")
"""Fields of which one of the two wins."""


@transaction.atomic
def contact_merge(
    *, kept_id: UUID, gone_id: UUID, taken: Collection[str], actor: Any, is_proven: bool = False
) -> Contact:
    """Make two contacts one: conversations, browsers and notes of the second become the first's.

    Nothing that is known is lost: where both know something, the first wins unless it is named in `taken`, and the
    email and phone that lose become further ones. The second's row stays and leads to the first.

    Args:
        kept_id: who stays.
        gone_id: who becomes part of them.
        taken: fields of which the second's value wins; ``custom:<id>`` for those of the company's own.
        actor: who merges them. Whether they may is known above (`conversations.actions.contact_merge_checked`).
        is_proven: the second has said that they are the first, and that is proven now (CHAT-12).

    Raises:
        DomainError: ``contact_itself``, ``contact_unknown``, ``contact_merged``, ``contact_both_proven``.
    """
    if kept_id == gone_id:
        raise DomainError(Refusal.CONTACT_ITSELF, _("This is the same contact."))
    kept, gone = _lock_both(kept_id, gone_id)
    if kept.proven_at and gone.proven_at and kept.external_id != gone.external_id:
        raise DomainError(
            Refusal.CONTACT_BOTH_PROVEN, _("The company vouches for both as two customers: they stay two.")
        )
    values = _together(kept, gone, frozenset(taken))
    # Its external id is free before the other one takes it.
    steps.contact_write(gone, {"external_id": ""}, ChangeKind.MERGED_AWAY, actor=actor, other=kept)
    now = timezone.now()
    gone.merged_into, gone.merged_at, gone.settles_at = kept, now, now + SETTLES_AFTER
    gone.save(update_fields=["merged_into", "merged_at", "settles_at"])
    Contact.objects.filter(merged_into=gone).update(merged_into=kept)
    steps.contact_write(kept, values, ChangeKind.MERGED, actor=actor, other=gone)
    _stay_known(kept, gone)
    _claims_follow(kept, gone)
    announce(ContactsMerged(kept, gone, is_proven))
    wakeup_set(kind=MERGED_DEADLINE, object_id=gone.pk, due_at=gone.settles_at)
    return kept


def _stay_known(kept: Contact, gone: Contact) -> None:
    """Who was vouched for stays so, and who was blocked is not let in by a merge."""
    kept.proven_at = kept.proven_at or gone.proven_at
    if kept.blocked_at is None:
        kept.blocked_at, kept.blocked_by = gone.blocked_at, gone.blocked_by
    kept.save(update_fields=["proven_at", "blocked_at", "blocked_by"])


def _claims_follow(kept: Contact, gone: Contact) -> None:
    """Who said that they are one of the two says that they are both; the two say nothing of each other any more."""
    ProvenEmail.objects.filter(contact=gone).update(contact=kept)
    Contact.objects.filter(claims=gone).exclude(pk=kept.pk).update(claims=kept)
    Contact.objects.filter(pk__in=[kept.pk, gone.pk], claims__in=[kept.pk, gone.pk]).update(claims=None)
    Contact.objects.filter(pk=gone.pk).update(claims=None)
    MergeRequest.objects.filter(other=gone).update(other=kept)


def _lock_both(kept_id: UUID, gone_id: UUID) -> tuple[Contact, Contact]:
    """Both contacts, locked in the order of their keys: two merges of the same two wait for one another."""
    for outer in (True, False):
        announce(ContactsMerging((kept_id, gone_id), outer))
    locked = {pk: steps.contact_lock(pk) for pk in sorted((kept_id, gone_id))}
    return locked[kept_id], locked[gone_id]


def _together(kept: Contact, gone: Contact, taken: frozenset[str]) -> dict[str, Any]:
    """What is known of both."""
    own = {f"{steps.OWN}{key}" for key in (*kept.custom, *gone.custom)}
    values: dict[str, Any] = {}
    for name in (*SINGLE, *own):
        mine, theirs = steps.field_value(kept, name), steps.field_value(gone, name)
        values[name] = theirs if _is_known(theirs) and (name in taken or not _is_known(mine)) else mine
    # What the company vouches for is nobody's choice.
    vouched = next((each for each in (kept, gone) if each.proven_at), None)
    if vouched is not None:
        values["external_id"] = vouched.external_id or values["external_id"]
    for one, more in (("email", "more_emails"), ("phone", "more_phones")):
        known = [getattr(kept, one), *getattr(kept, more), getattr(gone, one), *getattr(gone, more)]
        left = dict.fromkeys(each for each in known if each and each != values[one])
        values[more] = list(left)[: 2 * MOST]
    values["attributes"] = gone.attributes | kept.attributes
    return values


def _is_known(value: Any) -> bool:
    # No is an answer, too.
    return value not in (None, "")


@transaction.atomic
def contact_merge_settle(*, contact_id: UUID, due_at: datetime) -> None:
    """A minute after a merge: what was being written to the contact at that moment follows, too.

    Args:
        contact_id: the contact that was merged into another.
        due_at: the deadline that is due.
    """
    gone = Contact.objects.select_related("merged_into").filter(pk=contact_id).first()
    if gone is None or gone.merged_into is None or gone.settles_at != due_at:
        return
    for outer in (True, False):
        announce(ContactsMerging((gone.merged_into.pk, gone.pk), outer))
    announce(ContactsMerged(gone.merged_into, gone))
    Contact.objects.filter(pk=gone.pk).update(settles_at=None)
