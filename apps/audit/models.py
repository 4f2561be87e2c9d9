"""What was done, by whom, from where: rows that the database itself refuses to change (AUD-1)."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.audit.choices import KEEP_DAYS, KEEP_DAYS_LEAST, KEEP_DAYS_MOST, ActorKind
from apps.audit.registry import verb_label
from apps.core.models import Entity, Singleton


class AuditEntry(Entity):
    """One act. Names stand as they were: whoever and whatever it names may be gone.

    Triggers refuse updates, deletions and truncation, and number each entry in the chain when it is committed.
    """

    at = models.DateTimeField(_("when"), default=timezone.now)
    actor_kind = models.CharField(_("kind of actor"), max_length=12, choices=ActorKind.choices)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(_("who"), max_length=200, blank=True)
    address = models.CharField(_("from"), max_length=64, blank=True)
    # Dotted: what it was done to, then what, such as "queue.change".
    verb = models.CharField(_("what"), max_length=60)
    target_type = models.CharField(_("kind"), max_length=80, blank=True)
    target_id = models.CharField(max_length=64, blank=True)
    target_name = models.CharField(_("to what"), max_length=300, blank=True)
    # By name of the field: what it was and what it became, as people read it.
    changes: Any = models.JSONField(_("changes"), default=dict)
    # By name of the field: what was stored before, from which it can be restored; nothing secret.
    before: Any = models.JSONField(default=dict)
    detail: Any = models.JSONField(_("details"), default=dict)
    conversation_id = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ("-at", "-id")
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_newest"),
            models.Index(fields=["target_type", "target_id", "-at"], name="audit_of_target"),
            models.Index(fields=["actor_id", "-at"], name="audit_of_actor"),
            models.Index(fields=["verb", "-at"], name="audit_of_verb"),
            models.Index(
                fields=["conversation_id", "-at"],
                name="audit_of_conversation",
                condition=models.Q(conversation_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return ": ".join(filter(None, (verb_label(self.verb), self.target_name)))


class AuditLink(models.Model):
    """An entry's place in the chain, given by a trigger: each hash holds the one before it."""

    seq = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(AuditEntry, on_delete=models.DO_NOTHING, related_name="link", db_constraint=False)
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("link of the audit chain")
        verbose_name_plural = _("links of the audit chain")

    def __str__(self) -> str:
        return str(self.seq)


class AuditHead(models.Model):
    """The end of the chain: one row, locked by the trigger while a transaction commits."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("head of the audit chain")
        verbose_name_plural = _("heads of the audit chain")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="audit_one_head")]

    def __str__(self) -> str:
        return str(self.seq)


class AuditSeal(Entity):
    """The head as it was on one day, signed: whoever rewrites the chain can't sign it again."""

    at = models.DateTimeField(_("when"))
    seq = models.BigIntegerField(_("entries"), unique=True)
    hash = models.BinaryField(max_length=32)
    # Of the key that signed, in hexadecimal.
    public_key = models.CharField(_("public key"), max_length=64)
    signature = models.BinaryField(max_length=64)

    class Meta:
        verbose_name = _("signed head")
        verbose_name_plural = _("signed heads")
        ordering = ("-seq",)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.seq}"


class AuditSettings(Singleton):
    """How long this tenant's log is kept, and when its head is signed next."""

    keep_days = models.PositiveIntegerField(
        _("keep entries for"),
        default=KEEP_DAYS,
        validators=[MinValueValidator(KEEP_DAYS_LEAST), MaxValueValidator(KEEP_DAYS_MOST)],
        help_text=_(
            "Days, at least 90. What is older is deleted at night, up to the newest signed head that is as old;"
            " what is kept can be verified as before."
        ),
    )
    seal_due_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("audit log settings")
        verbose_name_plural = _("audit log settings")

    def __str__(self) -> str:
        return str(_("Audit log settings"))
