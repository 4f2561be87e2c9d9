"""What becomes of browsers when something happens below."""

from apps.chat.steps import visitors_lock, visitors_move_contact
from apps.contacts.events import ContactsMerged, ContactsMerging
from apps.core.events import subscribe


@subscribe(ContactsMerging)
def on_merging(event: ContactsMerging) -> None:
    """A browser is locked before its conversations, and these before its contact."""
    if event.outer:
        visitors_lock(event.contacts)


@subscribe(ContactsMerged)
def on_merged(event: ContactsMerged) -> None:
    """They are the other contact's from now on (CON-5)."""
    visitors_move_contact(gone=event.gone, kept=event.kept)
