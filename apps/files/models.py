"""Files that people send, and how large and of what kind they may be."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.filenames import MAX_LENGTH
from apps.core.models import Entity, Singleton
from apps.files.choices import FileKind, FileState, MailFileKind

UNSENT_LIFE = timedelta(days=1)
"""An upload that goes with nothing is deleted after this."""
CEILING_MEGABYTES = 100
MEGABYTE = 1024 * 1024


def all_kinds() -> list[str]:
    """Every kind there is."""
    return list(FileKind.values)


class FileRules(Singleton):
    """What may be sent: how large, how many, of what kinds (CHAT-9)."""

    max_megabytes = models.PositiveSmallIntegerField(
        _("megabytes of a file at most"),
        default=20,
        validators=[MinValueValidator(1), MaxValueValidator(CEILING_MEGABYTES)],
    )
    max_files = models.PositiveSmallIntegerField(
        _("files in a message at most"), default=10, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    kinds = ArrayField(
        models.CharField(max_length=8, choices=FileKind.choices), verbose_name=_("kinds of files"), default=all_kinds
    )
    customers_send = models.BooleanField(_("customers may send files"), default=True)
    keeps_unsafe = models.BooleanField(
        _("keep every attachment of a mail"),
        default=True,
        db_default=True,
        help_text=_(
            "Kinds that can do harm are saved with a warning, and never shown. Switched off, mails name them, and they "
            "are left out."
        ),
    )

    class Meta:
        verbose_name = _("file rules")
        verbose_name_plural = _("file rules")

    def __str__(self) -> str:
        return str(_("Files"))

    @property
    def max_bytes(self) -> int:
        """The largest file that is taken."""
        return int(self.max_megabytes) * MEGABYTE


@dataclass(frozen=True)
class Uploader:
    """Who sends files: a user, or somebody outside whom an app above knows by this id. One of both."""

    user_id: UUID | None = None
    outsider_id: UUID | None = None

    @property
    def rows(self) -> Q:
        """What is theirs."""
        if self.user_id is not None:
            return Q(uploader=self.user_id)
        return Q(outsider=self.outsider_id) if self.outsider_id is not None else Q(pk__in=())


class StoredFile(Entity):
    """One file. Its content lies in the storage under a path that follows from its id, so that nothing is ever lost."""

    state = models.CharField(_("state"), max_length=10, choices=FileState.choices, default=FileState.EXPECTED)
    name = models.CharField(_("name"), max_length=MAX_LENGTH)
    size = models.PositiveIntegerField(_("bytes"))
    # As found in the content, never as the browser said.
    media_type = models.CharField(_("type"), max_length=100, blank=True)
    kind = models.CharField(_("kind"), max_length=8, choices=[*FileKind.choices, *MailFileKind.choices], blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    has_thumbnail = models.BooleanField(default=False)
    uploader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    outsider = models.UUIDField(null=True, blank=True)
    # What it was uploaded for, where that is known by then: it goes with nothing else.
    scope = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    # Set until it goes with something.
    unsent_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=FileState.values), name="files_state_known"),
            models.CheckConstraint(
                condition=Q(uploader__isnull=False, outsider__isnull=True)
                | Q(uploader__isnull=True, outsider__isnull=False),
                name="files_of_one",
            ),
            models.CheckConstraint(
                condition=~Q(state=FileState.READY) | ~Q(sha256="") & ~Q(media_type="") & ~Q(kind=""),
                name="files_ready_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state=FileState.READY) | Q(unsent_until__isnull=False), name="files_sent_is_ready"
            ),
        ]
        indexes = [
            models.Index(fields=["uploader"], condition=Q(unsent_until__isnull=False), name="files_unsent_user"),
            models.Index(fields=["outsider"], condition=Q(unsent_until__isnull=False), name="files_unsent_outsider"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_unsafe(self) -> bool:
        """Whether whoever opens it should know from whom it is."""
        return self.kind == MailFileKind.UNSAFE

    @property
    def path(self) -> str:
        """Where its content lies."""
        return f"files/{self.pk.hex[-2:]}/{self.pk.hex}"

    @property
    def thumbnail_path(self) -> str:
        """Where its thumbnail lies."""
        return f"{self.path}.webp"
