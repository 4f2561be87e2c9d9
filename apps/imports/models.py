"""Imports: a file of rows on its way into the tenant, and what would become of each row."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.models import Entity
from apps.imports.choices import LIVE, JobState, RowState


class ImportJob(Entity):
    """A file that somebody brought, from its check to its end. Its content lies encrypted in the storage until then."""

    kind = models.CharField(_("rows"), max_length=30)
    state = models.CharField(_("state"), max_length=10, choices=JobState.choices, default=JobState.CHECKING)
    file_name = models.CharField(_("file"), max_length=200)
    size = models.PositiveIntegerField(_("bytes"))
    sha256 = models.CharField(max_length=64)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("brought by")
    )
    created_at = models.DateTimeField(_("brought"), default=timezone.now)
    # Set when a worker takes it up, for the check and again for the import: who dies in between is noticed by it.
    begun_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    # When somebody looks after it again: whether a worker is still at it, or whether it has expired.
    look_after_at = models.DateTimeField(null=True, blank=True)
    total = models.PositiveIntegerField(_("rows in the file"), default=0)
    new = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    same = models.PositiveIntegerField(_("unchanged"), default=0)
    wrong = models.PositiveIntegerField(_("wrong"), default=0)
    failure = models.CharField(_("what went wrong"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-created_at",)
        constraints = [
            models.UniqueConstraint(fields=["kind"], condition=Q(state__in=LIVE), name="imports_one_of_a_kind"),
            models.CheckConstraint(
                condition=Q(state__in=LIVE, ended_at=None) | ~Q(state__in=LIVE) & Q(ended_at__isnull=False),
                name="imports_ended_or_live",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def path(self) -> str:
        """Where its content lies."""
        return f"imports/{self.pk.hex}"

    @property
    def is_live(self) -> bool:
        """Whether anything can still become of it."""
        return self.state in LIVE


class ImportRow(models.Model):
    """What would become of a row of a file. Goes with the end of its import: it may hold what is known of people."""

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="rows")
    # The line of the file on which it begins, the header being line 1.
    line = models.PositiveIntegerField(_("line"))
    state = models.CharField(_("state"), max_length=8, choices=RowState.choices)
    name = models.CharField(_("row"), max_length=200)
    # By column: what it was and what it becomes.
    changes = models.JSONField(default=dict)
    # By column: sentences; an empty name is the whole row.
    errors = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("row")
        verbose_name_plural = _("rows")
        ordering = ("line",)
        indexes = [models.Index(fields=["job", "state", "line"], name="imports_rows_by_state")]

    def __str__(self) -> str:
        return f"{self.line}: {self.name}"
