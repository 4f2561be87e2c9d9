"""The customer as a person."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import Entity


class Contact(Entity):
    """A customer: what they are called and how they can be reached."""

    name = models.CharField(_("name"), max_length=160, blank=True)
    email = models.EmailField(_("email"), blank=True, db_index=True)
    phone = models.CharField(_("phone"), max_length=32, blank=True, db_index=True)
    external_id = models.CharField(_("external id"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=16, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=50, blank=True)
    attributes = models.JSONField(_("attributes"), default=dict, blank=True)
    created_at = models.DateTimeField(_("first seen"), auto_now_add=True)
    # Since when the company itself has vouched, by a signed token, for who this is: what anybody types changes nothing.
    proven_at = models.DateTimeField(_("identity proven"), null=True, blank=True)
    # While this is set they open no conversations (CON-10).
    blocked_at = models.DateTimeField(_("blocked"), null=True, blank=True)
    blocked_by = models.CharField(_("blocked by"), max_length=160, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ("-created_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["external_id"], condition=~models.Q(external_id=""), name="contacts_contact_external_id_once"
            )
        ]
        indexes = [
            models.Index(fields=["-blocked_at"], condition=models.Q(blocked_at__isnull=False), name="contacts_blocked")
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """The name, else the email, else a word for somebody unknown."""
        return self.name or self.email or str(_("Visitor"))


class BlockedContact(Contact):
    """A contact who opens no conversations: the rows of the page on which they are unblocked (CON-10)."""

    class Meta:
        proxy = True
        verbose_name = _("blocked contact")
        verbose_name_plural = _("blocked contacts")
        ordering = ("-blocked_at",)
