"""What becomes of conversations when their contacts change."""

from apps.contacts.events import ContactChanged, ContactsChanged, ContactsMerged, ContactsMerging
from apps.conversations.choices import OWNED_STATES
from apps.conversations.frames import ContactFrame
from apps.conversations.models import Conversation
from apps.conversations.steps import conversations_change_contact
from apps.core.events import subscribe
from apps.realtime.publish import agent_group, publish


@subscribe(ContactsMerging)
def on_contacts_merging(event: ContactsMerging) -> None:
    """Conversations are locked before contacts, in the order of their keys."""
    if not event.outer:
        theirs = Conversation.objects.filter(contact__in=event.contacts).select_for_update(no_key=True)
        list(theirs.order_by("pk").values_list("pk", flat=True))


@subscribe(ContactsMerged)
def on_contacts_merged(event: ContactsMerged) -> None:
    """They are the other contact's from now on (CON-5)."""
    theirs = Conversation.objects.filter(contact=event.gone)
    conversations_change_contact(theirs.values_list("pk", flat=True), contact=event.kept, is_proven=event.is_proven)


@subscribe(ContactChanged)
def on_contact_changed(event: ContactChanged) -> None:
    """The agents who have a conversation of theirs are told."""
    owners = Conversation.objects.filter(contact=event.contact, state__in=OWNED_STATES).order_by("agent")
    groups = [agent_group(pk) for pk in owners.values_list("agent", flat=True).distinct() if pk]
    if groups:
        publish(ContactFrame(contact=event.contact.pk, version=event.contact.version), groups=groups)


@subscribe(ContactsChanged)
def on_contacts_changed(event: ContactsChanged) -> None:
    """As for one, in one query."""
    versions = {contact.pk: contact.version for contact in event.contacts}
    owned = Conversation.objects.filter(contact__in=list(versions), state__in=OWNED_STATES, agent__isnull=False)
    for contact, agent in owned.order_by("pk").values_list("contact", "agent"):
        publish(ContactFrame(contact=contact, version=versions[contact]), groups=[agent_group(agent)])
