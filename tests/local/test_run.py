"""`run` gives a command the servers and passes its exit code on."""

import signal
import subprocess
import sys
import time

import pytest

from config.local.state import ROOT
from tests.local.stack import Stack, eventually, processes_in

pytestmark = pytest.mark.slow

ASK = "import os, psycopg; print(psycopg.connect(os.environ['DATABASE_URL']).execute('show fsync').fetchone()[0])"


def test_passes_servers_and_exit_code(stack: Stack) -> None:
    done = stack.command("run", "--for-tests", "--", sys.executable, "-c", f"{ASK}; raise SystemExit(7)")

    assert (done.stdout, done.stderr, done.returncode) == ("off\n", "", 7)
    assert processes_in(stack.directory / "test") == []


def test_uses_running_servers_and_leaves_them_running(stack: Stack) -> None:
    stack.start()

    done = stack.command("run", "--", sys.executable, "-c", ASK)

    assert (done.stdout, done.returncode) == ("on\n", 0)
    assert stack.answers()


def test_servers_stay_until_the_last_command_that_uses_them_ends(stack: Stack) -> None:
    first = _run(stack, "import time; time.sleep(2)")
    assert eventually(lambda: (stack.directory / "test" / "state.json").exists())
    second = _run(stack, f"import time; time.sleep(3); {ASK}")

    assert (first.wait(20), second.wait(20)) == (0, 0)


def test_a_missing_command_is_one_sentence(stack: Stack) -> None:
    done = stack.command("run", "--for-tests", "--", "no-such-command")

    assert done.returncode == 1
    assert "no-such-command could not be started" in done.stdout


def test_sigterm_ends_the_command_and_the_servers(stack: Stack) -> None:
    process = _run(stack, "import time; print('here', flush=True); time.sleep(60)")
    assert process.stdout is not None
    assert process.stdout.readline() == b"here\n"

    began = time.monotonic()
    process.send_signal(signal.SIGTERM)

    assert process.wait(15) == 143
    assert time.monotonic() - began < 5
    assert processes_in(stack.directory / "test") == []


def _run(stack: Stack, code: str) -> subprocess.Popen[bytes]:
    argv = [sys.executable, "-m", "config.local", "run", "--for-tests", "--", sys.executable, "-c", code]
    return subprocess.Popen(argv, cwd=ROOT, env=stack.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
