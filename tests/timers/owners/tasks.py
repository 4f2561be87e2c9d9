from uuid import UUID

from celery import shared_task
from django.db import connection


@shared_task(name="owners.mark")
def mark(object_id: str) -> None:
    """Count up an owner of whichever tenant this runs in."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE owner SET fired = fired + 1 WHERE id = %s", [UUID(object_id)])
        assert cursor.rowcount == 1
