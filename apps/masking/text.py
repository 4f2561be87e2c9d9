"""What was taken out of a message, in words: never what it was."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from apps.masking.choices import BY_HAND, OWN_WORD, WITHHELD, RuleKind


def screen_words() -> dict[str, str]:
    """The words by which screens (static/js/shared/message_renderer.js) say it, by what follows `data-removed`."""
    kinds = {f"-{kind.value}": str(kind.label) for kind in RuleKind if kind != RuleKind.OWN}
    return {"": _("{what} removed"), f"-{BY_HAND}": _("Redacted"), f"-{WITHHELD}": _("Withheld: not checked")} | kinds


def removed_words(codes: Sequence[str]) -> str:
    """What was taken out, on one line; empty where nothing was.

    Args:
        codes: as a message holds them.
    """
    words = screen_words()
    kinds = [code for code in codes if code not in (BY_HAND, WITHHELD)]
    names = [code.removeprefix(OWN_WORD) if code.startswith(OWN_WORD) else words.get(f"-{code}", "") for code in kinds]
    found = [words[""].replace("{what}", ", ".join(names))] if names else []
    return " · ".join([*found, *(words[f"-{code}"] for code in codes if code not in kinds)])
