"""The words of agents and their statuses."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Base(models.TextChoices):
    """What a status means to routing, whatever it is called (AGT-1)."""

    AVAILABLE = "available", _("Available")
    AWAY = "away", _("Away")
    BUSY = "busy", _("Busy")
    OFFLINE = "offline", _("Offline")


class Reserved(models.TextChoices):
    """Statuses that the system sets and nobody can choose (AGT-1)."""

    SYSTEM_AWAY = "system_away", _("Away (Idle)")
    SYSTEM_BUSY = "system_busy", _("System Busy")
    LOGIN_PREP = "login_prep", _("Login Prep")


class Cause(models.TextChoices):
    """Why a status changed (AGT-11)."""

    SIGNED_IN = "signed_in", _("Signed in")
    SIGNED_OUT = "signed_out", _("Signed out")
    CHOSEN = "chosen", _("Chosen by the agent")
    OFFER_TIMED_OUT = "offer_timed_out", _("An offer was not accepted in time")
    CONSOLE_LOST = "console_lost", _("The console was lost")
    PREPARED = "prepared", _("Login preparation is over")
    FULL = "full", _("Every slot is taken")
    ROOM = "room", _("A slot is free again")
    DRAINED = "drained", _("The last conversation is done")
    IDLE = "idle", _("A conversation was not answered in time")


class Refusal(StrEnum):
    """Why an action of this app refuses: the codes of its errors."""

    AGENT_GROUP_BUILT_IN = "agent_group_built_in"
    AGENT_GROUP_IN_USE = "agent_group_in_use"
    AGENT_UNKNOWN = "agent_unknown"
    CONSOLE_ELSEWHERE = "console_elsewhere"
    SLOTS_TAKEN = "slots_taken"
    STATUS_BUILT_IN = "status_built_in"
    STATUS_IN_USE = "status_in_use"
    STATUS_UNKNOWN = "status_unknown"
