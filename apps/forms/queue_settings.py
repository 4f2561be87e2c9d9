"""The forms of a queue, on the queue's page (FRM-1)."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.forms.actions import form_save
from apps.forms.models import Form
from apps.queues.models import Queue
from apps.queues.registry import QueueSetting, register_queue_setting


def _write(form: Form, queues: list[Queue], actor: Any) -> None:
    form_save(form=form, queues=queues, agent_groups=list(form.agent_groups.all()), actor=actor)


register_queue_setting(
    QueueSetting(
        name="forms",
        label=_("Forms"),
        about=_("What agents may send to customers here."),
        model=Form,
        path="queues",
        write=_write,
        offered=Q(),
        everywhere=Q(queues_only=False, is_active=True, published__isnull=False),
        initial={"queues": "{queue}"},
    )
)
