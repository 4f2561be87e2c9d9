"""What a site's page tells about its customer while it stands open (CHAT-14)."""

from uuid import UUID

from django.db import transaction

from apps.chat import selectors
from apps.chat.frames import VisitorFrame
from apps.chat.models import Visit
from apps.chat.steps import attributes_keep, fields_save, visitor_lock
from apps.chat.text import PAGES, Attributes
from apps.conversations.choices import CUSTOMER_OPEN_STATES
from apps.conversations.models import Conversation
from apps.realtime.publish import agent_group, publish


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
