"""The survey of a queue, on the queue's page (SRV-1)."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.queues.models import Queue
from apps.queues.registry import QueueSetting, register_queue_setting
from apps.surveys.actions import survey_save
from apps.surveys.models import Survey


def _write(survey: Survey, queues: list[Queue], actor: Any) -> None:
    survey_save(survey=survey, queues=queues, actor=actor)


register_queue_setting(
    QueueSetting(
        name="survey",
        label=_("Survey"),
        about=_("What customers are asked when a conversation ends here."),
        model=Survey,
        path="places__queue",
        write=_write,
        offered=Q(is_default=False),
        everywhere=Q(is_default=True),
        initial={"serves": "{queue}"},
        is_single=True,
    )
)
