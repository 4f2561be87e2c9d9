"""The disposition sets of a queue, on the queue's page (WRP-6)."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.dispositions.actions import code_set_save
from apps.dispositions.models import CodeSet
from apps.queues.models import Queue
from apps.queues.registry import QueueSetting, register_queue_setting


def _write(code_set: CodeSet, queues: list[Queue], actor: Any) -> None:
    del actor
    code_set_save(code_set=code_set, queues=queues, groups=list(code_set.groups.all()))


register_queue_setting(
    QueueSetting(
        name="disposition_sets",
        label=_("Disposition sets"),
        about=_("The codes that agents choose from when they wrap up."),
        model=CodeSet,
        path="queues",
        write=_write,
        offered=Q(),
        everywhere=Q(queues=None, groups=None, is_enabled=True),
        initial={"queues": "{queue}"},
    )
)
