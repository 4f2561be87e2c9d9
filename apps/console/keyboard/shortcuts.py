"""What can be done by a key in the console (CON-6): a line for each action, in the order in which the help lists them.

An action with a line here is done by the button that is marked `data-action="<id>"`, or by what a module registers
under its id with `registerAction()` of `static/js/console/keyboard/actions.js`. Where the page has neither, it is not
possible.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.console.choices import Refusal
from apps.core.errors import DomainError

MOD = "Mod+"
"""Ctrl, on a Mac Cmd."""

KEY = re.compile(r"[A-Z0-9?/.,]|Mod\+[A-Z]")
"""What a key may be: a letter, a digit, one of `? / . ,`, or `Mod+` and a letter."""

KEPT = frozenset("ACFHLMNOPQRSTVWXYZ")
"""What Ctrl with a letter does in browsers and in text, and pages had better leave alone or can't have."""


@dataclass(frozen=True)
class Shortcut:
    """An action and the key that does it.

    Attributes:
        id: what scripts know the action by.
        label: what people read.
        key: as `KEY` has it; empty when it has none.
        default: the key that it has until somebody chooses another one.
    """

    id: str
    label: str | Promise
    key: str
    default: str = ""

    @property
    def keys(self) -> list[str]:
        """The keys to press together, as they are drawn."""
        return keys_shown(self.key)

    @property
    def is_default(self) -> bool:
        """Whether nobody has chosen anything else."""
        return self.key == self.default


SHORTCUTS = (
    Shortcut("next", _("Next conversation"), "J"),
    Shortcut("previous", _("Previous conversation"), "K"),
    Shortcut("accept", _("Accept the next customer"), "A"),
    Shortcut("reject", _("Reject the next customer"), "X"),
    Shortcut("reply", _("Write a reply"), "R"),
    Shortcut("mail", _("Write a new mail"), "W"),
    Shortcut("responses", _("Standard responses"), "/"),
    Shortcut("emoji", _("Emoji"), "."),
    Shortcut("snooze", _("Snooze the conversation"), "S"),
    Shortcut("transfer", _("Transfer the conversation"), "T"),
    Shortcut("survey", _("Send a survey, or send none"), "V"),
    Shortcut("form", _("Send a form"), "M"),
    Shortcut("note", _("Write a note"), "N"),
    Shortcut("end", _("End the conversation"), "E"),
    Shortcut("close", _("Close after wrap-up"), "C"),
    Shortcut("search", _("Search in the tray"), "F"),
    Shortcut("show", _("Filter the tray"), "L"),
    Shortcut("status", _("Change your status"), "U"),
    Shortcut("palette", _("Find a command"), "Mod+K"),
    Shortcut("dashboard", _("My dashboard"), "D"),
    Shortcut("preferences", _("Console settings"), ","),
    Shortcut("help", _("All shortcuts"), "?"),
)
IDS = frozenset(each.id for each in SHORTCUTS)


def keys_shown(key: str) -> list[str]:
    """A key as it is drawn: what to press together."""
    return key.replace(MOD, "Ctrl+").split("+") if key else []


def shortcuts_with(chosen: Mapping[str, str]) -> list[Shortcut]:
    """Every action with the key that it has now.

    Args:
        chosen: keys that somebody chose, by action. A default that one of them has taken is free for nobody else, so
            its action has no key: a new feature never takes a key away that somebody chose.
    """
    taken = {key for name, key in chosen.items() if key and name in IDS}
    found = []
    for each in SHORTCUTS:
        key = chosen.get(each.id)
        if key is None:
            key = "" if each.key in taken else each.key
        found.append(replace(each, key=key, default=each.key))
    return found


def check_key(name: str, key: str, now: list[Shortcut]) -> str:
    """The key if this action may have it.

    Args:
        name: the action.
        key: what somebody chose for it; empty switches it off.
        now: every action with the key that it has now.

    Raises:
        DomainError: ``shortcut_unknown`` for an action that is not there, ``key_unknown`` for what is no key,
            ``key_reserved`` for one of the browser's, ``key_taken`` for another action's.
    """
    if name not in IDS:
        raise DomainError(Refusal.SHORTCUT_UNKNOWN, gettext("There is no such action."))
    if not key:
        return key
    if not KEY.fullmatch(key):
        raise DomainError(Refusal.KEY_UNKNOWN, gettext("Choose a letter, a digit, or one of ? / . ,"))
    shown = "+".join(keys_shown(key))
    if key.startswith(MOD) and key.removeprefix(MOD) in KEPT:
        raise DomainError(Refusal.KEY_RESERVED, gettext("%(key)s belongs to the browser.") % {"key": shown})
    for other in now:
        if other.key == key and other.id != name:
            told = {"key": shown, "action": other.label}
            raise DomainError(Refusal.KEY_TAKEN, gettext("%(key)s is taken by “%(action)s”.") % told)
    return key
