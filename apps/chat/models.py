"""The widget's channels, and the browsers that came through them."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from apps.contacts.models import Contact
from apps.conversations.models import Conversation
from apps.core.models import Entity
from apps.queues.models import COLOUR, Queue

VISITOR_LIFE = timedelta(days=90)
"""A browser that stayed away for longer is a new visitor."""


def new_key() -> str:
    """A channel's public key: what the script tag names."""
    return get_random_string(20, "abcdefghjkmnpqrstuvwxyz23456789")


class WidgetChannel(Entity):
    """One widget on one site: its queue, looks and words (CHAT-1)."""

    key = models.CharField(_("key"), max_length=40, unique=True, default=new_key)
    name = models.CharField(_("name"), max_length=80)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="widgets", verbose_name=_("queue"))
    title = models.CharField(_("title"), max_length=80, default="Chat with us")
    greeting = models.CharField(_("greeting"), max_length=240, default="Hello! How can we help you?")
    colour = models.CharField(_("colour"), max_length=7, default="#2f5bd7", validators=[COLOUR])
    ask_name = models.BooleanField(_("ask for a name"), default=True)
    ask_email = models.BooleanField(_("ask for an email"), default=True)
    keeps_unsent = models.BooleanField(
        _("keep unsent messages on this device"),
        default=False,
        help_text=_("Messages that could not be sent survive a reload, as Not Delivered, until the chat ends."),
    )
    allowed_sites = ArrayField(
        models.CharField(max_length=200),
        verbose_name=_("sites"),
        default=list,
        blank=True,
        help_text=_("Origins that may show this widget, such as https://shop.example. None means any site."),
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("chat widget")
        verbose_name_plural = _("chat widgets")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Visitor(Entity):
    """A browser that a customer came back with: what finds their conversation again (CHAT-12).

    Its token is `<id>.<generation>.<signature>`; each hello hands out the next generation, and one that is older than
    the newest presented is refused: a token that leaked once opens nothing after the browser's next visit.
    """

    channel = models.ForeignKey(WidgetChannel, on_delete=models.CASCADE, related_name="visitors")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="visitors")
    generation = models.PositiveIntegerField(default=0)
    # As typed into this browser. The contact may be known from elsewhere under the same address; nobody proved to be
    # them, so this browser is never told what the contact's own record says.
    name = models.CharField(max_length=160, blank=True, db_default="")
    email = models.EmailField(blank=True, db_default="")
    page = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    # Set while every page is closed and the customer still waits for an agent (EDG-2).
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("visitor")
        verbose_name_plural = _("visitors")

    def __str__(self) -> str:
        return str(self.contact)


class Visit(models.Model):
    """A conversation that a browser opened: the only conversations that it may see."""

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, primary_key=True, related_name="visit")
    visitor = models.ForeignKey(Visitor, on_delete=models.CASCADE, related_name="visits")

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")

    def __str__(self) -> str:
        return f"{self.visitor} {self.conversation_id}"
