"""What agents read about transfers."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.routing.choices import TransferEnd

TOLD: dict[TransferEnd, str | Promise] = {
    TransferEnd.ACCEPTED: _("{agent} has taken over {customer}."),
    TransferEnd.DECLINED: _("{agent} declined the transfer. {customer} is still with you."),
    TransferEnd.TIMED_OUT: _("{agent} did not accept the transfer in time. {customer} is still with you."),
    TransferEnd.UNREACHABLE: _("{agent} went away before accepting. {customer} is still with you."),
    TransferEnd.UNANSWERED: _("{agent} did not send a first message in time, so {customer} went back."),
    TransferEnd.DROPPED: _("{customer} is no longer with you, so the transfer to {agent} was dropped."),
}
"""What a sender is told when their transfer is settled."""


def told(end: TransferEnd, agent: str, customer: str) -> str:
    """The sentence of `TOLD` with these names in it."""
    return str(TOLD[end]).replace("{agent}", agent).replace("{customer}", customer)
