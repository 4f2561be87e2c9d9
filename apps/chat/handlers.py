"""What becomes of browsers when something happens below."""

from apps.chat.models import Visitor
from apps.contacts.events import ContactsMerged, ContactsMerging
from apps.core.events import subscribe


@subscribe(ContactsMerging)
def on_merging(event: ContactsMerging) -> None:
    """A browser is locked before its conversations, and these before its contact."""
    if event.outer:
        theirs = Visitor.objects.filter(contact__in=event.contacts).select_for_update(no_key=True)
        list(theirs.order_by("pk").values_list("pk", flat=True))


@subscribe(ContactsMerged)
def on_merged(event: ContactsMerged) -> None:
    """They are the other contact's from now on (CON-5)."""
    Visitor.objects.filter(contact=event.gone).update(contact=event.kept)
