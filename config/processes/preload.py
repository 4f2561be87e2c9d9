"""What is loaded once, before any process is forked, so that it is in memory once."""

import gc
import os
from collections.abc import Iterable, Mapping
from contextvars import copy_context

from config.processes.kinds import Kind, Work


def application_load(kinds: Iterable[Kind]) -> Mapping[str, Work]:
    """Load the application, and leave nothing open that a fork would share: no connection, no thread, no event loop.

    Args:
        kinds: what will run; what only others need is not loaded.

    Returns:
        The work of each kind, by its name.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    gc.disable()
    # Each in a context of its own: a language that was set in passing would go on to every socket, at 20 KiB each.
    works = {kind.name: copy_context().run(_load, kind) for kind in kinds}
    # What is loaded stays: looking whether it is garbage would write into it, and give every fork a copy of its own.
    gc.collect()
    gc.freeze()
    gc.enable()
    return works


def _load(kind: Kind) -> Work:
    import django

    from config.processes.warm_up import database_warm_up

    django.setup()
    database_warm_up()
    return kind.load()
