"""The flows and the waiting experience of a queue, on the queue's page (RTE-4, RTE-5)."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.queues.models import Queue
from apps.queues.registry import QueueSetting, register_queue_setting
from apps.routing.actions.settings import flow_save, waiting_experience_save
from apps.routing.choices import Trigger
from apps.routing.models import Flow, WaitingExperience


def _write_flow(flow: Flow, queues: list[Queue], actor: Any) -> None:
    del actor
    flow_save(flow=flow, queues=queues)


def _write_experience(experience: WaitingExperience, queues: list[Queue], actor: Any) -> None:
    del actor
    waiting_experience_save(experience=experience, queues=queues)


register_queue_setting(
    QueueSetting(
        name="waiting_experience",
        label=_("Waiting experience"),
        about=_("What customers see while they wait here."),
        model=WaitingExperience,
        path="queues",
        write=_write_experience,
        offered=Q(is_default=False),
        everywhere=Q(is_default=True),
        initial={"queues": "{queue}"},
        is_single=True,
    )
)
for _trigger, _label, _about in (
    (Trigger.OUT_OF_HOURS, _("Out-of-hours flow"), _("What customers meet outside the hours.")),
    (Trigger.NO_AGENTS, _("No-agents flow"), _("What customers meet when nobody can take them.")),
):
    register_queue_setting(
        QueueSetting(
            name=f"flow_{_trigger}",
            label=_label,
            about=_about,
            model=Flow,
            path="queues",
            write=_write_flow,
            offered=Q(trigger=_trigger, is_stock=False),
            everywhere=Q(trigger=_trigger, queues=None),
            initial={"queues": "{queue}", "trigger": _trigger.value},
            is_single=True,
        )
    )
