"""What an agent must read, whatever becomes of the frame that says so."""

from uuid import UUID

from django.utils import timezone

from apps.agents.frames import NoticeFrame
from apps.agents.models import Notice
from apps.agents.selectors import NOTICE_KEPT
from apps.core.rows import row_add
from apps.realtime.publish import agent_group, publish


def notice_add(*, agent_id: UUID, text: str, about: UUID | None = None) -> Notice:
    """Tell an agent something: kept until their console has shown it. Belongs inside the action's transaction.

    Args:
        agent_id: the agent.
        text: a sentence or two, for this agent alone.
        about: the conversation that it is news of, or the agent themself, for what is true until they are Available
            again: their console shows the newest alone. None for what has to be read
            whatever comes after it.

    Raises:
        RuntimeError: called outside a transaction.
    """
    now = timezone.now()
    Notice.objects.filter(agent=agent_id, at__lt=now - NOTICE_KEPT).delete()
    notice = Notice(agent_id=agent_id, text=text, about=about, at=now)
    row_add(notice)
    publish(NoticeFrame(id=notice.pk, text=text, about=about), groups=[agent_group(agent_id)])
    return notice
