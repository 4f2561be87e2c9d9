"""Admin page of conversations: to be read, never changed."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from apps.conversations.actions import conversation_read_record
from apps.conversations.event_kinds import event_kind_label
from apps.conversations.models import Conversation, ConversationEvent, Message, Segment
from apps.conversations.selectors import conversations_readable_by
from apps.tenants.admin_base import ReadOnlyAdmin, acting_user, exact_time
from apps.tenants.admin_sites import tenant_site
from apps.tenants.admin_tables import SetupInline


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
    fields = ("number", "time", "side", "kind", "author", "body", "sentiment")
    readonly_fields = ("time",)

    @admin.display(description=_("time"))
    def time(self, row: Message) -> str:
        """When it was said."""
        return exact_time(row.created_at)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        """In order."""
        messages: QuerySet[Message] = super().get_queryset(request)
        return messages.select_related("author").order_by("number")


class SegmentInline(ReadOnlyInline):
    """With whom it stayed."""

    model = Segment
    fields = ("kind", "queue", "agent", "started", "first_response", "wrap_up", "ended")
    readonly_fields = ("started", "first_response", "wrap_up", "ended")

    @admin.display(description=_("from"))
    def started(self, row: Segment) -> str:
        """Its start."""
        return exact_time(row.started_at)

    @admin.display(description=_("first response"))
    def first_response(self, row: Segment) -> str:
        """The agent's first message."""
        return exact_time(row.first_response_at)

    @admin.display(description=_("wrap-up"))
    def wrap_up(self, row: Segment) -> str:
        """The end for the customer."""
        return exact_time(row.wrap_up_at)

    @admin.display(description=_("to"))
    def ended(self, row: Segment) -> str:
        """Its end."""
        return exact_time(row.ended_at)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Segment]:
        """In order."""
        segments: QuerySet[Segment] = super().get_queryset(request)
        return segments.select_related("queue", "agent").order_by("started_at")


class TimelineInline(ReadOnlyInline):
    """What happened to it."""

    model = ConversationEvent
    fields = ("time", "what", "side", "actor", "details")
    readonly_fields = ("time", "what", "details")

    @admin.display(description=_("time"))
    def time(self, row: ConversationEvent) -> str:
        """When it happened."""
        return exact_time(row.at)

    @admin.display(description=_("kind"))
    def what(self, row: ConversationEvent) -> str:
        """What happened."""
        return event_kind_label(row.kind)

    @admin.display(description=_("details"))
    def details(self, row: ConversationEvent) -> str:
        """What else is known of it."""
        return ", ".join(f"{name}: {value}" for name, value in row.data.items()) or "–"

    def get_queryset(self, request: HttpRequest) -> QuerySet[ConversationEvent]:
        """In order."""
        events: QuerySet[ConversationEvent] = super().get_queryset(request)
        return events.select_related("actor").order_by("id")


@admin.register(Conversation, site=tenant_site)
class ConversationAdmin(ReadOnlyAdmin):
    """Conversations, of those that one may see."""

    permission = "monitor"
    list_display = ("contact", "channel", "state", "queue", "agent", "arrived", "ended", "last_line")
    list_filter = ("state", "channel", "queue")
    search_fields = ("contact__name", "contact__email", "last_line")
    list_select_related = ("contact", "queue", "agent")
    ordering = ("-first_arrived_at",)
    list_per_page = 50
    show_full_result_count = False
    readonly_fields = ("arrived", "accepted", "ended", "closed")
    inlines = (MessageInline, SegmentInline, TimelineInline)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; that somebody has read it is kept (AUD-1)."""
        if (conversation := kwargs.get("obj")) is not None:
            conversation_read_record(conversation=conversation, actor=acting_user(request))
        return super().render_change_form(request, context, *args, **kwargs)

    fieldsets = (
        (None, {"fields": (("contact", "channel"), ("state", "queue"), ("agent", "previous"))}),
        (
            _("Times"),
            {"fields": (("arrived", "accepted"), ("ended", "closed"), ("ended_by", "end_cause"))},
        ),
    )

    @admin.display(description=_("arrived"), ordering="first_arrived_at")
    def arrived(self, row: Conversation) -> str:
        """Its first arrival."""
        return exact_time(row.first_arrived_at)

    @admin.display(description=_("accepted"))
    def accepted(self, row: Conversation) -> str:
        """When an agent took it first."""
        return exact_time(row.accepted_at)

    @admin.display(description=_("ended"), ordering="ended_at")
    def ended(self, row: Conversation) -> str:
        """Its end for the customer."""
        return exact_time(row.ended_at)

    @admin.display(description=_("closed"))
    def closed(self, row: Conversation) -> str:
        """The end of its wrap-up."""
        return exact_time(row.closed_at)

    def rows_within_reach(self, request: HttpRequest, rows: QuerySet[Conversation]) -> QuerySet[Conversation]:
        """Those that one may see in the console, too."""
        return rows.filter(pk__in=conversations_readable_by(acting_user(request)).values("pk"))
