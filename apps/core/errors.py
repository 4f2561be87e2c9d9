"""The one error by which an action refuses."""

from typing import Any

from django.utils.functional import Promise


class DomainError(Exception):
    """An action was refused: the state, the rules or the permissions do not allow it.

    Every interface shows it the same way: pages and sockets as its sentence, programs by its code.

    Attributes:
        code: a stable word for programs, such as ``offer_gone``.
        message: one sentence for the person, translatable, that says what to do next where there is something to do.
        extra: further facts for programs (JSON values only).
    """

    def __init__(self, code: str, message: str | Promise, **extra: Any) -> None:
        super().__init__(code)
        self.code = str(code)
        self.message = message
        self.extra = extra

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"
