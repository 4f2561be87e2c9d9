"""The customer as a person."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.contacts.choices import ChangeKind, FieldKind, MergeState
from apps.core.models import Entity

NOTHING = models.Value({}, output_field=models.JSONField())
NONE: list[str] = []


class Contact(Entity):
    """A customer: what they are called and how they can be reached."""

    name = models.CharField(_("name"), max_length=160, blank=True)
    email = models.EmailField(_("email"), blank=True, db_index=True)
    phone = models.CharField(_("phone"), max_length=32, blank=True, db_index=True)
    # By which they are known as well: what a merge leaves over, and what agents add.
    more_emails = ArrayField(
        models.EmailField(), verbose_name=_("other emails"), default=list, db_default=NONE, blank=True
    )
    more_phones = ArrayField(
        models.CharField(max_length=32), verbose_name=_("other phones"), default=list, db_default=NONE, blank=True
    )
    external_id = models.CharField(_("external id"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=16, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=50, blank=True)
    attributes = models.JSONField(_("attributes"), default=dict, blank=True)
    # The values of the company's own fields, by the id of the field.
    custom = models.JSONField(_("own fields"), default=dict, db_default=NOTHING, blank=True)
    created_at = models.DateTimeField(_("first seen"), auto_now_add=True)
    # Since when the company itself has vouched, by a signed token, for who this is: what anybody types changes nothing.
    proven_at = models.DateTimeField(_("identity proven"), null=True, blank=True)
    # Whom they say they are: a contact who is known by the address that they gave. It opens nothing (CHAT-12).
    claims = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="claimants",
        verbose_name=_("says they are"),
    )
    # While this is set they open no conversations (CON-10).
    blocked_at = models.DateTimeField(_("blocked"), null=True, blank=True)
    blocked_by = models.CharField(_("blocked by"), max_length=160, blank=True, default="", db_default="")
    # Raised by every change: who saves an older one is asked first.
    version = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    # The row of a contact that was merged away stays: old addresses lead on to the other one.
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )
    merged_at = models.DateTimeField(_("merged"), null=True, blank=True)
    # When what was being written to it while it was merged follows, too.
    settles_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ("-created_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["external_id"], condition=~models.Q(external_id=""), name="contacts_contact_external_id_once"
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True, merged_at__isnull=True)
                | (Q(merged_into__isnull=False, merged_at__isnull=False) & ~Q(merged_into=F("id"))),
                name="contacts_merged_into_another",
            ),
            models.CheckConstraint(condition=~Q(claims=F("id")), name="contacts_claims_another"),
        ]
        indexes = [
            GinIndex(SearchVector("name", config="simple"), name="contacts_name_words"),
            GinIndex(fields=["more_emails"], name="contacts_more_emails"),
            GinIndex(fields=["more_phones"], name="contacts_more_phones"),
            models.Index(fields=["settles_at"], condition=Q(settles_at__isnull=False), name="contacts_settling"),
            models.Index(fields=["-blocked_at"], condition=models.Q(blocked_at__isnull=False), name="contacts_blocked"),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """The name, else the email, else a word for somebody unknown."""
        return self.name or self.email or str(_("Visitor"))

    @property
    def is_refused(self) -> bool:
        """Whether they open no conversations: they are blocked, or only say that they are somebody who is (CON-10)."""
        if self.blocked_at is not None:
            return True
        return self.claims is not None and self.claims.blocked_at is not None and not self._is_who_they_say

    @property
    def _is_who_they_say(self) -> bool:
        return self.proven_at is not None or self.proven_emails.filter(email=self.email).exists()


class ProvenEmail(models.Model):
    """An address that was proven to be a contact's: mail from it finds them, and nothing that anybody types does."""

    email = models.EmailField(_("email"), primary_key=True)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="proven_emails")
    at = models.DateTimeField(_("proven"), default=timezone.now)

    class Meta:
        verbose_name = _("proven email")
        verbose_name_plural = _("proven emails")
        ordering = ("email",)

    def __str__(self) -> str:
        return self.email


class MergeRequest(Entity):
    """An agent says that a contact is somebody whom they may not read: a supervisor of both decides (CON-5)."""

    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="merge_requests", verbose_name=_("contact")
    )
    # Who that is, as far as it is known. The agent is not told whether anybody is.
    other = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("is the same as")
    )
    # A name, an address or a number that the agent knows them by; empty where the customer says it themselves.
    about = models.CharField(_("who it is"), max_length=254, blank=True)
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=MergeState, default=MergeState.WAITING)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("requested by")
    )
    requested_at = models.DateTimeField(_("requested"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    class Meta:
        verbose_name = _("merge request")
        verbose_name_plural = _("merge requests")
        ordering = ("-requested_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(state=MergeState.WAITING, decided_at__isnull=True)
                | (~Q(state=MergeState.WAITING) & Q(decided_at__isnull=False)),
                name="contacts_merge_request_decided_once",
            )
        ]
        indexes = [
            models.Index(fields=["contact"], condition=Q(state=MergeState.WAITING), name="contacts_merge_requests_open")
        ]

    def __str__(self) -> str:
        return str(self.contact)

    @property
    def is_claim(self) -> bool:
        """Whether the customer says it themselves."""
        return not self.about


class BlockedContact(Contact):
    """A contact who opens no conversations: the rows of the page on which they are unblocked (CON-10)."""

    class Meta:
        proxy = True
        verbose_name = _("blocked contact")
        verbose_name_plural = _("blocked contacts")
        ordering = ("-blocked_at",)


class ContactField(Entity):
    """A field of the company's own (CON-5): agents fill it in, and none must be filled in."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=FieldKind, default=FieldKind.TEXT)
    options = ArrayField(
        models.CharField(max_length=80),
        verbose_name=_("choices"),
        default=list,
        blank=True,
        help_text=_("What can be chosen, separated by commas: for fields of the kind Choice."),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    is_enabled = models.BooleanField(_("enabled"), default=True)

    class Meta:
        verbose_name = _("contact field")
        verbose_name_plural = _("contact fields")
        ordering = ("position", "name")
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=FieldKind.CHOICE) | ~Q(options=[]), name="contacts_field_choices_to_choose_from"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ContactChange(Entity):
    """A change of a contact: who, when, what before and after. Append-only: a trigger refuses updates and deletions."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="changes")
    # The contact's version from this change on.
    version = models.PositiveIntegerField()
    kind = models.CharField(_("kind"), max_length=12, choices=ChangeKind)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)
    # The other one of a merge.
    other = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("change of a contact")
        verbose_name_plural = _("history")
        ordering = ("version",)
        constraints = [models.UniqueConstraint(fields=["contact", "version"], name="contacts_change_once_a_version")]

    def __str__(self) -> str:
        return f"{self.version}: {self.get_kind_display()}"
