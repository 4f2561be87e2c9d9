"""A TCP proxy that can be cut, as a cable can: nothing passes, and nobody is told."""

import asyncio
import threading
from contextlib import suppress


class Proxy:
    """Passes connections on to a port of this machine, from a port of its own.

    Args:
        target: where they go.
    """

    def __init__(self, target: int) -> None:
        self.port = 0
        self._target = target
        self._loop = asyncio.new_event_loop()
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._open = asyncio.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> "Proxy":
        """Listen."""
        listening = threading.Event()
        self._loop.call_soon(lambda: self._spawn(self._listen(listening)))
        self._thread.start()
        assert listening.wait(10)
        return self

    def stop(self) -> None:
        """Listen no longer; whatever is open is closed."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def cut(self) -> None:
        """From now on nothing passes in either direction; connections stay open, new ones too."""
        self._loop.call_soon_threadsafe(self._open.clear)

    def heal(self) -> None:
        """New connections pass; those from before have died meanwhile."""
        self._loop.call_soon_threadsafe(self._heal)

    def drop(self) -> None:
        """Break every connection, audibly; new ones pass."""
        self._loop.call_soon_threadsafe(self._abort)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        self._abort()
        for task in self._tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*self._tasks, return_exceptions=True))
        self._loop.close()

    async def _listen(self, listening: threading.Event) -> None:
        self._open.set()
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        listening.set()
        await server.serve_forever()

    def _heal(self) -> None:
        self._abort()
        self._open.set()

    def _abort(self) -> None:
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        await self._open.wait()
        with suppress(OSError):
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
            self._writers.add(far_writer)
            one = self._spawn(self._pass_on(reader, far_writer))
            other = self._spawn(self._pass_on(far_reader, writer))
            await asyncio.wait([one, other])

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                await self._open.wait()
                writer.write(data)
                await writer.drain()
        self._writers.discard(writer)
        with suppress(OSError, RuntimeError):
            writer.close()

    def _spawn(self, work: object) -> "asyncio.Task[None]":
        task: asyncio.Task[None] = self._loop.create_task(work)  # type: ignore[arg-type]
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
