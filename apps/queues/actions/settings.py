"""Which rows of other apps serve a queue (TEN-4)."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import DomainError
from apps.queues.choices import Refusal
from apps.queues.models import Queue
from apps.queues.registry import QueueSetting


@transaction.atomic
def queue_setting_choose(*, queue: Queue, setting: QueueSetting, rows: Collection[UUID], actor: Any) -> None:
    """Have these rows of a kind serve a queue, and the others no longer; each is written, and audited, by its app.

    A row never loses its last queue here: most of them serve every queue when they name none.

    Args:
        queue: it.
        setting: the kind of rows.
        rows: the keys of those that name the queue from now on; at most one where a queue has one.
        actor: who chooses; none is the system.

    Raises:
        DomainError: ``queue_setting_last``, ``queue_setting_single``, or what the app refuses.
        ValidationError: what the app does not accept.
    """
    wanted = set(rows)
    if setting.is_single and len(wanted) > 1:
        raise DomainError(Refusal.QUEUE_SETTING_SINGLE, _("A queue has one of them at most."))
    named = set(setting.rows_naming(queue).values_list("pk", flat=True))
    # The row is read once it is locked: two queues' pages may give and take the same one at the same time.
    concerned = setting.rows_offered().select_for_update(no_key=True, of=("self",)).filter(pk__in=wanted ^ named)
    # What is taken comes first: what a queue has one of is free then.
    for row in sorted(concerned.order_by("pk"), key=lambda row: row.pk in wanted):
        _queues_write(queue, setting, row, chosen=row.pk in wanted, actor=actor)


def _queues_write(queue: Queue, setting: QueueSetting, row: Any, *, chosen: bool, actor: Any) -> None:
    others = Queue.objects.filter(pk__in=_queues_named(setting, row)).exclude(pk=queue.pk)
    queues = list(others.order_by("pk"))
    if not chosen and not queues:
        raise DomainError(
            Refusal.QUEUE_SETTING_LAST,
            _("“%(row)s” names this queue alone: on its own page, name another queue or delete it first.")
            % {"row": row},
        )
    setting.write(row, [*queues, queue] if chosen else queues, actor)


def _queues_named(setting: QueueSetting, row: Any) -> list[UUID]:
    named = setting.model._default_manager.filter(pk=row.pk)  # noqa: SLF001 - public in all but its name
    return [key for key in named.values_list(setting.path, flat=True) if key is not None]
