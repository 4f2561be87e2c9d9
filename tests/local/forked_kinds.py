"""Stand-ins for the kinds of process, run by the supervisor: they say who they are, and one of them answers."""

import os
import random
import signal
import sys
import time
from collections import Counter

from config.local.state import LocalError
from config.processes.kinds import Kind, Listening, Work, listen_nowhere, listen_on
from config.processes.supervisor import Supervisor


def answer(listening: Listening) -> None:
    """Say to every caller which process answers."""
    assert listening
    say("answers")
    while True:
        connection = listening.accept()[0]
        with connection:
            connection.sendall(f"{os.getpid()}\n".encode())


def idle(listening: Listening) -> None:
    """Do nothing, until SIGTERM ends it in order."""
    assert listening is None
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    say("idles")
    time.sleep(600)


def fall(_listening: Listening) -> None:
    """End at once."""
    sys.exit(3)


def say(what: str) -> None:
    """One line, with a number by chance."""
    os.write(1, f"{os.getpid()} {what} {random.getrandbits(64)}\n".encode())


def listen() -> Listening:
    """On PORT."""
    return listen_on("127.0.0.1", int(os.environ["PORT"]))


WORKS: dict[str, Work] = {"answerer": answer, "idler": idle, "faller": fall}
KINDS = {
    name: Kind(name, lambda: idle, listen if name == "answerer" else listen_nowhere)  # the supervisor has them loaded
    for name in WORKS
}


if __name__ == "__main__":
    try:
        Supervisor(WORKS).supervise(Counter(KINDS[name] for name in sys.argv[1:]))
    except LocalError as error:
        sys.exit(str(error))
