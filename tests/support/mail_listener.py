"""The listener for mail, in a thread of the test's own."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from apps.mailin.listener import Listener


@contextmanager
def mail_listener(**options: Any) -> Iterator[int]:
    """A listener on a free port, in a thread with a loop of its own."""
    listener = Listener(host="127.0.0.1", port=0, **{"max_bytes": 100_000, **options})
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(listener.start(), loop).result(10)
        yield listener.port
    finally:
        asyncio.run_coroutine_threadsafe(listener.stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
