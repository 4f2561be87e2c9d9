"""Who is named in a note: `@` and a nick name, a full name or a first name (AGT-12)."""

import re
from collections import defaultdict

from django.db.models import Q

from apps.accounts.models import User
from apps.accounts.permissions import Permission
from apps.conversations.models import Conversation
from apps.conversations.selectors import conversation_readers

MOST = 20
"""How many people one note can name; whoever is named beyond that is not told."""

SUGGESTED = 8
"""How many colleagues are suggested for what is typed behind an `@`."""

# After a word it is an email address, and no name.
_AT = re.compile(r"(?<![\w.@])@(?=\w)")


def mentioned_users(body: str) -> list[User]:
    """The users named in a note, each once, in the order of their names in the text.

    The longest name that fits counts; where several people are called so, all of them are named.

    Args:
        body: the note. Without an `@` nothing is read.
    """
    places = [match.end() for match in _AT.finditer(body)]
    if not places:
        return []
    called = _called()
    found: dict[object, User] = {}
    for place in places:
        for user in called.get(_longest(body[place:], called), []):
            found.setdefault(user.pk, user)
    return list(found.values())[:MOST]


def console_users() -> list[User]:
    """Everybody who works at the console."""
    active = User.objects.select_related("role").filter(is_active=True, deleted_at=None)
    return list(active.filter(role__permissions__contains=[Permission.CONSOLE]))


def mention_suggestions(conversation: Conversation, typed: str, *, actor: User) -> list[User]:
    """The colleagues whom a note may name, in one query: who works here and may see it, but its author.

    Args:
        conversation: where it is being written.
        typed: the beginnings of first, last or nick names; empty suggests whoever comes first.
        actor: who writes the note.
    """
    found = conversation_readers(conversation).filter(role__permissions__contains=[Permission.CONSOLE], deleted_at=None)
    for word in " ".join(typed.split())[:80].split():
        called = Q(first_name__istartswith=word) | Q(last_name__istartswith=word) | Q(nick_name__istartswith=word)
        found = found.filter(called)
    return list(found.exclude(pk=actor.pk).order_by("first_name", "last_name", "pk")[:SUGGESTED])


def _called() -> dict[str, list[User]]:
    called: defaultdict[str, list[User]] = defaultdict(list)
    for user in console_users():
        for name in {user.nick_name, user.full_name, user.first_name}:
            if name:
                called[name.casefold()].append(user)
    return called


def _longest(text: str, called: dict[str, list[User]]) -> str:
    folded = text.casefold()
    fits = [name for name in called if folded.startswith(name) and not folded[len(name) : len(name) + 1].isalnum()]
    return max(fits, key=len, default="")
