"""Transfers, what is kept of each hop, an agent's recent destinations, and the rules of it all (XFR-1 to XFR-6)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.conversations.models import Conversation, Segment
from apps.core.models import Entity, Singleton
from apps.queues.models import Queue
from apps.routing.models import NOTE_LONGEST
from apps.transfers.choices import Destinations, TransferState


class TransferSettings(Singleton):
    """What holds for transfers and for the skills of conversations in the whole tenant."""

    destinations = models.CharField(
        _("destinations"), max_length=8, choices=Destinations.choices, default=Destinations.BOTH
    )
    enforces_skills = models.BooleanField(
        _("enforce skill match"),
        default=False,
        help_text=_("After a transfer to a queue only agents with the conversation's skills get it. Off: any agent."),
    )
    skills_live = models.BooleanField(
        _("during the conversation"),
        default=False,
        help_text=_("Agents add and remove the skills of the conversations that they have."),
    )
    skills_on_transfer = models.BooleanField(
        _("on transfer"),
        default=False,
        help_text=_("Agents say which skills a conversation asks for when they transfer it to a queue."),
    )

    class Meta:
        verbose_name = _("transfer settings")
        verbose_name_plural = _("transfer settings")

    def __str__(self) -> str:
        return str(_("Transfer settings"))

    @property
    def to_queues(self) -> bool:
        """Whether queues are destinations."""
        return self.destinations != Destinations.AGENTS

    @property
    def to_agents(self) -> bool:
        """Whether agents are destinations."""
        return self.destinations != Destinations.QUEUES


class Transfer(Entity):
    """One transfer, and once it is done what is kept of the stay that it ended (XFR-6)."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="transfers")
    # The sender's stay: agent, queue and times.
    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="transfers")
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    to_queue = models.ForeignKey(Queue, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    to_agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=12, choices=TransferState.choices, default=TransferState.RINGING)
    note = models.CharField(max_length=NOTE_LONGEST, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    # Of the stage that it ended: names of skills, lines by number, and how many of them each side wrote.
    skills = models.JSONField(default=list, blank=True)
    first_number = models.PositiveIntegerField(default=0)
    last_number = models.PositiveIntegerField(default=0)
    customer_messages = models.PositiveIntegerField(default=0)
    agent_messages = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        ordering = ("asked_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(state=TransferState.RINGING), name="transfers_one_ringing"
            ),
            models.CheckConstraint(
                condition=Q(to_queue__isnull=True, to_agent__isnull=False)
                | Q(to_queue__isnull=False, to_agent__isnull=True),
                name="transfers_to_a_queue_or_an_agent",
            ),
            models.CheckConstraint(
                condition=Q(state=TransferState.RINGING, settled_at=None)
                | ~Q(state=TransferState.RINGING) & Q(settled_at__isnull=False),
                name="transfers_settled_once_over",
            ),
            models.CheckConstraint(
                condition=~Q(state=TransferState.RINGING) | Q(to_agent__isnull=False),
                name="transfers_ring_at_agents",
            ),
        ]
        indexes = [models.Index(fields=["conversation", "asked_at"], name="transfers_of_conversation")]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.asked_at:%H:%M:%S}"

    @property
    def destination(self) -> str:
        """The name of where it went."""
        return self.to_agent.public_name if self.to_agent else str(self.to_queue)


class Recent(models.Model):
    """Where an agent has transferred to lately: shown first the next time (XFR-2)."""

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recent_destinations")
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    colleague = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    used_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("recent destination")
        verbose_name_plural = _("recent destinations")
        ordering = ("-used_at",)
        constraints = [
            models.UniqueConstraint(fields=["agent", "queue"], name="transfers_recent_queue_once"),
            models.UniqueConstraint(fields=["agent", "colleague"], name="transfers_recent_agent_once"),
            models.CheckConstraint(
                condition=Q(queue__isnull=True, colleague__isnull=False)
                | Q(queue__isnull=False, colleague__isnull=True),
                name="transfers_recent_queue_or_agent",
            ),
        ]

    def __str__(self) -> str:
        return str(self.queue or self.colleague)
