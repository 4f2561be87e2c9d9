"""What agents read about transfers."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.conversations.models import ConversationEvent
from apps.routing.choices import TransferEnd

OUTCOME_NOTICES: dict[TransferEnd, str | Promise] = {
    TransferEnd.ACCEPTED: _("{agent} has taken over {customer}."),
    TransferEnd.DECLINED: _("{agent} declined the transfer. {customer} is still with you."),
    TransferEnd.TIMED_OUT: _("{agent} did not accept the transfer in time. {customer} is still with you."),
    TransferEnd.UNREACHABLE: _("{agent} went away before accepting. {customer} is still with you."),
    TransferEnd.UNANSWERED: _("{agent} did not send a first message in time, so {customer} went back."),
    TransferEnd.DROPPED: _("{customer} is no longer with you, so the transfer to {agent} was dropped."),
}
"""What a sender is told when their transfer is settled."""


def outcome_notice(end: TransferEnd, agent: str, customer: str) -> str:
    """The sentence of `OUTCOME_NOTICES` with these names in it."""
    return str(OUTCOME_NOTICES[end]).replace("{agent}", agent).replace("{customer}", customer)


OUTCOME_LINES: dict[str, str | Promise] = {
    TransferEnd.DECLINED: _("%(agent)s declined the transfer"),
    TransferEnd.TIMED_OUT: _("%(agent)s did not accept the transfer in time"),
    TransferEnd.UNREACHABLE: _("%(agent)s went away before accepting the transfer"),
    TransferEnd.CANCELLED: _("The transfer to %(agent)s was cancelled"),
    TransferEnd.UNANSWERED: _("%(agent)s did not send a first message in time, so it went back"),
    TransferEnd.DROPPED: _("The transfer to %(agent)s was dropped"),
}
"""What agents read between the messages of a conversation when a transfer was not accepted."""


def transfer_line(event: ConversationEvent) -> str:
    """Who transferred a conversation to whom or where, and what they said about it."""
    values = {"name": _name(event), "to": event.data["name"]}
    to_queue = gettext("%(name)s transferred it to “%(to)s”")
    words = (to_queue if "queue" in event.data else gettext("%(name)s asked %(to)s to take over")) % values
    return f"{words}: “{event.data['note']}”" if event.data.get("note") else words


def outcome_line(event: ConversationEvent) -> str:
    """Why a transfer was not accepted."""
    return str(OUTCOME_LINES[event.data["end"]]) % {"agent": event.data["name"]}


def skills_line(event: ConversationEvent) -> str:
    """Which skills an agent added to a conversation and removed from it."""
    added, removed = (", ".join(event.data[kind]) for kind in ("added", "removed"))
    values = {"name": _name(event), "added": added, "removed": removed}
    if added and removed:
        return gettext("%(name)s added the skills %(added)s and removed %(removed)s") % values
    return (
        gettext("%(name)s added the skill %(added)s") if added else gettext("%(name)s removed %(removed)s")
    ) % values


def _name(event: ConversationEvent) -> str:
    return event.actor.public_name if event.actor else ""
