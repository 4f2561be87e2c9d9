"""The masking rules of a queue, on the queue's page (FRM-6)."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.masking.actions import rule_save
from apps.masking.models import MaskingRule
from apps.queues.models import Queue
from apps.queues.registry import QueueSetting, register_queue_setting


def _write(rule: MaskingRule, queues: list[Queue], actor: Any) -> None:
    del actor
    rule_save(rule=rule, queues=queues)


register_queue_setting(
    QueueSetting(
        name="masking_rules",
        label=_("Masking rules"),
        about=_("What is hidden in messages here."),
        model=MaskingRule,
        path="queues",
        write=_write,
        offered=Q(all_queues=False),
        everywhere=Q(all_queues=True, is_active=True),
        initial={"queues": "{queue}", "all_queues": ""},
    )
)
