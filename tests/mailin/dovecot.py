"""A real Dovecot on free ports, with a mailbox for each user name that signs in."""

import grp
import imaplib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from config.local import embedded, tether
from config.local.state import ROOT

PASSWORD = "secret"
CONFIG = """
protocols = imap
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
mail_location = maildir:~/Maildir
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0
first_valid_uid = 1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
imap_capability = {capability}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/homes/%u
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  process_min_avail = 1
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service stats {{
  chroot =
}}
"""


def binary() -> str | None:
    """Where Dovecot is, installed if it can be; none where it can't."""
    found = subprocess.run([str(ROOT / "scripts/dovecot.sh")], capture_output=True, text=True, check=False)
    return found.stdout.strip() or None


class Dovecot:
    """A running server.

    Attributes:
        port: where it listens.
    """

    def __init__(self, path: str, folder: Path, *, capability: str = "") -> None:
        self._path, self.folder, self._capability = path, folder, capability
        self.port = embedded.free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, on the port that it had; waits until it answers."""
        user = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        (self.folder / "homes").mkdir(exist_ok=True)
        for each in (self.folder, self.folder / "homes"):
            os.chown(each, user.pw_uid, user.pw_gid)
            each.chmod(0o755)
        config = self.folder / "dovecot.conf"
        facts = {"user": user.pw_name, "group": grp.getgrgid(user.pw_gid).gr_name, "uid": user.pw_uid}
        config.write_text(
            CONFIG.format(
                folder=self.folder,
                gid=user.pw_gid,
                port=self.port,
                password=PASSWORD,
                capability=self._capability,
                **facts,
            )
        )
        argv = [self._path, "-F", "-c", str(config)]
        self._process = subprocess.Popen(argv, preexec_fn=tether.tied(signal.SIGTERM), start_new_session=True)
        deadline = time.monotonic() + 20
        while not self._answers():
            assert time.monotonic() < deadline, (self.folder / "log").read_text()
            time.sleep(0.02)

    def stop(self) -> None:
        """End it, with all its connections."""
        if self._process is not None:
            # By itself it would wait for its clients. The master first: it would begin others in their place.
            every = [*psutil.Process(self._process.pid).children(recursive=True)]
            self._process.kill()
            for each in every:
                with suppress(psutil.NoSuchProcess):
                    each.kill()
            psutil.wait_procs(every, 10)
            self._process.wait(10)
            self._process = None

    def _answers(self) -> bool:
        with suppress(OSError, imaplib.IMAP4.error), imaplib.IMAP4("127.0.0.1", self.port, timeout=5):
            return True
        return False

    @contextmanager
    def open(self, user: str, folder: str = "INBOX") -> Iterator[imaplib.IMAP4]:
        """A connection of the tests' own."""
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        client.login(user, PASSWORD)
        client.create(folder)
        client.select(folder)
        try:
            yield client
        finally:
            with suppress(OSError, imaplib.IMAP4.error):
                client.logout()

    def deliver(self, user: str, *mails: bytes, folder: str = "INBOX", at: str | None = None) -> None:
        """Put mails into a mailbox."""
        with self.open(user, folder) as client:
            for raw in mails:
                assert client.append(folder, "", at or "", raw)[0] == "OK"

    def flags(self, user: str, folder: str = "INBOX") -> list[str]:
        """The flags of each mail that is there, in order."""
        with self.open(user, folder) as client:
            found = client.uid("FETCH", "1:*", "(FLAGS)")[1]
            return [
                each.decode().partition("FLAGS (")[2].partition(")")[0].replace("\\Recent", "").strip()
                for each in found
                if isinstance(each, bytes)
            ]


@contextmanager
def dovecot(path: str, *, capability: str = "") -> Iterator[Dovecot]:
    """A server for the length of some tests; its folder is one that everybody can get at."""
    folder = Path(tempfile.mkdtemp(prefix="parley-dovecot-"))
    server = Dovecot(path, folder, capability=capability)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
