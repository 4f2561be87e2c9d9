"""What a site's page tells about its customer while it stands open (CHAT-14)."""

from typing import Any
from uuid import UUID

from django.db import transaction

from apps.chat import selectors
from apps.chat.frames import VisitorFrame
from apps.chat.models import Visit, Visitor
from apps.chat.steps import fields_save, visitor_lock
from apps.chat.text import ATTRIBUTES, PAGES, Attributes
from apps.conversations.choices import CUSTOMER_OPEN_STATES
from apps.conversations.models import Conversation
from apps.realtime.groups import agent_group
from apps.realtime.publish import publish


@transaction.atomic
def visitor_page_move(*, visitor_id: UUID, page: dict[str, str], seen: dict[str, str]) -> None:
    """The customer is on another page of the site: kept, and told to the agent who has them now.

    Args:
        visitor_id: the browser; one that never wrote has nothing to keep it in.
        page: address and title, cleaned.
        seen: the same with the time, as `Visitor.pages` keeps it.
    """
    visitor = visitor_lock(visitor_id)
    if visitor is None or not page.get("url"):
        return
    now = {**visitor.page, "url": page["url"], "title": page.get("title", "")}
    if now == visitor.page:
        return
    fields_save(visitor, {"page": now, "pages": [*visitor.pages, seen][-PAGES:]})
    running = selectors.visit_open(visitor.pk)
    if running is not None and running.agent_id:
        told = VisitorFrame(conversation=running.pk, url=now["url"], title=now["title"])
        publish(told, groups=[agent_group(running.agent_id)])


@transaction.atomic
def visitor_attributes_set(*, visitor_id: UUID, attributes: Attributes) -> None:
    """The site says something about its customer: kept with the browser, its open conversation and its contact.

    Args:
        visitor_id: the browser; one that never wrote has nothing to keep it in.
        attributes: by name, cleaned; None takes one away.
    """
    visitor = visitor_lock(visitor_id)
    if visitor is None:
        return
    attributes_keep(visitor, attributes)
    running = Conversation.objects.filter(visit__visitor=visitor, state__in=CUSTOMER_OPEN_STATES)
    Visit.objects.filter(conversation__in=running).update(attributes=visitor.attributes)


def attributes_keep(visitor: Visitor, attributes: Attributes) -> None:
    """Keep what the site says with the browser, which is locked, and with its contact where it says anything new there.

    A page can be made to say anything. So a contact whom a browser has only found by an address learns nothing, and a
    value that somebody else has set at the contact stays.
    """
    if not attributes:
        return
    before = visitor.attributes
    after = _merged(before, attributes)
    if after == before:
        return
    fields_save(visitor, {"attributes": after})
    if visitor.proven_at is None and _is_shared(visitor):
        return
    known = visitor.contact.attributes
    mine = {name: value for name, value in attributes.items() if name not in known or known[name] == before.get(name)}
    merged = _merged(known, mine)
    if merged != known:
        fields_save(visitor.contact, {"attributes": merged})


def _is_shared(visitor: Visitor) -> bool:
    contact = visitor.contact
    return contact.proven_at is not None or contact.visitors.exclude(pk=visitor.pk).exists()


def _merged(before: dict[str, Any], attributes: Attributes) -> dict[str, Any]:
    """With these values; of too many, those that were there stay."""
    merged = {name: value for name, value in before.items() if attributes.get(name, value) is not None}
    for name, value in attributes.items():
        if value is not None and (name in merged or len(merged) < ATTRIBUTES):
            merged[name] = value
    return merged
