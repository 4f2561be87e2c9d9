"""On a user's page what they may do, and on a conversation's who may read it, each with the reason (TEN-5)."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from apps.access.explanations import conversation_explanation, user_explanation
from apps.accounts.models import User
from apps.accounts.permissions import Permission
from apps.conversations.models import Conversation
from apps.tenants.admin_base import acting_user
from apps.tenants.admin_panels import admin_panel


@admin_panel(User)
def what_a_user_may(request: HttpRequest, user: User) -> SafeString | None:
    """What a user may do, and why; operators have no roles."""
    if user.is_operator:
        return None
    return render_to_string("access/user.html", {"of": user_explanation(user)}, request)


@admin_panel(Conversation)
def who_may_read(request: HttpRequest, conversation: Conversation) -> SafeString | None:
    """Who may read a conversation, and why: for those who decide on roles."""
    if not acting_user(request).may(Permission.SETTINGS):
        return None
    readers, more = conversation_explanation(conversation)
    return render_to_string("access/conversation.html", {"readers": readers, "more": more}, request)
