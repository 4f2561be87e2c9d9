"""Reads of forms. What stands in one is read here alone."""

import json
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.accounts.models import User
from apps.accounts.permissions import AGENT, Permission
from apps.conversations.selectors import conversations_readable_by
from apps.forms.choices import PURPOSE
from apps.forms.models import Form, FormSettings, FormValue, SentForm
from apps.forms.submission import FieldValue
from apps.vault.encryption import decrypt_values


def sendable_forms(*, queue: Any, group: Any) -> QuerySet[Form]:
    """The forms that may be sent: published, switched on, and meant for this queue and this agent's group (FRM-1).

    Args:
        queue: the conversation's queue: its id, or an expression such as ``OuterRef("queue")``.
        group: the agent's group: its id, or an expression.
    """
    of_queue = Form.queues.through.objects.filter(form=OuterRef("pk"), queue=queue)
    of_group = Form.agent_groups.through.objects.filter(form=OuterRef("pk"), agentgroup=group)
    return Form.objects.filter(
        Q(queues_only=False) | Exists(of_queue),
        Q(groups_only=False) | Exists(of_group),
        is_active=True,
        published__isnull=False,
    )


def sent_forms(conversation_id: UUID) -> list[SentForm]:
    """The forms that were sent in a conversation, the oldest first."""
    rows = SentForm.objects.filter(conversation=conversation_id).select_related("version", "message", "agent")
    return list(rows.order_by("sent_at", "pk"))


def sent_form_for(user: User, sent_id: UUID) -> SentForm | None:
    """A sent form of a conversation that this user may see; none when they may not."""
    rows = SentForm.objects.select_related("version", "form", "conversation__contact", "conversation__queue", "message")
    return rows.filter(pk=sent_id, conversation__in=conversations_readable_by(user)).first()


def may_reveal(user: User, settings: FormSettings | None = None) -> bool:
    """Whether this user may see secured values: by their role, agents by the switch (TEN-5).

    Args:
        user: with their role.
        settings: the tenant's, where they are at hand.
    """
    if user.may(Permission.REVEAL):
        return True
    return reveals_by_switch(user) and bool((settings or FormSettings.load()).agents_reveal)


def reveals_by_switch(user: User) -> bool:
    """Whether the switch decides whether this user sees secured values: of the stock role of agents alone (TEN-5)."""
    return user.is_active and user.role is not None and user.role.is_stock and user.role.code == AGENT


def form_values(sent_ids: Collection[UUID], names: Mapping[UUID, Collection[str]] | None = None) -> dict[UUID, Any]:
    """What stands in sent forms: by form, by the name of the field.

    Args:
        sent_ids: the forms.
        names: of each form the fields that are needed; none means all of all.

    Raises:
        DecryptionError: the keys were erased.
    """
    rows = FormValue.objects.filter(sent__in=sent_ids)
    if names is not None:
        wanted = Q(pk=None)
        for sent_id, keys in names.items():
            wanted |= Q(sent=sent_id, key__in=list(keys))
        rows = rows.filter(wanted)
    found = list(rows)
    plain = decrypt_values({row.pk: row.sealed for row in found}, purpose=PURPOSE)
    values: dict[UUID, dict[str, FieldValue]] = {sent_id: {} for sent_id in sent_ids}
    for row in found:
        values[row.sent_id][row.key] = json.loads(plain[row.pk])
    return values


def conversation_has_forms(conversation: Any) -> Exists:
    """Whether forms were sent in a conversation, as a condition of a query."""
    return Exists(SentForm.objects.filter(conversation=conversation))


def sent_form_by_link(sent_id: UUID) -> SentForm | None:
    """What a link is for; none of a conversation that turned out to be spam (CON-10)."""
    rows = SentForm.objects.select_related("version", "conversation__agent")
    return rows.filter(pk=sent_id, conversation__is_spam=False).first()
