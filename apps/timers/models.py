"""When to look at something again, and when nobody did."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class Wakeup(models.Model):
    """A note in the public schema that some object of some tenant has a deadline.

    The truth is a column on the object; this row only makes it come up in time.
    """

    id = models.BigAutoField(primary_key=True)
    schema = models.CharField(max_length=63)
    kind = models.CharField(max_length=60)
    object_id = models.UUIDField()
    due_at = models.DateTimeField()
    run_after = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField(default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["schema", "kind", "object_id"], name="timers_wakeup_once")]
        indexes = [models.Index(fields=["run_after"], name="timers_wakeup_run_after")]

    def __str__(self) -> str:
        return f"{self.schema} {self.kind} {self.object_id} {self.due_at:%Y-%m-%d %H:%M:%S}"


class Beat(models.Model):
    """The last heartbeat of any runner of timers: one row, in the public schema."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"


class Outage(models.Model):
    """A time in which no deadline fired: no runner of timers was alive, or one tenant was frozen."""

    id = models.BigAutoField(primary_key=True)
    # Empty: the whole installation.
    schema = models.CharField(max_length=63, blank=True, db_default="", default="")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ended_at__gt=F("started_at")), name="timers_outage_forwards")]
        indexes = [models.Index(fields=["ended_at"], name="timers_outage_ended_at")]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M:%S} to {self.ended_at:%H:%M:%S}"
