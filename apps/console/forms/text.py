"""What the thread tells agents of forms beside their lines: nothing of what stands in them."""

from typing import Final

from django.utils.translation import gettext as _

from apps.conversations.models import ConversationEvent
from apps.forms.choices import FormEventKind

FORM_EVENTS: Final = (
    FormEventKind.FORM_FILLED,
    FormEventKind.FORM_WITHDRAWN,
    FormEventKind.FORM_REVEALED,
    FormEventKind.FORM_ERASED,
)


def form_words(event: ConversationEvent) -> str:
    """What an event of a form says; nothing where a line of the thread says it already."""
    said = {"name": event.actor.public_name if event.actor else "", "form": event.data.get("title", "")}
    if event.kind == FormEventKind.FORM_FILLED:
        return "" if event.data.get("said") else _("“%(form)s” was filled in after the end") % said
    if event.kind == FormEventKind.FORM_WITHDRAWN:
        return _("%(name)s took “%(form)s” back") % said
    if event.kind == FormEventKind.FORM_ERASED:
        return _("What stood in “%(form)s” was erased") % said
    labels = event.data.get("fields") or []
    if not labels:
        return _("%(name)s revealed “%(form)s”") % said
    return _("%(name)s revealed “%(field)s” of “%(form)s”") % (said | {"field": ", ".join(labels)})
