"""Mailboxes that a Dovecot holds, and one look into them."""

import threading
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from apps.email.models import Mailbox, RawMail
from apps.mailin.actions.mailboxes import mailbox_release, mailbox_take
from apps.mailin.actions.sources import mailbox_save
from apps.mailin.imap.mailbox import folder_open
from apps.mailin.imap.watchers import Watcher, mailbox_access
from apps.tenants.models import Tenant
from tests.mailin.dovecot import PASSWORD, Dovecot
from tests.support.inbound_mails import make_channel


def make_mailbox(server: Dovecot, user: str, *, address: str = "support@acme.test", **fields: Any) -> Mailbox:
    """A channel whose mail is fetched from a mailbox of this server."""
    fields = {
        "host": "127.0.0.1",
        "port": server.port,
        "security": "none",
        "user": user,
        "imports_from": timezone.now() - timedelta(days=1),
        "after_import": "leave",
        **fields,
    }
    return mailbox_save(mailbox=Mailbox(channel=make_channel(address), **fields), password=PASSWORD)


def watcher_of(mailbox: Mailbox, holder: str = "one", **options: Any) -> Watcher:
    tenant = Tenant.objects.get(schema_name=connection.schema_name)
    options = {"max_bytes": 100_000, "stop": threading.Event(), **options}
    return Watcher(tenant, mailbox.pk, holder=holder, **options)


def fetch(mailbox: Mailbox, **options: Any) -> None:
    """Look into the mailbox once, as a process would that starts and is stopped."""
    watcher = watcher_of(mailbox, **options)
    watch = mailbox_take(channel_id=mailbox.pk, holder="one")
    assert watch is not None
    tenant = connection.tenant
    try:
        with folder_open(mailbox_access(watch)) as folder:
            watcher.look(watch, folder)
    finally:
        connection.set_tenant(tenant)
        mailbox_release(watch=watch)


def subjects() -> list[str]:
    return list(RawMail.objects.order_by("pk").values_list("subject", flat=True))
