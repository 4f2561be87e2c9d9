"""Conversations as admin pages of mail name them."""

from django.urls import reverse
from django.utils.html import format_html

from apps.conversations.models import Conversation
from apps.tenants.admin_base import exact_time


def conversation_names(conversation_ids: list[str]) -> dict[str, str]:
    """What conversations are called here: the customer, and when they came."""
    found = Conversation.objects.filter(pk__in=conversation_ids).select_related("contact")
    return {str(each.pk): f"{each.contact}, {exact_time(each.first_arrived_at)}" for each in found}


def conversation_link(conversation_id: str, names: dict[str, str]) -> str:
    """A link to a conversation's page, by the name that `conversation_names` found, else by its id."""
    address = reverse("admin:conversations_conversation_change", args=[conversation_id])
    name = names.get(conversation_id, conversation_id)
    return format_html('<a class="text-primary-600 dark:text-primary-500" href="{}">{}</a>', address, name)
