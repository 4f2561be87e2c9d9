"""What was done becomes an entry, inside the transaction that does it (AUD-1)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model
from django.utils.encoding import force_str

from apps.audit.choices import ActorKind
from apps.audit.models import AuditEntry
from apps.audit.registry import audited, verb_check
from apps.audit.snapshots import difference, plain_json, related_value, shorten, snapshot
from apps.core.origin import origin_address, origin_integration, origin_user
from apps.core.rows import row_add


@dataclass(frozen=True)
class AuditActor:
    """Who did it, where that is no user: a customer, an integration.

    Attributes:
        kind: which.
        name: what they are called.
        id: theirs, if they have one.
    """

    kind: ActorKind
    name: str = ""
    id: UUID | None = None


@dataclass(frozen=True)
class AuditTarget:
    """What it was done to, where that is no row: an export, a list.

    Attributes:
        type: its kind, such as "audit.export".
        name: what it is called.
        id: its own, if it has one.
    """

    type: str
    name: str = ""
    id: str = ""


def audit_record(
    verb: str,
    *,
    actor: Any,
    target: Model | AuditTarget | None = None,
    changes: Mapping[str, list[Any]] | None = None,
    before: Mapping[str, Any] | None = None,
    detail: Mapping[str, Any] | None = None,
    conversation: UUID | None = None,
) -> AuditEntry:
    """Write down an act. Where from, `core.origin` knows. Nothing secret belongs into any of it.

    Args:
        verb: a verb that an app has declared in its `audited.py`, such as "form.reveal".
        actor: the user, or an `AuditActor`; None is the program that the work is done for, else whoever is signed in
            where it was asked for, else the installation itself.
        target: what it was done to.
        changes: by name of the field, what it was and what it became, as people read it.
        before: by name of the field, what was stored before, for restoring it.
        detail: what else there is to know, of plain values.
        conversation: of which it was a part.

    Returns:
        The entry; its place in the chain it gets at the commit.

    Raises:
        ValueError: no app has declared the verb.
    """
    verb_check(verb)
    return _entry_add(verb, _actor(actor), _target(target), changes, before, detail, conversation)


@contextmanager
def audit_change(
    row: Model, *, actor: Any, verb: str = "", detail: Mapping[str, Any] | None = None, is_new: bool = False
) -> Iterator[None]:
    """Write down how what is done inside changes a row: made, changed or deleted. Nothing where nothing changed.

    The row is read as it is stored, with the relations that its app has registered, before and after, and locked
    between: of two changes at once each has its own before. Inside the action's transaction.

    Args:
        row: the row; whatever has been set on it and not saved makes no difference.
        actor: as for `audit_record`.
        verb: in place of the one that follows from what happened, such as "queue.change".
        detail: as for `audit_record`.
        is_new: it was made just now: all of it is what has become different.

    Raises:
        LookupError: its model is not registered.
    """
    model, key = row.__class__, row.pk  # Not its type: the user of a request is wrapped.
    with transaction.atomic():
        before, old_name = (None, "") if is_new else snapshot(model, key, locks=True)
        yield
        after, name = snapshot(model, key if key is not None else row.pk)
        found = difference(before, after)
        if not found.changes and (before is None) == (after is None):
            return
        happened = "create" if before is None else "delete" if after is None else "change"
        said = audited(model)
        verb = verb or f"{said.noun}.{happened}"
        verb_check(verb)
        target = AuditTarget(said.model._meta.label_lower, name or old_name, str(key if key is not None else row.pk))  # noqa: SLF001
        _entry_add(verb, _actor(actor), target, found.changes, found.before, detail, None)


@contextmanager
def audit_related(row: Model, name: str, *, actor: Any) -> Iterator[None]:
    """Write down how what is done inside changes rows that belong to a row, such as who serves a queue.

    For rows that are too many for every snapshot of it. The row isn't locked. Inside the action's transaction.

    Args:
        row: to which they belong, of a registered model.
        name: of the relation.
        actor: as for `audit_record`.
    """
    model = audited(row.__class__).model
    with transaction.atomic():
        before = related_value(model, row.pk, name)
        yield
        after = related_value(model, row.pk, name)
        if before is not None and after is not None:
            found = difference({name: before}, {name: after})
            if found.changes:
                verb = f"{audited(model).noun}.change"
                _entry_add(verb, _actor(actor), _target(row), found.changes, found.before, None, None)


def _entry_add(
    verb: str,
    actor: AuditActor,
    target: AuditTarget,
    changes: Mapping[str, list[Any]] | None,
    before: Mapping[str, Any] | None,
    detail: Mapping[str, Any] | None,
    conversation: UUID | None,
) -> AuditEntry:
    return row_add(
        AuditEntry(
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_name=actor.name[:200],
            address=origin_address()[:64],
            verb=verb,
            target_type=target.type,
            target_id=target.id,
            target_name=target.name[:300],
            changes=plain_json(changes or {}),
            before=plain_json(before or {}),
            detail=shorten(plain_json(detail or {})),
            conversation_id=conversation,
        )
    )


def _actor(actor: Any) -> AuditActor:
    if isinstance(actor, AuditActor):
        return actor
    if actor is None and (program := origin_integration()) is not None:
        return AuditActor(ActorKind.INTEGRATION, program.name, program.id)
    actor = actor or origin_user()
    if actor is None:
        return AuditActor(ActorKind.SYSTEM)
    kind = ActorKind.OPERATOR if actor.is_operator else ActorKind.USER
    return AuditActor(kind, force_str(actor), actor.pk)


def _target(target: Model | AuditTarget | None) -> AuditTarget:
    if isinstance(target, Model):
        options = (target._meta.concrete_model or target.__class__)._meta  # noqa: SLF001
        return AuditTarget(options.label_lower, force_str(target), str(target.pk))
    return target or AuditTarget("")
