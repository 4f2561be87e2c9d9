"""The standard responses of a conversation, and of a new mail (CHAT-3, CON-8)."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.console.access import ConsoleRequest, console_view
from apps.console.choices import Refusal
from apps.console.selectors.own import conversation_owned_by
from apps.contacts.models import Contact
from apps.conversations.models import Conversation
from apps.core.errors import DomainError
from apps.mailout.selectors.outbox import sending_channels
from apps.mime.addresses import parse_addresses
from apps.mime.types import Address
from apps.queues.choices import Family
from apps.responses.selectors import filled_responses


@require_safe
@console_view
def responses_list(request: ConsoleRequest, conversation_id: UUID) -> HttpResponse:
    """What this agent may say here, by group and filled in: fetched when a list is first opened, and now and then.

    Raises:
        DomainError: ``not_yours``.
    """
    conversation = conversation_owned_by(request.agent.pk, conversation_id)
    if conversation is None:
        raise DomainError(Refusal.NOT_YOURS, _("This conversation is not with you."))
    groups = filled_responses(conversation, request.agent)
    return render(request, "console/compose/_responses.html", {"groups": groups})


@require_safe
@console_view
def responses_of_new_mail(request: ConsoleRequest) -> HttpResponse:
    """What one may say in a new mail, for the queue and the recipient that its editor holds.

    Of the customer only what its writer has typed is filled in: what is known of that address is not theirs to read.
    """
    wanted = request.GET.get("queue", "")
    queue = next((queue for queue, _channel in sending_channels(request.user) if str(queue.pk) == wanted), None)
    if queue is None:
        return render(request, "console/compose/_responses.html", {"groups": [], "needs_queue": True})
    to = next(iter(parse_addresses(request.GET.get("to", ""))), Address("", ""))
    about_to_begin = Conversation(
        channel=Family.EMAIL, queue=queue, contact=Contact(name=to.name[:160], email=to.address[:254])
    )
    return render(
        request, "console/compose/_responses.html", {"groups": filled_responses(about_to_begin, request.agent)}
    )
