"""Commands of an installation on one machine: `python -m config.local up|servers|run|clean`."""

import argparse
import http.client
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from config.local import embedded, lock, state, tether
from config.local.processes import Manager, StopRequested
from config.local.procfile import read_procfile
from config.local.programs import Program, Stop, describe_exit
from config.local.state import ROOT, LocalError

HEALTH_SECONDS = 90.0
REUSE_SECONDS = 90.0

BANNER = """
Parley is ready after {seconds:.1f} s. Ctrl+C stops it.

  Console        http://acme.localhost:{port}/console/
                 http://globex.localhost:{port}/console/
  Customer site  http://acme.localhost:{port}/demo/
                 http://globex.localhost:{port}/demo/
  Tenant admin   http://acme.localhost:{port}/admin/
  Operators      http://localhost:{port}/admin/
{mail}
  Sign in as     owner@ admin@ supervisor@ agent1@ ... agent6@   + acme.test or globex.test
  Operator       operator@parley.test
  Password       parley-demo (all of them)
"""


MAIL_BANNER = """
  Mail to        support@acme.test, support@globex.test   by SMTP at {announced}
  Mail sent      http://acme.localhost:{port}/demo/mail/
                 http://globex.localhost:{port}/demo/mail/
"""
ANNOUNCES = {"app": (b"Mail is taken in on ", "MAIL_PORT")}
"""How lines of the Procfile say where they listen, when nobody has told them, and which variable tells them."""
STOP = Stop(((signal.SIGTERM, 8.0),))
"""For a line of the Procfile: it may have processes of its own to stop, which get their time."""


@dataclass(frozen=True)
class Options:
    """What the command line and the environment ask for."""

    directory: Path
    for_tests: bool = False
    procfile: Path = ROOT / "Procfile"
    setup: bool = True
    binaries: bool = False
    command: tuple[str, ...] = ()


def managed(work: Callable[[Manager], int]) -> int:
    """Run `work` with a manager; whatever happens, stop all that it has started. Returns an exit code."""
    manager = Manager()
    try:
        return work(manager)
    except StopRequested:
        return 0
    except LocalError as error:
        manager.say(f"parley: {error}")
        return 1
    finally:
        manager.stop_all()


def start_servers(manager: Manager, options: Options, lock_descriptor: int) -> dict[str, str]:
    """Start those of the two servers that the environment doesn't name; return an environment that names both.

    Raises LocalError when one doesn't start, StopRequested when we were told to stop.
    """
    known = state.read_state(options.directory)
    found: dict[str, object] = {}
    if not os.environ.get("DATABASE_URL"):
        postgres = embedded.Postgres(options.directory, for_tests=options.for_tests, lock=lock_descriptor)
        postgres.start(manager, known.get("postgres_port"))
        found |= {"database_url": postgres.url, "postgres_port": postgres.port}
    if not os.environ.get("REDIS_URL"):
        valkey = embedded.Valkey(options.directory, lock=lock_descriptor)
        valkey.start(manager, known.get("valkey_port"))
        found |= {"redis_url": valkey.url, "valkey_port": valkey.port}
    state.write_state(options.directory, found | {"pid": os.getppid()})
    return environment(options.directory, found)


def environment(directory: Path, found: dict[str, object]) -> dict[str, str]:
    """Return the environment of our processes: ours, with the servers and the interpreter that we use."""
    bin_directory = Path(sys.executable).parent
    return os.environ | {
        "DATABASE_URL": os.environ.get("DATABASE_URL") or str(found["database_url"]),
        "REDIS_URL": os.environ.get("REDIS_URL") or str(found["redis_url"]),
        "PARLEY_DATA_DIR": str(directory),
        "PATH": f"{bin_directory}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PYTHONUNBUFFERED": "1",
    }


# up


def port_from_environment(name: str) -> int | None:
    """Return the port that a variable names, None when it isn't set.

    Raises LocalError when it isn't a port.
    """
    text = os.environ.get(name, "").strip()
    if not text:
        return None
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise LocalError(f"{name} has to be a number from 1 to 65535, not “{text}”.")
    return int(text)


def check_ports(host: str) -> int:
    """Return the port to serve on.

    Raises LocalError when it, or the one that mail is to come in by, is in use.
    """
    port = port_from_environment("PORT") or 8000
    if not embedded.is_free(host, port):
        raise LocalError(f"Port {port} is in use: choose another one, for instance make up PORT={port + 1}.")
    mail = port_from_environment("MAIL_PORT")
    if mail and not embedded.is_free(os.environ.get("MAIL_HOST") or "127.0.0.1", mail):
        raise LocalError(f"Port {mail} is in use: choose another MAIL_PORT, or none for a free one.")
    return port


def up(options: Options) -> int:
    """Start everything and stay in the foreground until told to stop."""
    started = time.monotonic()
    host = os.environ.get("HOST") or "127.0.0.1"
    lock_descriptor = lock.take(options.directory)
    port = check_ports(host)

    def work(manager: Manager) -> int:
        manager.say("Starting the database and the broker")
        env = start_servers(manager, options, lock_descriptor)
        env |= {"PORT": str(port)}
        if options.setup:
            prepare(manager, env)
        manager.say("Starting the processes")
        for name, argv in read_procfile(options.procfile, env):
            announces, variable = ANNOUNCES.get(name, (b"", ""))
            manager.start(Program(name, argv, env, stop=STOP, announces=announces, port_variable=variable))
        wait_until_healthy(manager, host, port)
        manager.say(_banner(manager, port, time.monotonic() - started))
        manager.watch()
        manager.say("Stopping")
        return 0

    return tether.shielded(lambda: managed(work), interrupt=signal.SIGTERM)


def _banner(manager: Manager, port: int, seconds: float) -> str:
    listeners = [child.announced for child in manager.children if child.program.announces]
    mail = "".join(MAIL_BANNER.format(announced=each, port=port) for each in listeners)
    return BANNER.format(port=port, seconds=seconds, mail=mail)


def prepare(manager: Manager, env: dict[str, str]) -> None:
    """Bring the schemas and the demo data up to date.

    Raises LocalError when that fails, StopRequested when we were told to stop.
    """
    manager.say("Migrating the schemas and refreshing the demo data")
    argv = [sys.executable, "manage.py", "demo_seed"]
    manager.run_step(Program("demo_seed", argv, env, keep_output=True))


def wait_until_healthy(manager: Manager, host: str, port: int) -> None:
    """Wait until the web process answers, and those that announce themselves have done so.

    Raises LocalError when one doesn't, or a process ends; StopRequested when we were told to stop.
    """
    address = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - read, not bound
    manager.wait_until(lambda: _is_healthy(address, port), HEALTH_SECONDS, "The first answer of /healthz", pause=0.1)
    waiting = [child for child in manager.children if child.program.announces]
    manager.wait_until(lambda: all(child.announced for child in waiting), HEALTH_SECONDS, "The start of mail", 0.1)


def _is_healthy(address: str, port: int) -> bool:
    connection = http.client.HTTPConnection(address, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


# servers


def servers(options: Options) -> int:
    """Run the two servers alone, for those who run manage.py by hand."""
    lock_descriptor = lock.take(options.directory)

    def work(manager: Manager) -> int:
        env = start_servers(manager, options, lock_descriptor)
        manager.say(f"DATABASE_URL={env['DATABASE_URL']}\nREDIS_URL={env['REDIS_URL']}")
        manager.say("manage.py finds these by itself. Ctrl+C stops them.")
        manager.watch()
        manager.say("Stopping")
        return 0

    return tether.shielded(lambda: managed(work), interrupt=signal.SIGTERM)


# run


def run(options: Options) -> int:
    """Run a command with the servers up, those of a running Parley if there is one; return its exit code."""
    try:
        lock_descriptor = lock.take(options.directory)
    except lock.AlreadyRunningError as running:
        lock.share(options.directory)  # held until we end
        env = _environment_of(options.directory, running.pid)
        return _shielded_run(lambda manager: run_command(manager, options.command, env))

    def work(manager: Manager) -> int:
        env = start_servers(manager, options, lock_descriptor)
        code = run_command(manager, options.command, env)
        while lock.is_shared(options.directory) and not manager.stop_requested:
            manager.pump(0.2)
        return code

    return _shielded_run(work)


def _shielded_run(work: Callable[[Manager], int]) -> int:
    # At a terminal, Ctrl+C reaches the command by itself, once: what it means is the command's business.
    interrupt = None if sys.stdin and sys.stdin.isatty() else signal.SIGINT
    return tether.shielded(lambda: managed(work), interrupt=interrupt)


def run_command(manager: Manager, command: tuple[str, ...], env: dict[str, str]) -> int:
    """Run a command in the foreground and return its exit code as a shell would give it.

    Raises LocalError when it can't be started or a server ends meanwhile.
    """
    manager.interrupt = lambda: None
    stop = Stop(((signal.SIGTERM, 10.0),))
    child = manager.start(Program(command[0], command, env, stop=stop, cwd=Path.cwd(), foreground=True))
    if not sys.stdin or not sys.stdin.isatty():
        manager.interrupt = lambda: child.signal(signal.SIGINT)
    while child.returncode is None and not manager.stop_requested:
        manager.pump(None)
        if any(other.returncode is not None for other in manager.children if other is not child):
            manager.raise_for_ended()
    if child.returncode is None:
        return 128 + signal.SIGTERM
    manager.children.remove(child)
    if child.returncode < 0:
        manager.say(f"parley: {command[0]} ended with {describe_exit(child.returncode)}")
    return child.returncode if child.returncode >= 0 else 128 - child.returncode


def _environment_of(directory: Path, pid: int) -> dict[str, str]:
    """Return the environment for servers that another process has started, once they answer.

    Raises LocalError when that takes too long.
    """
    deadline = time.monotonic() + REUSE_SECONDS
    while (found := state.read_state(directory)).get("pid") != pid:
        if time.monotonic() > deadline or not tether.is_alive(pid):
            raise LocalError(f"Process {pid} holds {directory} but its servers didn't start.")
        time.sleep(0.1)
    for variable, key in (("DATABASE_URL", "database_url"), ("REDIS_URL", "redis_url")):
        if not os.environ.get(variable) and key not in found:
            raise LocalError(f"Process {pid} uses a server of its own: set {variable} to use it too.")
    return environment(directory, found)


# clean


def clean(options: Options) -> int:
    """Remove the data directory and what the servers keep elsewhere for it."""
    for directory in (options.directory / "test", options.directory):
        if directory.exists():
            os.close(lock.take(directory))
            shutil.rmtree(embedded.fallback_home(directory), ignore_errors=True)
            shutil.rmtree(directory)
    if options.binaries:
        embedded.remove_binaries()
    return 0


COMMANDS: dict[str, Callable[[Options], int]] = {"up": up, "servers": servers, "run": run, "clean": clean}


def parse(arguments: list[str]) -> tuple[argparse.Namespace, Options]:
    """Read the command line; prints its errors and exits as argparse does."""
    parser = argparse.ArgumentParser(prog="python -m config.local", description=__doc__)
    parser.add_argument("--with-parent", action="store_true", help="stop when the calling process dies")
    commands = parser.add_subparsers(dest="command", required=True)
    start = commands.add_parser("up", help=up.__doc__)
    start.add_argument("--procfile", type=Path, default=ROOT / "Procfile")
    start.add_argument("--no-setup", dest="setup", action="store_false", help="neither migrate nor seed")
    for function in (servers, run):
        command = commands.add_parser(function.__name__, help=function.__doc__)
        command.add_argument("--for-tests", action="store_true", help="fast servers with data that may get lost")
    command.add_argument("argv", nargs="+", metavar="CMD")
    remove = commands.add_parser("clean", help=clean.__doc__)
    remove.add_argument(
        "--binaries", action="store_true", help="and the copy of the servers' binaries, if there is one"
    )
    chosen = parser.parse_args(arguments)
    for_tests = getattr(chosen, "for_tests", False)
    directory = state.data_dir() / "test" if for_tests else state.data_dir()
    return chosen, Options(
        directory=directory,
        for_tests=for_tests,
        procfile=getattr(chosen, "procfile", ROOT / "Procfile"),
        setup=getattr(chosen, "setup", True),
        binaries=getattr(chosen, "binaries", False),
        command=tuple(getattr(chosen, "argv", ())),
    )


def main() -> int:
    """Run a command; a LocalError becomes one sentence and exit code 1."""
    chosen, options = parse(sys.argv[1:])
    if chosen.with_parent:
        tether.tie_to(os.getppid(), signal.SIGTERM)
    try:
        return COMMANDS[chosen.command](options)
    except LocalError as error:
        print(f"parley: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
