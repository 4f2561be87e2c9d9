"""The Celery application: every task runs in the tenant that it was queued from."""

import os
from typing import Any

from celery import Celery, signals
from celery.contrib.django.task import DjangoTask
from django.db import connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

HEADER = "tenant"


class TenantTask(DjangoTask):  # type: ignore[type-arg]
    """A task that remembers the tenant of the moment it was asked for, also when it is queued only after the commit."""

    def delay_on_commit(self, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]
        """Queue the task once the transaction has been committed."""
        self.apply_async_on_commit(args, kwargs)

    def apply_async_on_commit(self, *args: Any, **options: Any) -> None:  # type: ignore[override]
        """Queue the task once the transaction has been committed, with Celery's options."""
        headers = {HEADER: _schema(), **(options.pop("headers", None) or {})}
        super().apply_async_on_commit(*args, headers=headers, **options)


app = Celery("parley", task_cls=TenantTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.before_task_publish.connect
def mark_tenant(headers: dict[str, Any] | None = None, **_kwargs: Any) -> None:
    """Write the current tenant on the message, unless it carries one."""
    if headers is not None:
        headers.setdefault(HEADER, _schema())


@signals.task_prerun.connect
def enter_tenant(task: Any = None, **_kwargs: Any) -> None:
    """Enter the message's tenant; a task that runs where it was called stays in the tenant it was called from."""
    if not task.request.is_eager:
        connection.set_schema(getattr(task.request, HEADER, None) or "public")  # type: ignore[attr-defined]


@signals.task_postrun.connect
def leave_tenant(task: Any = None, **_kwargs: Any) -> None:
    """Leave the thread in the public schema."""
    if not task.request.is_eager:
        connection.set_schema_to_public()  # type: ignore[attr-defined]


def _schema() -> str:
    return str(connection.schema_name)  # type: ignore[attr-defined]
