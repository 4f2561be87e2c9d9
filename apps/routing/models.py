"""Offers, the slots they and conversations hold, and how each channel is answered."""

from datetime import timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.agents.models import Agent
from apps.conversations.models import Conversation
from apps.core.models import Entity
from apps.queues.choices import Family
from apps.routing.choices import OfferState


class ChannelRules(models.Model):
    """How conversations of one channel family are answered (AGT-6)."""

    family = models.CharField(_("channel family"), max_length=8, choices=Family.choices, primary_key=True)
    offer_seconds = models.PositiveIntegerField(
        _("seconds to accept"), default=30, validators=[MinValueValidator(5), MaxValueValidator(3600)]
    )
    may_reject = models.BooleanField(_("agents may reject"), default=False)

    class Meta:
        verbose_name = _("answering rules")
        verbose_name_plural = _("answering rules")

    def __str__(self) -> str:
        return self.get_family_display()

    @property
    def offer_time(self) -> timedelta:
        """How long an offer rings."""
        return timedelta(seconds=self.offer_seconds)


class Offer(Entity):
    """A conversation shown to one agent, who may accept it, let it time out or (where allowed) reject it."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="offers")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="offers")
    state = models.CharField(max_length=10, choices=OfferState.choices, default=OfferState.RINGING)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ("-created_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(state=OfferState.RINGING), name="routing_offer_one_ringing"
            ),
            models.CheckConstraint(
                condition=Q(state=OfferState.RINGING, ended_at=None) | ~Q(state=OfferState.RINGING),
                name="routing_offer_ringing_is_open",
            ),
        ]
        indexes = [
            models.Index(fields=["agent"], condition=Q(state=OfferState.RINGING), name="routing_offer_ringing"),
            models.Index(fields=["agent", "-created_at"], name="routing_offer_of_agent"),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.created_at:%H:%M:%S}"


class SlotHold(models.Model):
    """One slot that an agent holds for one conversation: taken with the offer, kept until released (RTE-9)."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="holds")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="holds")
    family = models.CharField(max_length=8, choices=Family.choices)
    forced = models.BooleanField(default=False)
    taken_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        constraints = [models.UniqueConstraint(fields=["conversation", "agent"], name="routing_hold_once")]

    def __str__(self) -> str:
        return f"{self.agent} {self.get_family_display()}"
