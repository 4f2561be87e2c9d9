"""The words of surveys."""

from enum import StrEnum
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.conversations.choices import EndCause
from apps.conversations.event_kinds import event_kinds
from apps.queues.choices import Family

ASKED_IN: Final = (Family.CHAT, Family.EMAIL)
"""Where customers can be asked so far: in the widget, and by a mail with the link. No phone asks yet."""


class Kind(models.TextChoices):
    """What is asked for (SRV-1)."""

    CSAT = "csat", _("CSAT, 1 to 5")
    NPS = "nps", _("NPS, 0 to 10")
    LIKE = "like", _("Like or dislike")


SCORES: Final[dict[Kind, range]] = {Kind.CSAT: range(1, 6), Kind.NPS: range(11), Kind.LIKE: range(2)}
"""The scores of each kind. A like is 1, a dislike 0."""

PROMOTERS_FROM, DETRACTORS_TO = 9, 6
"""Whoever would recommend: 9 and 10. Whoever would not: 0 to 6."""


class Frequency(models.TextChoices):
    """Whose conversations with an agent are followed by a survey (SRV-2)."""

    NOBODY = "nobody", _("Nobody's, unless a switch below says so")
    EVERYONE = "everyone", _("Everyone's")
    NTH = "nth", _("Every nth one's")


class Reason(models.TextChoices):
    """Why a customer was asked (SRV-2, SRV-3)."""

    EVERYONE = "everyone", _("Everyone is asked")
    NTH = "nth", _("Every nth one is asked")
    AGENT = "agent", _("The agent sent it")
    OUT_OF_HOURS = "out_of_hours", _("Out of hours")
    NO_AGENTS = "no_agents", _("Nobody was free")
    CUSTOMER_SILENT = "customer_silent", _("Ended: the customer was inactive")
    AGENT_SILENT = "agent_silent", _("Left: the agents were inactive")
    FORCED = "forced", _("Closed by a supervisor")


BY_CAUSE: Final[dict[EndCause, Reason]] = {
    EndCause.OUT_OF_HOURS: Reason.OUT_OF_HOURS,
    EndCause.NO_AGENTS: Reason.NO_AGENTS,
    EndCause.INACTIVITY: Reason.CUSTOMER_SILENT,
    EndCause.FORCED: Reason.FORCED,
}
"""Ends that neither the agent nor the customer chose."""

WITH_AGENT: Final = (Reason.EVERYONE, Reason.NTH, Reason.AGENT)
"""The conversation ended between an agent and a customer: the score counts for that agent."""

ALONE: Final = (Reason.OUT_OF_HOURS, Reason.NO_AGENTS, Reason.CUSTOMER_SILENT, Reason.AGENT_SILENT)
"""In a flow or by inactivity: the score counts for the interaction alone (SRV-4)."""


class Via(models.TextChoices):
    """Where it was answered."""

    WIDGET = "widget", _("In the widget")
    LINK = "link", _("By its link")


COMMENT_LENGTH: Final = 1000
"""Characters in a comment."""

TEXT_LENGTH: Final = 300
"""Characters in a request or a word of thanks."""

NTH_LEAST, NTH_MOST = 2, 10_000
HOURS_LEAST, HOURS_MOST = 1, 90 * 24
"""How long a survey may be answered, in hours."""


@event_kinds
class SurveyEventKind(models.TextChoices):
    """What surveys record on the timeline."""

    SURVEY_MARKED = "survey_marked", _("Survey switched on or off")
    SURVEY_ASKED = "survey_asked", _("Survey sent")
    SURVEY_ANSWERED = "survey_answered", _("Survey answered")


class Refusal(StrEnum):
    """Why an action of this app refuses: the codes of its errors."""

    CONVERSATION_ENDED = "conversation_ended"
    NOT_YOURS = "not_yours"
    SCORE_UNKNOWN = "score_unknown"
    SURVEY_ANSWERED = "survey_answered"
    SURVEY_DEFAULT = "survey_default"
    SURVEY_EXPIRED = "survey_expired"
    SURVEY_IN_USE = "survey_in_use"
    SURVEY_KIND_FIXED = "survey_kind_fixed"
    SURVEY_NOT_OFFERED = "survey_not_offered"
    SURVEY_NOT_YOURS = "survey_not_yours"
    SURVEY_QUEUE_TAKEN = "survey_queue_taken"
    SURVEY_QUEUES = "survey_queues"
    SURVEY_UNKNOWN = "survey_unknown"
