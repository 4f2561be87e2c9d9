"""Admin page of conversations: to be read, never changed."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.conversations.models import Conversation, ConversationEvent, Message, Segment
from apps.tenants.pages import ReadOnlyAdmin, SetupInline, reaches_all
from apps.tenants.sites import tenant_site


class ReadOnlyInline(SetupInline):
    """A table that nobody changes."""

    can_delete = False
    max_num = 0

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        del request, obj
        return False


class MessageInline(ReadOnlyInline):
    """What was said."""

    model = Message
    fields = ("number", "created_at", "side", "kind", "author", "body")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        """In order."""
        messages: QuerySet[Message] = super().get_queryset(request)
        return messages.select_related("author").order_by("number")


class SegmentInline(ReadOnlyInline):
    """With whom it stayed."""

    model = Segment
    fields = ("kind", "queue", "agent", "started_at", "first_response_at", "wrap_up_at", "ended_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Segment]:
        """In order."""
        segments: QuerySet[Segment] = super().get_queryset(request)
        return segments.select_related("queue", "agent").order_by("started_at")


class TimelineInline(ReadOnlyInline):
    """What happened to it."""

    model = ConversationEvent
    fields = ("at", "kind", "side", "actor", "data")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ConversationEvent]:
        """In order."""
        events: QuerySet[ConversationEvent] = super().get_queryset(request)
        return events.select_related("actor").order_by("id")


@admin.register(Conversation, site=tenant_site)
class ConversationAdmin(ReadOnlyAdmin):
    """Conversations; whose role reaches only their own queues sees those of their queues."""

    permission = "monitor"
    list_display = ("contact", "channel", "state", "queue", "agent", "first_arrived_at", "ended_at", "last_line")
    list_filter = ("state", "channel", "queue")
    search_fields = ("contact__name", "contact__email", "last_line")
    list_select_related = ("contact", "queue", "agent")
    ordering = ("-first_arrived_at",)
    show_full_result_count = False
    inlines = (MessageInline, SegmentInline, TimelineInline)
    fieldsets = (
        (None, {"fields": (("contact", "channel"), ("state", "queue"), ("agent", "previous"))}),
        (
            _("Times"),
            {"fields": (("first_arrived_at", "accepted_at"), ("ended_at", "closed_at"), ("ended_by", "end_cause"))},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversation]:
        """All, or those of one's own queues."""
        conversations: QuerySet[Conversation] = super().get_queryset(request)
        if reaches_all(request):
            return conversations
        # Membership belongs to an app that this one doesn't know; the relation is there all the same.
        mine = Conversation.objects.filter(queue__memberships__agent=request.user.pk)
        return conversations.filter(pk__in=mine.values("pk"))
