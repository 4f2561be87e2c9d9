"""What a console is answered that asks what it has missed (CHAT-10)."""

from django.utils import timezone

from apps.agents.frames import NoticeFrame
from apps.agents.models import Agent
from apps.chat.frames import VisitorFrame
from apps.console.frames import Sync, SyncAck
from apps.console.selectors.sync import missed_by
from apps.console.tray.selectors.tray import tray_state_for
from apps.conversations.frames import conversation_view, marks_frame, message_view, redacted_frame
from apps.notes.frames import NoteFrame, note_view
from apps.notes.selectors import mentions_count


def sync_ack(agent: Agent, frame: Sync, *, queues: str | None) -> SyncAck:
    """The answer to a sync: what the console does not hold yet, and whether its tray is out of date.

    Args:
        agent: whose console it is.
        frame: what it holds.
        queues: what the list of queues stands for now; None where it was told a moment ago.
    """
    now = timezone.now()
    missed = missed_by(agent, frame.conversations, frame.since)
    tray = tray_state_for(agent)
    return SyncAck(
        server_time=now,
        messages={pk: [message_view(line) for line in lines] for pk, lines in missed.messages.items()},
        more=missed.more,
        conversations=[conversation_view(each) for each in missed.conversations],
        marks=[marks_frame(each) for each in missed.marks],
        contacts={each.contact_id: each.contact.version for each in missed.conversations},
        notices=[NoticeFrame(id=each.pk, text=each.text, about=each.about) for each in missed.notices],
        redacted=[redacted_frame(each) for each in missed.redacted],
        notes=[NoteFrame(contact=each.contact_id, note=note_view(each)) for each in missed.notes],
        visitors=[
            VisitorFrame(conversation=pk, here=each.is_here, url=each.page["url"], title=each.page["title"])
            for pk, each in missed.browsers.items()
        ],
        mentions=mentions_count(agent.pk),
        digest=tray.digest,
        stale=not tray.is_shown_by(frame.digest, frame.offers, frame.cards),
        queues=queues,
    )
