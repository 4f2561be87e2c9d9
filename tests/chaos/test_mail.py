"""Mail that was acknowledged is stored and filed, once, whatever dies meanwhile (EML-2)."""

import smtplib
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from config.local import embedded
from config.local.programs import Program
from tests.chaos.log_lines import EXPECTED
from tests.chaos.size import how_many
from tests.support import mail_office
from tests.support.stack import START_SECONDS, eventually

MAILS = how_many(200)
THREADS = MAILS // 2
"""Of two mails each: a question, and one more that answers it."""
SENDERS = 4
VICTIMS = ("listener", "worker", "listener", "postgres", "valkey", "listener") * max(MAILS // 200, 1)
"""Who is killed, one after the other: with more mails more often."""


@contextmanager
def listener(stack: Any, port: int, *, dies: bool = False) -> Iterator[None]:
    """The mail listener beside the other processes."""
    argv = [sys.executable, "manage.py", "run_mail"]
    if dies:
        argv = [sys.executable, "-m", "tests.chaos.dying_listener"]
    begin(stack, port, argv)
    try:
        yield
    finally:
        if stack.is_running("listener"):
            stack.stop("listener")
        stack._managers.pop("listener", None)


def begin(stack: Any, port: int, argv: list[str]) -> None:
    env = stack.environment | {"MAIL_PORT": str(port)}
    stack._launch(Program("listener", argv, env, log=stack.logs.next("listener")))
    eventually(lambda: listens(port), START_SECONDS, "the mail listener does not answer")


def listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as connection:
        return connection.recv(3) == b"220"
    return False


def mail(number: int, address: str, *, answers: bool) -> tuple[str, bytes]:
    """Sender and bytes of a mail."""
    sender, name = f"c{number}@customers.example", "again" if answers else "first"
    lines = [
        f"From: {sender}",
        f"To: {address}",
        f"Message-ID: <{name}.{number}.{address}>",
        f"Subject: Thread {number}",
    ]
    if answers:
        lines.append(f"In-Reply-To: <first.{number}.{address}>")
    return sender, "\r\n".join([*lines, "", f"{name} {number}", ""]).encode()


def send(port: int, address: str, sender: str, raw: bytes) -> None:
    """Hand a mail over as servers do: again and again, until it is acknowledged."""
    deadline = time.monotonic() + 100
    while True:
        try:
            with smtplib.SMTP("127.0.0.1", port, timeout=15) as client:
                client.sendmail(sender, [address], raw)
                return
        except (OSError, smtplib.SMTPException):
            assert time.monotonic() < deadline, "it is never acknowledged"
            time.sleep(0.2)


def test_eml_2_killed_between_the_commit_and_the_acknowledgement_it_is_stored_once(stack):
    desk, port = stack.desk("globex"), embedded.free_port()
    channel = stack.office("globex", mail_office.channel_make, "once@globex.test", desk.queue)
    sender, raw = mail(1, "once@globex.test", answers=False)
    with listener(stack, port, dies=True):
        with pytest.raises((OSError, smtplib.SMTPException)), smtplib.SMTP("127.0.0.1", port, timeout=15) as client:
            client.sendmail(sender, ["once@globex.test"], raw)
        eventually(lambda: not stack.is_running("listener"))
    eventually(lambda: stack.office("globex", mail_office.look, channel)["counted"] == (1, 0, 1, 0), 30)
    with listener(stack, port):
        send(port, "once@globex.test", sender, raw)
    assert stack.office("globex", mail_office.look, channel) == {
        "counted": (1, 0, 1, 0),
        "states": {"new": 1},
        "mails": 1,
    }
    stack.office("globex", mail_office.queue_end, desk.queue)


def test_eml_2_hundreds_of_mails_and_everything_that_carries_them_dies(stack):
    stack.expect(*EXPECTED["postgres"], *EXPECTED["valkey"])
    desk, port, address = stack.desk(), embedded.free_port(), "storm@acme.test"
    channel = stack.office("acme", mail_office.channel_make, address, desk.queue)
    failures: list[BaseException] = []

    def work(first: int) -> None:
        try:
            for number in range(first, THREADS, SENDERS):
                for answers in (False, True):
                    send(port, address, *mail(number, address, answers=answers))
                time.sleep(0.3)
        except BaseException as failure:
            failures.append(failure)

    with listener(stack, port):
        workers = [threading.Thread(target=work, args=(first,)) for first in range(SENDERS)]
        for worker in workers:
            worker.start()
        argv = [sys.executable, "manage.py", "run_mail"]
        for victim in VICTIMS:
            time.sleep(1.0)
            stack.kill(victim)
            time.sleep(0.3)
            if victim == "listener":
                begin(stack, port, argv)
            else:
                stack.begin(victim)
        for worker in workers:
            worker.join(max(MAILS, 120))
        assert not failures, failures
        want = {
            "counted": (2 * THREADS, THREADS, THREADS, 0),
            "states": {"matched": THREADS, "new": THREADS},
            "mails": 2 * THREADS,
        }
        eventually(
            lambda: stack.office("acme", mail_office.look, channel)["counted"] == want["counted"], max(MAILS, 90)
        )
    assert stack.office("acme", mail_office.look, channel) == want
    said = stack.office("acme", mail_office.threads, channel)
    assert said == {f"Thread {n}": [f"first {n}", f"again {n}"] for n in range(THREADS)}
    stack.office("acme", mail_office.queue_end, desk.queue)


def test_eml_1_while_the_database_is_away_mail_stays_with_who_sends_it(stack):
    stack.expect(*EXPECTED["postgres"])
    desk, port, address = stack.desk(), embedded.free_port(), "away@acme.test"
    channel = stack.office("acme", mail_office.channel_make, address, desk.queue)
    sender, raw = mail(1, address, answers=False)
    with listener(stack, port):
        with smtplib.SMTP("127.0.0.1", port, timeout=40) as client:
            client.ehlo()
            client.mail(sender)
            assert client.rcpt(address)[0] == 250
            stack.kill("postgres")
            assert not stack.is_ready()
            code, _said = client.data(raw)
            assert code == 451
            client.mail(sender)
            assert client.rcpt(address)[0] == 451
        stack.begin("postgres")
        eventually(stack.is_ready, 10, "web does not find the database that is back")
        send(port, address, sender, raw)
    eventually(lambda: stack.office("acme", mail_office.look, channel)["counted"] == (1, 0, 1, 0), 40)
    stack.office("acme", mail_office.queue_end, desk.queue)
