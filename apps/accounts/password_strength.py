"""Refuses passwords that are soon guessed, by lists of breached and common ones (TEN-6)."""

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

LEAST: Final = 3
"""On zxcvbn's scale to 4: more than 100 million guesses, where Argon2 makes each of them slow."""
JUDGED: Final = 72
"""Characters that are judged: what comes after them makes it no weaker, and judging takes longer than its square."""
ABOUT = ("email", "first_name", "last_name", "nick_name")


class GuessablePasswordValidator:
    """Judges a password as guessers do: breached ones, names, words, dates, neighbouring keys, and all mixed.

    Its lists hold breached passwords, names and words; swapped letters and appended years don't help.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Judge a password.

        Args:
            password: as it was typed.
            user: whose names a guesser would try first.

        Raises:
            ValidationError: it is soon guessed.
        """
        if zxcvbn(password[:JUDGED], user_inputs=known_of(user))["score"] < LEAST:
            raise ValidationError(
                _("This password is easily guessed. Several words that don't belong together are harder."),
                code="password_guessable",
            )

    def get_help_text(self) -> str:
        """What Django's own pages say."""
        return _("Not one that is easily guessed.")


def known_of(user: Any) -> list[str]:
    """The words that somebody who knows a user tries first."""
    values = [str(getattr(user, name, "") or "") for name in ABOUT]
    parts = [part for value in values for part in value.replace("@", " ").replace(".", " ").split()]
    return [each for each in [*values, *parts] if each]
