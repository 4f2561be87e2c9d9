"""What can be done by a key in the console (CON-6): a line for each action, in the order in which the help lists them.

An action with a line here is done by the button that is marked `data-does="<id>"`, or by what a module registers under
its id with `action()` of `static/js/console/actions.js`. Where the page has neither now, it is not possible now.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Shortcut:
    """An action and the key that does it.

    Attributes:
        id: what scripts know the action by.
        label: what people read.
        key: a letter, a digit, one of `? / . ,`, or `Mod+` and a letter: Ctrl, on a Mac Cmd.
    """

    id: str
    label: str | Promise
    key: str

    @property
    def keys(self) -> list[str]:
        """The keys to press together, as they are drawn."""
        return self.key.replace("Mod+", "Ctrl+").split("+")


SHORTCUTS = (
    Shortcut("next", _("Next conversation"), "J"),
    Shortcut("previous", _("Previous conversation"), "K"),
    Shortcut("accept", _("Accept the next customer"), "A"),
    Shortcut("reply", _("Write a reply"), "R"),
    Shortcut("responses", _("Standard responses"), "/"),
    Shortcut("emoji", _("Emoji"), "."),
    Shortcut("end", _("End the conversation"), "E"),
    Shortcut("help", _("This help"), "?"),
)
