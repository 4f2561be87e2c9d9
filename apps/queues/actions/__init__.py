"""Every change of queues, skills and hours.

Whether the actor may ask for it (permission `setup`), the interface checks; None is the installation itself.
"""

from apps.queues.actions.holidays import hours_import_holidays
from apps.queues.actions.hours import (
    hours_create,
    hours_delete,
    hours_update,
    special_day_remove,
    special_day_set,
)
from apps.queues.actions.queues import (
    queue_activate,
    queue_close_now,
    queue_create,
    queue_deactivate,
    queue_delete,
    queue_make_default,
    queue_reopen,
    queue_update,
)
from apps.queues.actions.settings import queue_setting_choose
from apps.queues.actions.skills import (
    skill_create,
    skill_delete,
    skill_group_create,
    skill_group_delete,
    skill_group_update,
    skill_update,
)

__all__ = [
    "hours_create",
    "hours_delete",
    "hours_import_holidays",
    "hours_update",
    "queue_activate",
    "queue_close_now",
    "queue_create",
    "queue_deactivate",
    "queue_delete",
    "queue_make_default",
    "queue_reopen",
    "queue_setting_choose",
    "queue_update",
    "skill_create",
    "skill_delete",
    "skill_group_create",
    "skill_group_delete",
    "skill_group_update",
    "skill_update",
    "special_day_remove",
    "special_day_set",
]
