"""The widget's channels, and the browsers that came through them."""

from datetime import timedelta
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from apps.contacts.models import Contact
from apps.conversations.models import Conversation
from apps.core.models import Entity
from apps.queues.models import COLOUR, Queue

EMPTY: Any = models.Value({}, output_field=models.JSONField())
NONE_SEEN: Any = models.Value([], output_field=models.JSONField())

VISITOR_LIFE = timedelta(days=90)
"""A browser that stayed away for longer is a new visitor."""


def new_key() -> str:
    """A channel's public key: what the script tag names."""
    return get_random_string(20, "abcdefghjkmnpqrstuvwxyz23456789")


def logo_name(_channel: "WidgetChannel", _name: str) -> str:
    """Where a logo is kept: a name that says nothing, and is another one for another picture."""
    return f"logos/{token_urlsafe(24)}.webp"


class Position(models.TextChoices):
    """At which edge of a site's window the launcher stands."""

    RIGHT = "right", _("Right")
    LEFT = "left", _("Left")


class WidgetChannel(Entity):
    """One widget on one site: its queue, looks and words (CHAT-1)."""

    key = models.CharField(_("key"), max_length=40, unique=True, default=new_key)
    name = models.CharField(_("name"), max_length=80)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="widgets", verbose_name=_("queue"))
    title = models.CharField(_("title"), max_length=80, default="Chat with us")
    greeting = models.CharField(_("greeting"), max_length=240, default="Hello! How can we help you?")
    colour = models.CharField(_("colour"), max_length=7, default="#2f5bd7", validators=[COLOUR])
    launcher = models.CharField(
        _("launcher"),
        max_length=40,
        blank=True,
        default="",
        db_default="",
        help_text=_("Words beside the round button, such as “Questions?”. None: the button alone."),
    )
    offline_line = models.CharField(
        _("when nobody is there"),
        max_length=240,
        default="Nobody is here at the moment. Leave us a message, and we will answer when we are back.",
        db_default="Nobody is here at the moment. Leave us a message, and we will answer when we are back.",
        blank=True,
        help_text=_("Shown outside the queue's hours, and while none of its agents is there."),
    )
    logo = models.ImageField(_("logo"), upload_to=logo_name, blank=True, default="", db_default="")
    position = models.CharField(
        _("position"), max_length=5, choices=Position, default=Position.RIGHT, db_default=Position.RIGHT
    )
    # What is asked before the first message, and without which of it none is taken.
    asks_first = models.BooleanField(
        _("ask before the first message"),
        default=True,
        db_default=True,
        help_text=_("Off: customers write at once, and none of the questions below is asked."),
    )
    ask_name = models.BooleanField(_("ask for a name"), default=True)
    need_name = models.BooleanField(_("a name is required"), default=True, db_default=True)
    ask_email = models.BooleanField(_("ask for an email"), default=True)
    need_email = models.BooleanField(_("an email is required"), default=True, db_default=True)
    ask_phone = models.BooleanField(_("ask for a phone number"), default=False, db_default=False)
    need_phone = models.BooleanField(_("a phone number is required"), default=False, db_default=False)
    ask_topic = models.BooleanField(_("ask for a topic"), default=False, db_default=False)
    need_topic = models.BooleanField(_("a topic is required"), default=False, db_default=False)
    form_title = models.CharField(_("heading"), max_length=80, blank=True, default="", db_default="")
    form_intro = models.CharField(_("introduction"), max_length=240, blank=True, default="", db_default="")
    topic_label = models.CharField(
        _("question for the topic"),
        max_length=80,
        blank=True,
        default="What is it about?",
        db_default="What is it about?",
    )
    starts_per_hour = models.PositiveSmallIntegerField(
        _("conversations an hour"),
        default=30,
        db_default=30,
        validators=[MinValueValidator(1), MaxValueValidator(10_000)],
        help_text=_("How many one network address may open in an hour."),
    )
    messages_per_minute = models.PositiveSmallIntegerField(
        _("messages a minute"),
        default=120,
        db_default=120,
        validators=[MinValueValidator(5), MaxValueValidator(1_000)],
        help_text=_("How many one customer may send in a minute."),
    )
    keeps_unsent = models.BooleanField(
        _("keep unsent messages on this device"),
        default=False,
        help_text=_("Messages that could not be sent survive a reload, as Not Delivered, until the chat ends."),
    )
    mails_transcripts = models.BooleanField(
        _("offer the conversation by email"),
        default=False,
        db_default=False,
        help_text=_("After the end customers may have it sent to an address of theirs, once an agent was there."),
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

    def asks(self, field: str) -> bool:
        """Whether customers are asked for this before their first message.

        Args:
            field: name, email, phone or topic.
        """
        return self.asks_first and bool(getattr(self, f"ask_{field}"))

    def needs(self, field: str) -> bool:
        """Whether no conversation begins without it."""
        return self.asks(field) and bool(getattr(self, f"need_{field}"))


class WidgetWords(Entity):
    """A widget's words in one more language; what is left empty is said as in the widget's own."""

    channel = models.ForeignKey(WidgetChannel, on_delete=models.CASCADE, related_name="words")
    # A tag of `settings.LANGUAGES`, such as es or pt-br.
    language = models.CharField(_("language"), max_length=16)
    title = models.CharField(_("title"), max_length=80, blank=True)
    greeting = models.CharField(_("greeting"), max_length=240, blank=True)
    launcher = models.CharField(_("launcher"), max_length=40, blank=True)
    offline_line = models.CharField(_("when nobody is there"), max_length=240, blank=True)
    form_title = models.CharField(_("heading of the questions"), max_length=80, blank=True)
    form_intro = models.CharField(_("introduction of the questions"), max_length=240, blank=True)
    topic_label = models.CharField(_("question for the topic"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("words in another language")
        verbose_name_plural = _("words in other languages")
        ordering = ("language",)
        constraints = [models.UniqueConstraint(fields=["channel", "language"], name="chat_words_once_a_language")]

    def __str__(self) -> str:
        return self.language


class Topic(Entity):
    """Something that customers may say their question is about; it can lead to a queue of its own."""

    channel = models.ForeignKey(WidgetChannel, on_delete=models.CASCADE, related_name="topics")
    name = models.CharField(_("name"), max_length=80)
    queue = models.ForeignKey(
        Queue,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="topics",
        verbose_name=_("queue"),
        help_text=_("None: the widget's queue."),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    # By language, a tag of `settings.LANGUAGES`; what agents read is the name itself.
    names = models.JSONField(_("in other languages"), default=dict, db_default=EMPTY, blank=True)

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ("position", "name")
        constraints = [models.UniqueConstraint(fields=["channel", "name"], name="chat_topic_once_a_widget")]

    def __str__(self) -> str:
        return self.name


class IdentityKey(Entity):
    """A secret by which a site proves who its customer is (CHAT-12).

    Nothing secret is stored: the secret is derived from the row's id and the installation's own key (`identity.py`).
    """

    channel = models.ForeignKey(WidgetChannel, on_delete=models.CASCADE, related_name="identity_keys")
    created_at = models.DateTimeField(default=timezone.now)
    # Set when a newer one took its place: until then tokens that it has signed are still taken.
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("identity secret")
        verbose_name_plural = _("identity secrets")
        ordering = ("-created_at",)
        constraints = [
            models.UniqueConstraint(fields=["channel"], condition=Q(ends_at=None), name="chat_identity_key_one_current")
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.created_at:%Y-%m-%d}"


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
    phone = models.CharField(max_length=32, blank=True, default="", db_default="")
    # Since when a signed token has proven that this browser is its contact's (CHAT-12).
    proven_at = models.DateTimeField(null=True, blank=True)
    # What the site has said about its customer through the widget's API; anybody could have said it.
    attributes = models.JSONField(default=dict, db_default=EMPTY, blank=True)
    page = models.JSONField(default=dict, blank=True)
    # The newest pages of the site that it was on, oldest first: url, title, at.
    pages = models.JSONField(default=list, db_default=NONE_SEEN, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    # Set while every page is closed and the customer still waits for an agent (EDG-2).
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("visitor")
        verbose_name_plural = _("visitors")

    def __str__(self) -> str:
        return str(self.contact)

    @property
    def whose(self) -> UUID:
        """Under whom its open pages are counted: where identity is proven, one customer has several browsers."""
        return self.contact_id if self.proven_at else self.pk


class Visit(models.Model):
    """A conversation that a browser opened: the only conversations that it may see."""

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, primary_key=True, related_name="visit")
    visitor = models.ForeignKey(Visitor, on_delete=models.CASCADE, related_name="visits")
    # The topic that its customer chose before the first message, by its name of then.
    intent = models.CharField(max_length=80, blank=True, default="", db_default="")
    attributes = models.JSONField(default=dict, db_default=EMPTY, blank=True)

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")

    def __str__(self) -> str:
        return f"{self.visitor} {self.conversation_id}"
