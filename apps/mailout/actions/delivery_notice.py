"""An agent is told how far a mail has come (EML-10)."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.agents.models import Agent
from apps.agents.steps import notice_add
from apps.conversations.steps import conversation_raise_version
from apps.core.errors import DomainError
from apps.email.choices import UNSENT_STATES, OutboundState
from apps.email.models import OutboundMail
from apps.mailout.steps.queue import SEND_DEADLINE, outbound_lock
from apps.timers.steps import wakeup_clear, wakeup_set


@transaction.atomic
def mail_tell(*, outbound_id: UUID) -> None:
    """Tell the agent's screen how far a mail has come, and see to its wake-up: it has one as long as it is not out."""
    try:
        row, conversation = outbound_lock(outbound_id)
    except DomainError:
        return
    if row.state in UNSENT_STATES and row.retry_at is not None:
        wakeup_set(kind=SEND_DEADLINE, object_id=row.pk, due_at=row.retry_at)
    elif row.state not in UNSENT_STATES:
        wakeup_clear(kind=SEND_DEADLINE, object_id=row.pk)
        _tell_agent(row)
    conversation_raise_version(conversation=conversation)


def _tell_agent(row: OutboundMail) -> None:
    """Whoever wrote it reads that somebody did not get it, whatever they look at just now."""
    failed = row.state == OutboundState.FAILED
    if row.agent_id is None or row.message is None or not (failed or row.refused):
        return
    if not Agent.objects.filter(pk=row.agent_id).exists():
        return
    names = ", ".join(each["address"] for each in row.refused) or ", ".join(row.recipients)
    message = _("“%(subject)s” was not delivered to %(addresses)s. %(error)s") % {
        "subject": row.message.subject,
        "addresses": names,
        "error": row.error or next((each["text"] for each in row.refused), ""),
    }
    notice_add(agent_id=row.agent_id, text=message.strip())
