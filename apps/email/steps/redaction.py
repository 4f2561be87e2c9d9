"""What was taken out of a message by hand is taken out of its mail, and of the mails that quote it (FRM-6)."""

from uuid import UUID

import re2

from apps.core.patterns import PatternError, compile_pattern
from apps.email.masking import html_mask
from apps.email.models import MailMessage
from apps.masking.choices import BAR, MaskingMethod, RuleKind, Speaker
from apps.masking.engine import ActiveRule, Ruleset

SHORTEST = 4
"""Characters of a line that is looked for by itself: a shorter one would be found in every word."""


def mails_redact(*, conversation_id: UUID, message_id: UUID, removed: str) -> None:
    """Inside the transaction that redacts the message, under the conversation's lock.

    HTML of the mail itself in which the words are not found is given up: its text is shown instead, which has them no
    more. The raw mail keeps its original in the vault.

    Args:
        conversation_id: the conversation.
        message_id: the message that was redacted.
        removed: what stood there.
    """
    mails = MailMessage.objects.filter(conversation=conversation_id).only("text", "quoted", "html")
    ruleset = _ruleset(removed) if mails else Ruleset()
    for mail in mails:
        text, quoted = ruleset.apply(mail.text), ruleset.apply(mail.quoted)
        html, found = html_mask(mail.html, ruleset)
        if mail.pk == message_id and mail.html and not found:
            html = ""
        if (text.text, quoted.text, html) != (mail.text, mail.quoted, mail.html):
            mail.text, mail.quoted, mail.html = text.text, quoted.text, html
            mail.save(update_fields=["text", "quoted", "html"])


def _ruleset(removed: str) -> Ruleset:
    """Finds these words, whatever white space and quotation marks stand between them."""
    whole = _pattern(removed)
    if _is_pattern(whole):
        return Ruleset([_rule(whole)])
    lines = {line.strip() for line in removed.replace(BAR, "\n").splitlines()}
    return Ruleset([_rule(_pattern(line)) for line in sorted(lines) if len(line) >= SHORTEST])


def _pattern(words: str) -> str:
    return r"[\s>|]+".join(re2.escape(word) for word in words.split())


def _is_pattern(pattern: str) -> bool:
    try:
        compile_pattern(pattern)
    except PatternError:
        return False
    return True


def _rule(pattern: str) -> ActiveRule:
    return ActiveRule(kind=RuleKind.OWN, method=MaskingMethod.REDACT, who=Speaker.BOTH, pattern=pattern)
