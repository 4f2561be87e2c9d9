"""`manage.py run_mail`: the process that takes in mail."""

import asyncio
import signal
import socket
import ssl
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.mailin.imap.watchers import Watchers
from apps.mailin.listener import Listener


class Command(BaseCommand):
    """Runs until SIGTERM or Ctrl+C. It may be killed at any point: what it has not acknowledged is sent again."""

    help = (
        "Takes in mail for the mail channels of all tenants: on MAIL_PORT, and out of mailboxes elsewhere;"
        " any number of these processes may run."
    )
    # They would load every page that there is.
    requires_system_checks = ()

    # Not for the command line: who opens the socket for several processes hands it over.
    stealth_options = ("listening",)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Listen.

        Args:
            **options: `listening`, a socket that is open already, in place of host and port.

        Raises:
            CommandError: the port is taken, or the certificate can't be read.
        """
        try:
            tls = _tls(settings.MAIL_TLS_CERT, settings.MAIL_TLS_KEY)
            asyncio.run(_listen(tls, options.get("listening")))
        except OSError as failure:
            raise CommandError(f"The mail listener could not start: {failure}") from None


def _tls(cert: str, key: str) -> ssl.SSLContext | None:
    if not cert:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key or None)
    return context


async def _listen(tls: ssl.SSLContext | None, listening: socket.socket | None) -> None:
    listener = Listener(
        host=settings.MAIL_HOST,
        port=settings.MAIL_PORT,
        max_bytes=settings.MAIL_MAX_MEGABYTES * 1024 * 1024,
        tls=tls,
        hostname=settings.MAIL_HOSTNAME,
    )
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await listener.start(listening)
    print(f"Mail is taken in on {settings.MAIL_HOST}:{listener.port}", flush=True)
    watchers = Watchers(max_bytes=listener.max_bytes)
    watchers.start()
    await stop.wait()
    await asyncio.gather(listener.stop(), asyncio.to_thread(watchers.stop))
