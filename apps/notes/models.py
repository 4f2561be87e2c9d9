"""What agents write down for each other about a customer: never part of what the customer sees (CON-4)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.contacts.models import Contact
from apps.conversations.models import Conversation
from apps.core.models import Entity

EDITABLE = timedelta(minutes=15)
"""How long an author may still change what they wrote."""


class Note(Entity):
    """A note on a contact, or on one conversation of theirs. It has no number, and stands in no transcript."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="notes", verbose_name=_("contact"))
    conversation = models.ForeignKey(
        Conversation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="notes",
        verbose_name=_("conversation"),
        db_index=False,
    )
    # Where it was written, also one on the contact: whoever may see that conversation may see it (CON-5).
    written_in = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    # The form's own key: the same note sent again is the same note.
    key = models.UUIDField(unique=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("author")
    )
    body = models.TextField(_("note"))
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("deleted by"),
    )

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ("-created_at", "-id")
        constraints = [
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True, deleted_by__isnull=True)
                | Q(deleted_at__isnull=False, deleted_by__isnull=False),
                name="notes_note_deleted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(edited_at__isnull=True)
                | Q(edited_at__gte=F("created_at"), edited_at__lte=F("created_at") + EDITABLE),
                name="notes_note_edited_in_time",
            ),
        ]
        indexes = [
            models.Index(fields=["contact", "-created_at", "-id"], name="notes_of_contact"),
            models.Index(
                fields=["conversation", "-created_at", "-id"],
                condition=Q(conversation__isnull=False),
                name="notes_of_conversation",
            ),
        ]

    def __str__(self) -> str:
        return self.body[:60]

    @property
    def is_deleted(self) -> bool:
        """Whether its text is gone from the screens."""
        return self.deleted_at is not None

    @property
    def editable_until(self) -> datetime:
        """When its author may no longer change it."""
        return self.created_at + EDITABLE


class NoteEdit(Entity):
    """What a note said before it was changed."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="edits")
    body = models.TextField(_("said before"))
    at = models.DateTimeField(_("until"), default=timezone.now)

    class Meta:
        verbose_name = _("earlier wording")
        verbose_name_plural = _("earlier wordings")
        ordering = ("at",)

    def __str__(self) -> str:
        return self.body[:60]


class Mention(models.Model):
    """Somebody is named in a note, and was told (AGT-12)."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="mentions")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mentions", db_index=False
    )
    at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = [models.UniqueConstraint(fields=["note", "user"], name="notes_mention_once")]
        indexes = [
            models.Index(fields=["user", "-at"], condition=Q(seen_at__isnull=True), name="notes_mentions_unseen")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.note}"
