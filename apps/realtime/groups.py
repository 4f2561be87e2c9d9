"""Names of the groups that sockets join. Every name starts with the tenant's schema, so groups of two never meet."""

import re
from typing import Final
from uuid import UUID

MAX_LENGTH: Final = 99  # Channels allows fewer than 100 characters.
_WORD = re.compile(r"[A-Za-z0-9_-]+")
_LOCAL = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_.-]+")


def agent_group(user_id: UUID | int) -> str:
    """All consoles of one agent."""
    return f"agent.{user_id}"


def conversation_group(conversation_id: UUID) -> str:
    """Everyone who has this conversation open on the company's side."""
    return f"conversation.{conversation_id}"


def visitor_group(conversation_id: UUID) -> str:
    """The customer's side of a conversation."""
    return f"visitor.{conversation_id}"


def tenant_group(name: str) -> str:
    """A group there is one of in a tenant, such as all consoles or all supervisors."""
    return f"tenant.{name}"


def group_name(schema: str, kind: str, id: UUID | int | str) -> str:  # noqa: A002 - it is an id
    """The full name of a group, ``t.<schema>.<kind>.<id>``.

    Raises:
        ValueError: the name has characters or a length that Channels does not allow.
    """
    return group_in_schema(schema, f"{kind}.{id}")


def group_in_schema(schema: str, group: str) -> str:
    """The full name of a group that one of the helpers named.

    Args:
        schema: the tenant's schema.
        group: what `agent_group` and its like returned.

    Raises:
        ValueError: the name has characters or a length that Channels does not allow.
    """
    name = f"t.{schema}.{group}"
    if len(name) > MAX_LENGTH or not _WORD.fullmatch(schema) or not _LOCAL.fullmatch(group):
        raise ValueError(f"not a group's name: {name!r}")
    return name
