"""The four kinds of process: where each listens, what it loads, and what it does until it is told to stop."""

import functools
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from config.local.state import LocalError

Listening = socket.socket | None
Work = Callable[[Listening], None]
"""What a process does until SIGTERM, with the socket of its kind."""
BACKLOG = 2048
"""Connections that wait while a process is started again, or has its hands full."""


@dataclass(frozen=True)
class Kind:
    """A kind of process.

    Attributes:
        name: on the command line, in the logs and in the machine's list of processes.
        load: imports all that its work needs, and returns that; opens nothing that a fork may not share.
        listen: opens the socket on which all processes of this kind listen, if it has one. It outlives each of them, so
            that whoever calls while one is started again waits, and is not refused. Raises LocalError where it can't.
    """

    name: str
    load: Callable[[], Work]
    listen: Callable[[], Listening]


def listen_nowhere() -> None:
    """For kinds that nobody calls."""


def listen_on(host: str, port: int) -> socket.socket:
    """A socket on which a server can listen.

    Args:
        host: an address of this machine; with a colon in it one of IPv6.
        port: nought for a free one.

    Raises:
        LocalError: the address is taken, or not ours.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise LocalError(f"Nothing can listen on {host}, port {port}: {os.strerror(error.errno or 0)}.") from error


@functools.cache
def checks_run() -> None:
    """Run Django's checks, once.

    Raises:
        SystemCheckError: something is wrong with the code or the settings.
    """
    from django.core.management.base import BaseCommand

    BaseCommand().check()


def web_load() -> Work:
    """Load the pages and sockets, and the server for them."""
    from config.asgi import application
    from config.processes.warm_up import pages_warm_up
    from config.processes.web_server import server_make

    pages_warm_up()
    server = server_make(application)

    def work(listening: Listening) -> None:
        server.run(sockets=[listening] if listening else None)

    return work


def web_listen() -> socket.socket:
    """Listen on HOST (127.0.0.1) and PORT (8000)."""
    return listen_on(os.environ.get("HOST") or "127.0.0.1", int(os.environ.get("PORT") or 8000))


def worker_load() -> Work:
    """Load the tasks, and Celery's worker with WORKER_THREADS (4) threads."""
    import celery.apps.worker
    import celery.concurrency.thread
    import celery.worker.autoscale
    import celery.worker.components
    import celery.worker.consumer  # noqa: F401

    from config.celery import app

    # A worker makes Django's checks whenever it loads the tasks, of which each fork would do so again.
    checks_run()
    os.environ["CELERY_SKIP_CHECKS"] = "yes"
    app.loader.import_default_modules()
    app.finalize()

    def work(_listening: Listening) -> None:
        worker: Any = app.Worker(
            pool="threads",
            concurrency=int(os.environ.get("WORKER_THREADS") or 4),
            loglevel="WARNING",
            quiet=True,
            without_gossip=True,
            without_mingle=True,
        )
        worker.start()

    return work


def timers_load() -> Work:
    """Load what makes deadlines come up."""
    from django.core.management import call_command

    from apps.timers.management.commands.run_timers import Command

    checks_run()

    def work(_listening: Listening) -> None:
        call_command(Command())

    return work


def mail_load() -> Work:
    """Load what takes mail in."""
    from django.core.management import call_command

    from apps.mailin.management.commands.run_mail import Command

    def work(listening: Listening) -> None:
        call_command(Command(), listening=listening)

    return work


def mail_listen() -> socket.socket:
    """Listen on MAIL_HOST and MAIL_PORT."""
    from django.conf import settings

    return listen_on(settings.MAIL_HOST, settings.MAIL_PORT)


KINDS = {
    kind.name: kind
    for kind in (
        Kind("web", web_load, web_listen),
        Kind("worker", worker_load, listen_nowhere),
        Kind("timers", timers_load, listen_nowhere),
        Kind("mail", mail_load, mail_listen),
    )
}
