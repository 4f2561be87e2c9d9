"""How an ASGI application is served: by uvicorn, on a socket that is open already."""

from typing import Any

import uvicorn

STOP_SECONDS = 3
"""For which requests may go on once the process was told to stop."""
LARGEST_FRAME = 131_072
"""Bytes that a page may send in one frame."""


def server_make(application: Any) -> uvicorn.Server:
    """A server, with all that it needs loaded; its event loop is made when it runs.

    Args:
        application: it looks at proxies' headers by itself; uvicorn would trust its own machine, whoever asks from
            there.
    """
    config = uvicorn.Config(
        application,
        log_config=None,
        proxy_headers=False,
        ws_max_size=LARGEST_FRAME,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    config.load()
    config.get_loop_factory()
    return uvicorn.Server(config)
