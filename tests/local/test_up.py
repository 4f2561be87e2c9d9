"""`make up` on one machine: it ends with everything it started, however it ends, and keeps its data."""

import signal
import socket
import subprocess
import sys
from collections.abc import Callable

import psycopg
import pytest

from config.local import embedded
from config.local.state import ROOT
from tests.local.stack import Stack, eventually, kill, processes_in

pytestmark = pytest.mark.slow

KILLED = {
    "shield": lambda stack: [stack.shield],
    "worker": lambda stack: [stack.worker],
    "both": lambda stack: [stack.shield, stack.worker],
}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_everything(stack: Stack, number: signal.Signals) -> None:
    stack.start()
    assert stack.answers()
    client = stack.connect()  # must not keep PostgreSQL from stopping

    assert stack.end(number) == 0

    assert processes_in(stack.directory) == []
    with pytest.raises(psycopg.OperationalError):
        client.execute("select 1")


@pytest.mark.parametrize("who", ["shield", "worker"])
def test_kill_9_ends_everything_and_keeps_the_data(stack: Stack, who: str) -> None:
    stack.start()
    with stack.connect() as connection:
        connection.execute("create table kept as select 1 as id")

    for process in KILLED[who](stack):
        kill(process)
    assert eventually(lambda: processes_in(stack.directory) == [])

    stack.start()
    with stack.connect() as connection:
        assert connection.execute("select id from kept").fetchall() == [(1,)]
    assert stack.end(signal.SIGTERM) == 0


def test_kill_9_of_both_managers_ends_the_servers_and_frees_the_directory(stack: Stack) -> None:
    stack.procfile.write_text("web: python tests/local/forking_server.py\n")
    stack.start()
    stubborn = stack.child("forking_server").children(recursive=True)

    for process in KILLED["both"](stack):
        kill(process)

    # Nobody is left to kill what ignores SIGTERM in a grandchild; all that we start ourselves goes.
    assert eventually(lambda: all(process in stubborn for process in processes_in(stack.directory)))
    for process in stubborn:
        kill(process)
    stack.start()
    assert stack.end(signal.SIGTERM) == 0


def test_starts_at_once_after_kill_9(stack: Stack) -> None:
    stack.start()
    stack.shield.kill()
    stack.shield.wait()

    stack.start()

    assert stack.answers()


@pytest.mark.parametrize(
    ("victim", "name"), [("forking_server", "web"), ("bin/postgres", "postgres"), ("valkey", "valkey")]
)
def test_a_process_that_dies_is_named_and_started_again(stack: Stack, victim: str, name: str) -> None:
    stack.start()
    first = stack.child(victim)

    first.kill()

    said = f"parley: {name} ended by itself (signal SIGKILL): it is started again in 0.5 s."
    assert eventually(lambda: said in stack.text)
    assert eventually(lambda: stack.has_child(victim, other_than=first))
    assert eventually(stack.answers)
    assert eventually(stack.connects)
    assert stack.end(signal.SIGTERM) == 0
    assert processes_in(stack.directory) == []


def test_a_process_that_dies_again_and_again_ends_everything(stack: Stack) -> None:
    gate = stack.directory / "gate"
    stack.procfile.write_text(
        stack.procfile.read_text() + f"bad: sh -c 'while [ ! -e {gate} ]; do sleep 0.05; done; exit 3'\n"
    )
    stack.start()

    gate.touch()

    assert stack.process is not None
    assert stack.process.wait(40) == 1
    for pause in ("0.5", "1", "2", "4"):
        assert f"parley: bad ended by itself (exit code 3): it is started again in {pause} s." in stack.text
    assert "parley: bad ended by itself (exit code 3), 5 times within a minute." in stack.text
    assert processes_in(stack.directory) == []


@pytest.mark.parametrize("told", ["stop", "hurry"])
def test_a_database_gets_as_long_as_it_needs(stack: Stack, told: str) -> None:
    stack.start()
    database, everything = stack.child("bin/postgres"), stack.process
    assert everything is not None
    database.suspend()

    for _ in range(2 if told == "hurry" else 1):
        everything.send_signal(signal.SIGTERM)
        assert eventually(lambda: not stack.has_child("sleep 600"))

    assert eventually(lambda: "Waiting for postgres to stop (5 s)" in stack.text)
    database.resume()
    assert everything.wait(20) == 0
    assert "postgres did not stop in time" not in stack.text
    assert processes_in(stack.directory) == []
    assert min(seconds for _, seconds in embedded.POSTGRES_STOP.steps) >= 60


def test_kill_9_of_the_manager_gives_a_database_its_time_too(stack: Stack) -> None:
    stack.start()
    database = stack.child("bin/postgres")
    database.suspend()

    stack.worker.kill()

    said = f"parley: waiting for process {database.pid} to write down what it holds"
    assert eventually(lambda: said in stack.text)
    database.resume()
    assert eventually(lambda: processes_in(stack.directory) == [])
    assert "database system is shut down" in (stack.directory / "postgres.log").read_text()


def test_two_data_directories_side_by_side(make_stack: Callable[[str], Stack]) -> None:
    one, two = make_stack("one"), make_stack("two")
    one.launch()
    two.start()
    assert eventually(one.answers)

    assert one.end(signal.SIGTERM) == 0

    assert two.answers()
    assert processes_in(one.directory) == []


def test_a_second_start_in_one_data_directory_is_refused(stack: Stack) -> None:
    stack.start()
    first = stack.port
    stack.port += 1

    refused = stack.command(*stack.up_command())

    assert refused.returncode == 1
    assert f"Parley already runs with the data directory {stack.directory}" in refused.stderr
    assert refused.stdout == ""
    stack.port = first
    assert stack.answers()


def test_a_busy_port_is_refused(stack: Stack) -> None:
    with socket.create_server(("127.0.0.1", stack.port)):
        refused = stack.command(*stack.up_command())

    assert refused.returncode == 1
    assert (
        refused.stderr
        == f"parley: Port {stack.port} is in use: choose another one, for instance make up PORT={stack.port + 1}.\n"
    )


def test_ends_with_the_process_that_called_it(stack: Stack) -> None:
    argv = [sys.executable, "-m", "config.local", "--with-parent", *stack.up_command()]
    caller = f"import subprocess; subprocess.run({argv})"
    with stack.output.open("w") as output:
        process = subprocess.Popen([sys.executable, "-c", caller], cwd=ROOT, env=stack.environment, stdout=output)
    assert eventually(lambda: "Parley is ready" in stack.text)

    process.kill()
    process.wait()

    assert eventually(lambda: processes_in(stack.directory) == [])


def test_outside_servers_are_used_instead(make_stack: Callable[[str], Stack], monkeypatch: pytest.MonkeyPatch) -> None:
    stack = make_stack("outside")
    stack.procfile.write_text("web: python tests/local/forking_server.py\nurl: sh -c 'echo $DATABASE_URL; sleep 600'\n")
    environment = stack.environment | {"DATABASE_URL": "postgresql://elsewhere/db"}
    monkeypatch.setattr(Stack, "environment", environment)

    stack.start()

    assert "url      | postgresql://elsewhere/db" in stack.text
    names = {process.name() for process in stack.worker.children()}
    assert "valkey-server" in names
    assert "postgres" not in names


LISTENING = "app: sh -c 'sleep 0.5; echo Mail is taken in on 127.0.0.1:${MAIL_PORT:-4025}; exec sleep 600'\n"


def test_it_is_ready_when_mail_is_taken_in_and_says_where(stack: Stack) -> None:
    stack.procfile.write_text(stack.procfile.read_text() + LISTENING)

    stack.start()

    assert "app      | Mail is taken in on 127.0.0.1:4025" in stack.text
    assert "support@acme.test, support@globex.test   by SMTP at 127.0.0.1:4025" in stack.text
    assert f"http://acme.localhost:{stack.port}/demo/mail/" in stack.text
    assert stack.end(signal.SIGTERM) == 0
    assert processes_in(stack.directory) == []


def test_mail_that_is_started_again_is_taken_in_where_it_was(stack: Stack) -> None:
    # Without MAIL_PORT it chooses another port with every start, as its number does here.
    port = "os.environ.get('MAIL_PORT', os.getpid())"
    listens = f"import os, time; print('Mail is taken in on 127.0.0.1', {port}, sep=':'); time.sleep(601)"
    stack.procfile.write_text(f'{stack.procfile.read_text()}app: python -c "{listens}"\n')
    stack.start()
    first = stack.child("sleep(601)")

    first.kill()

    assert eventually(lambda: stack.text.count(f"app      | Mail is taken in on 127.0.0.1:{first.pid}\n") == 2)


def test_a_busy_port_for_mail_is_refused(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(Stack, "environment", stack.environment | {"MAIL_PORT": str(port)})
        refused = stack.command(*stack.up_command())

    assert refused.returncode == 1
    assert refused.stderr == f"parley: Port {port} is in use: choose another MAIL_PORT, or none for a free one.\n"
