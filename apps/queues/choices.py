"""The words of queues and skills."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Family(models.TextChoices):
    """A channel family: what an agent's slots are counted in (TEN-4)."""

    CHAT = "chat", _("Chat")
    EMAIL = "email", _("Email")
    VOICE = "voice", _("Voice")


class AcwMode(models.TextChoices):
    """After-call work: whether and how conversations of a queue are wrapped up (WRP-2 to WRP-4)."""

    OFF = "off", _("Off")
    IMMEDIATE = "immediate", _("Immediate release")
    TIMED = "timed", _("Timed release")


class Strategy(models.TextChoices):
    """How a queue chooses among the agents who could take a conversation (RTE-6)."""

    BEST_SKILL = "best_skill", _("Best skill")
    LONGEST_IDLE = "longest_idle", _("Longest idle")
    FEWEST_ACTIVE = "fewest_active", _("Fewest active")
    ROUND_ROBIN = "round_robin", _("Round robin")


class Level(models.IntegerChoices):
    """How well an agent holds a skill or a language (TEN-4)."""

    NOVICE = 1, _("Novice")
    AVERAGE = 2, _("Average")
    GOOD = 3, _("Good")
    EXPERT = 4, _("Expert")


class Weekday(models.IntegerChoices):
    """A day of the week, numbered as Python does (RTE-3)."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class Refusal(StrEnum):
    """Why an action of this app refuses: the codes of its errors."""

    COUNTRY_UNKNOWN = "country_unknown"
    GONE = "gone"
    HOURS_IN_USE = "hours_in_use"
    HOURS_OVERLAP = "hours_overlap"
    QUEUE_IN_USE = "queue_in_use"
    QUEUE_INACTIVE = "queue_inactive"
    QUEUE_IS_DEFAULT = "queue_is_default"
    QUEUE_MOVE_UNFIT = "queue_move_unfit"
    QUEUE_SETTING_LAST = "queue_setting_last"
    QUEUE_SETTING_SINGLE = "queue_setting_single"
    SKILL_GROUP_NOT_EMPTY = "skill_group_not_empty"
    SKILL_IN_USE = "skill_in_use"
    SUBDIVISION_UNKNOWN = "subdivision_unknown"
