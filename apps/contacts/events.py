"""What happens to contacts, told to the apps above inside the same transaction."""

from dataclasses import dataclass
from uuid import UUID

from apps.contacts.models import Contact, MergeRequest


@dataclass(frozen=True)
class ContactChanged:
    """Something that is known of a contact changed: screens that show it are out of date."""

    contact: Contact


@dataclass(frozen=True)
class ContactsMerging:
    """Two contacts are about to become one, and nothing is locked yet.

    Whoever locks rows of theirs before a contact does so now, in the usual order: announced first with `outer`, for
    what is locked before conversations, then without, for conversations.

    Attributes:
        contacts: both.
        outer: whether it is the turn of what is locked before conversations.
    """

    contacts: tuple[UUID, UUID]
    outer: bool


@dataclass(frozen=True)
class ContactsMerged:
    """What refers to `gone` refers to `kept` from now on; both are locked.

    Announced once more a minute later, for what was being written to `gone` at that very moment.

    Attributes:
        is_proven: whether `gone` has said that they are `kept`, and that is proven now: whoever has a conversation of
            theirs at this moment serves `kept`, and has from now on what comes with it.
    """

    kept: Contact
    gone: Contact
    is_proven: bool = False


@dataclass(frozen=True)
class MergeDecided:
    """A supervisor has confirmed or declined a merge that an agent had asked for."""

    request: MergeRequest


@dataclass(frozen=True)
class ContactsChanged:
    """What is known of many contacts changed at once: screens that show any of them are out of date."""

    contacts: tuple[Contact, ...]
