"""What of other apps serves a queue and is chosen on the queue's page: surveys, sets, forms, flows.

Each app registers its own in its `queue_settings.py`, which is read at start; queues know none of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise

from apps.queues.models import Queue

Text = str | Promise


@dataclass(frozen=True)
class QueueSetting:
    """A kind of rows that name the queues that they serve.

    Attributes:
        name: of the field on the queue's page.
        label: of the field.
        about: a sentence on what they are for.
        model: of the rows.
        path: the relation from a row to its queues.
        write: has an action write the row and its queues: gets the row, the queues, and who does it.
        offered: which rows can name queues.
        everywhere: which rows serve queues that they do not name.
        initial: what a new row of them begins with on its own page, by the names of its fields; ``{queue}`` stands for
            the queue's key.
        is_single: whether a queue has one of them at most.
    """

    name: str
    label: Text
    about: Text
    model: type[Model]
    path: str
    write: Callable[[Any, list[Queue], Any], Any]
    offered: Q
    everywhere: Q
    initial: Mapping[str, str]
    is_single: bool = False

    def rows_offered(self) -> QuerySet[Any]:
        """The rows that can name queues."""
        return self.model._default_manager.filter(self.offered)  # noqa: SLF001 - public in all but its name

    def rows_naming(self, queue: Queue) -> QuerySet[Any]:
        """The rows that name a queue."""
        named = self.model._default_manager.filter(**{self.path: queue.pk})  # noqa: SLF001
        return self.rows_offered().filter(pk__in=named.values("pk"))

    def rows_everywhere(self) -> QuerySet[Any]:
        """The rows that serve queues that they do not name."""
        return self.model._default_manager.filter(self.everywhere)  # noqa: SLF001


_settings: dict[str, QueueSetting] = {}


def register_queue_setting(setting: QueueSetting) -> None:
    """Offer a kind of rows on the queue's page.

    Raises:
        ValueError: there is one of this name.
    """
    if setting.name in _settings:
        raise ValueError(f"the queue's setting {setting.name!r} is registered already")
    _settings[setting.name] = setting


def queue_settings() -> list[QueueSetting]:
    """Every kind, in the order of the apps."""
    return list(_settings.values())
