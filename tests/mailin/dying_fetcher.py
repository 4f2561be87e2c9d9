"""Fetches from a mailbox, and is killed at a step of it: `python -m tests.mailin.dying_fetcher SCHEMA CHANNEL STEP`."""

import os
import signal
import sys
import threading
from typing import Any
from uuid import UUID

import django

RECEIVED, IMPORTED, DELETED = "received", "imported", "deleted"
"""A mail is stored and its UID not noted; both are committed; it is deleted there, and that is not noted."""


def dies_after(owner: Any, name: str) -> None:
    """The process is gone as soon as this has been done."""
    done = getattr(owner, name)

    def call(*args: Any, **kwargs: Any) -> None:
        done(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, name, call)


if __name__ == "__main__":
    django.setup()

    from apps.mailin.actions import mailboxes
    from apps.mailin.imap.mailbox import Folder
    from apps.mailin.imap.watchers import Watcher
    from apps.tenants.models import Tenant

    schema, channel, step = sys.argv[1:]
    steps = {RECEIVED: (mailboxes, "mail_receive"), IMPORTED: (mailboxes, "uid_import"), DELETED: (Folder, "delete")}
    dies_after(*steps[step])
    tenant = Tenant.objects.get(schema_name=schema)
    Watcher(tenant, UUID(channel), holder=step, max_bytes=100_000, stop=threading.Event()).run()
