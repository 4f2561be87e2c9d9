"""When to look at something again."""

from django.db import models
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
